"""Schedules in ARM templates (which Bicep compiles to), with their expressions evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, PathPart, error, warning
from pytest_mlschedule.schedules.arm_expressions import STUB, Scope, Unknown
from pytest_mlschedule.schedules.rest_fields import check_depth

Path = tuple[PathPart, ...]
Resource = tuple[Path, Mapping[str, Any]]

_SCHEDULES = "microsoft.machinelearningservices/workspaces/schedules"
_DEPLOYMENTS = "microsoft.resources/deployments"
_ACTION: Path = ("properties", "action")
# Without these nobody can say what would run, or when.
_NEEDED: tuple[Path, ...] = (
    ("properties",),
    _ACTION,
    (*_ACTION, "actionType"),
    (*_ACTION, "jobDefinition"),
    (*_ACTION, "jobDefinition", "jobType"),
)
_NEEDED_BELOW: tuple[Path, ...] = (("properties", "trigger"), ("properties", "isEnabled"))


def find_schedule_resources(template: Mapping[str, Any]) -> tuple[list[Resource], list[Diagnostic]]:
    """Every schedule of a template: its path, and the resource with its expressions evaluated.

    Finds them as resources (a list, or by symbolic name), as children of a workspace, in nested deployments, and in copy
    loops. Parameters have their default values, or those that a nested deployment gives. What only a deployment knows
    stays as text where it is a mere reference (MLS014, a warning); in a name or a trigger it is an error (MLS013), and the
    resource is left out. Fields of the diagnostics count from the template. Resources with a false condition, or marked as
    existing, do not count.
    """
    found = check_depth(template)
    if found:
        return [], found
    resources: list[Resource] = []
    for path, resource, scope in _walk(template, Scope(template), (), "", found):
        evaluated, problems = _evaluate(resource, scope)
        found += [item.under(*path) for item in problems]
        if evaluated is not None:
            resources.append((path, evaluated))
    return resources, found


Place = tuple[Path, Mapping[str, Any], Scope]


def _walk(outer: Mapping[str, Any], scope: Scope, path: Path, parent: str, found: list[Diagnostic]) -> Iterator[Place]:
    """The schedules below a template or a resource, each turn of a loop on its own; ``parent`` is the type around them."""
    resources = outer.get("resources")
    items: list[tuple[PathPart, Any]] = []
    if isinstance(resources, Mapping):
        items = [(str(key), item) for key, item in resources.items()]
    elif isinstance(resources, list):
        items = list(enumerate(resources))
    for key, item in items:
        if isinstance(item, Mapping) and item.get("existing") is not True:
            yield from _walk_copies(item, scope, (*path, "resources", key), parent, found)


def _walk_copies(
    resource: Mapping[str, Any], scope: Scope, path: Path, parent: str, found: list[Diagnostic]
) -> Iterator[Place]:
    copy = resource.get("copy")
    scopes: list[Scope] | Unknown = scope.resource_turns(copy) if isinstance(copy, Mapping) else [scope]
    kind = f"{parent}{resource.get('type')}".lower()
    if isinstance(scopes, Unknown):
        if kind == _SCHEDULES:
            found.append(_problem(scopes, (*path, "copy", "count")))
        return
    for turn in scopes:
        if turn.resolve(resource.get("condition", True)) is False:
            continue
        if kind == _SCHEDULES:
            yield path, resource, turn
        elif kind == _DEPLOYMENTS:
            yield from _walk_deployment(resource, turn, path, found)
        else:
            yield from _walk(resource, turn, path, f"{kind}/", found)


def _walk_deployment(resource: Mapping[str, Any], scope: Scope, path: Path, found: list[Diagnostic]) -> Iterator[Place]:
    properties = resource.get("properties")
    template = properties.get("template") if isinstance(properties, Mapping) else None
    if not isinstance(properties, Mapping) or not isinstance(template, Mapping):
        return
    options = properties.get("expressionEvaluationOptions")
    inner = scope
    if isinstance(options, Mapping) and str(options.get("scope")).lower() == "inner":
        inner = Scope(template, _given(properties.get("parameters"), scope), spent=scope.spent)
    yield from _walk(template, inner, (*path, "properties", "template"), "", found)


def _given(parameters: Any, scope: Scope) -> dict[str, Any]:
    """Values that a nested deployment gives; a secret of a key vault is not known."""
    if not isinstance(parameters, Mapping):
        return {}
    values: dict[str, Any] = {}
    for name, item in parameters.items():
        if isinstance(item, Mapping) and "value" in item:
            values[str(name)] = scope.resolve(item["value"])
        else:
            values[str(name)] = Unknown("", f"the parameter {name!r} is read when the template is deployed")
    return values


def _evaluate(resource: Mapping[str, Any], scope: Scope) -> tuple[dict[str, Any] | None, list[Diagnostic]]:
    """The resource evaluated, None when something that it needs is not known; fields count from the resource."""
    found: list[Diagnostic] = []
    name = scope.resolve(resource.get("name"))
    if isinstance(name, Unknown):
        # The name of a child resource is the part behind the last slash: the workspace's may be unknown.
        last = _known_end(name, scope)
        if last is None:
            found.append(_problem(name, ("name",)))
        name = last
    kept = {key: item for key, item in resource.items() if key in ("type", "apiVersion", "properties")}
    evaluated = _settle(scope.resolve(kept), (), scope, found)
    if any(item.severity.rank == 2 for item in found):
        return None, found
    return {"name": name, **evaluated}, found


def _settle(value: Any, path: Path, scope: Scope, found: list[Diagnostic]) -> Any:
    """The value with its text in place of everything unknown, and a problem where that matters."""
    if isinstance(value, Mapping):
        return {key: _settle(item, (*path, key), scope, found) for key, item in value.items()}
    if isinstance(value, list):
        return [_settle(item, (*path, index), scope, found) for index, item in enumerate(value)]
    if not isinstance(value, Unknown):
        return value
    if path in _NEEDED or path[:2] in _NEEDED_BELOW:
        found.append(_problem(value, path))
        return value.text
    reference = _known_end(value, scope)
    if reference is None and path[:2] == _ACTION:
        text = f"{_short(value.text)} cannot be evaluated and stays as text: {value.reason}"
        found.append(warning("MLS014", text, value.hint, path))
    return value.text if reference is None else reference


def _known_end(unknown: Unknown, scope: Scope) -> str | None:
    """A path (a name, an id) whose last part is known, with ``{unknown}`` for others; None for anything else."""
    text = scope.stubbed().resolve(unknown.text)
    if not isinstance(text, str) or "/" not in text or STUB in text.rsplit("/", 1)[-1]:
        return None
    return text.replace(STUB, "{unknown}")


def _problem(unknown: Unknown, path: Path) -> Diagnostic:
    return error("MLS013", f"{_short(unknown.text)} cannot be evaluated: {unknown.reason}", unknown.hint, path)


def _short(text: str) -> str:
    if not text:
        return "the value"
    return text if len(text) <= 100 else f"{text[:100]}…"
