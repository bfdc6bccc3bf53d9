"""Evaluating the expressions of an ARM template as far as a template alone tells; the rest becomes Unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any

from pytest_mlschedule.schedules.arm_functions import FUNCTIONS, LARGEST, ArmValueError
from pytest_mlschedule.schedules.arm_syntax import Access, ArmSyntaxError, Call, is_expression, parse_expression
from pytest_mlschedule.schedules.rest_fields import DEPTH_LIMIT

COPY_LIMIT = 800
"""The most turns of a loop that Resource Manager takes."""
STUB = "\x00"
"""Stands for what is not known inside a name, where only the part behind the last slash matters."""

# Parts (of 16 characters, for texts) that all expressions of a template may make, and steps into one another.
_BUDGET = 300_000
_DEEPEST = 100
_TURN = 20
_MATCHING_ARGUMENTS = (TypeError, ValueError, LookupError, ArithmeticError)
# Known only to a deployment. list* (keys, secrets) are added by prefix.
_DEPLOYED = {
    "deployment", "environment", "guid", "managementgroup", "newguid", "pickzones", "reference", "resourcegroup",
    "subscription", "tenant", "uniquestring", "utcnow",
}  # fmt: skip
_RESOURCE_IDS = {"resourceid", "subscriptionresourceid", "tenantresourceid", "extensionresourceid"}
# These take unknown values as they are, and put them where they belong.
_STRUCTURES = {"createarray", "createobject", "union", "array"}
_EVALUATE = "give it a defaultValue, or write the value itself"


@dataclass(frozen=True, slots=True)
class Unknown:
    """What cannot be evaluated: the text as it stands, why, and the way out."""

    text: str
    reason: str
    hint: str = _EVALUATE


_TOO_MUCH = Unknown("", "the template makes too much data", "check the template")
_TOO_DEEP = Unknown("", "it goes through too many others", "check the template")


@dataclass
class _Spent:
    size: int = 0
    depth: int = 0


@dataclass(frozen=True)
class Scope:
    """What expressions of one template can refer to. ``given``: values of parameters; ``loops``: turns by the name of the loop.

    ``stub``: what is not known becomes STUB instead of Unknown. ``known``: values of parameters and variables met before.
    """

    template: Mapping[str, Any]
    given: Mapping[str, Any] = field(default_factory=dict)
    loops: Mapping[str, int] = field(default_factory=dict)
    stub: bool = False
    spent: _Spent = field(default_factory=_Spent)
    known: dict[tuple[str, str], Any] = field(default_factory=dict)

    def stubbed(self) -> Scope:
        """The scope for the part of a name that is known."""
        return replace(self, stub=True, known={})

    def resolve(self, value: Any) -> Any:
        """A copy of a JSON value with its expressions evaluated; Unknown stands where that is not possible."""
        return self._going_deeper(self._resolve, value)

    def _resolve(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._resolve_text(value)
        if isinstance(value, Mapping):
            return self._resolve_object(value)
        return [self.resolve(item) for item in value] if isinstance(value, list) else value

    def _going_deeper(self, work: Callable[[Any], Any], value: Any) -> Any:
        """The result of a recursive step, or Unknown where a template goes too deep or makes too much of little."""
        if self.spent.size > _BUDGET:
            return self._unknown(_TOO_MUCH)
        if self.spent.depth >= _DEEPEST:
            return self._unknown(_TOO_DEEP)
        self.spent.depth += 1
        try:
            result = work(value)
        finally:
            self.spent.depth -= 1
        self.spent.size += 1
        return self._unknown(result) if isinstance(result, Unknown) else result

    def _resolve_text(self, text: str) -> Any:
        if not is_expression(text):
            return text[1:] if text.startswith("[[") else text
        try:
            tree = parse_expression(text)
        except ArmSyntaxError as reason:
            return self._unknown(Unknown(text, f"it {reason}", "check the expression"))
        value = self._evaluate(tree)
        # The text of the place that asks, not of a variable behind it.
        return self._unknown(replace(value, text=text)) if isinstance(value, Unknown) else value

    def _resolve_object(self, value: Mapping[str, Any]) -> dict[str, Any]:
        result = {key: self.resolve(item) for key, item in value.items() if key != "copy"}
        loops = value.get("copy")
        if isinstance(loops, list):
            for loop in loops:
                if isinstance(loop, Mapping) and isinstance(loop.get("name"), str):
                    result[loop["name"]] = self._resolve_loop(loop)
        elif "copy" in value:
            result["copy"] = self.resolve(loops)
        return result

    def _resolve_loop(self, loop: Mapping[str, Any]) -> Any:
        """``copy`` of a property or variable: an array of its input, once a turn."""
        scopes = self.turns(loop)
        return scopes if isinstance(scopes, Unknown) else [scope.resolve(loop.get("input")) for scope in scopes]

    def turns(self, loop: Mapping[str, Any]) -> list[Scope] | Unknown:
        """The scopes of the turns of a ``copy``."""
        count = self.resolve(loop.get("count"))  # Unknown, too, once the budget is spent
        if isinstance(count, Unknown):
            return count
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= COPY_LIMIT:
            return Unknown(
                str(loop.get("count"))[:60], f"a loop takes 0 to {COPY_LIMIT} turns", "check the count of copy"
            )
        self.spent.size += count * _TURN
        name = str(loop.get("name")).lower()
        return [replace(self, loops={**self.loops, name: turn}) for turn in range(count)]

    def resource_turns(self, loop: Mapping[str, Any]) -> list[Scope] | Unknown:
        """The scopes of the turns of a resource, where ``copyIndex()`` needs no name."""
        scopes = self.turns(loop)
        if isinstance(scopes, Unknown):
            return scopes
        return [replace(scope, loops={**scope.loops, "": turn}) for turn, scope in enumerate(scopes)]

    def _unknown(self, unknown: Unknown) -> Any:
        return STUB if self.stub else unknown

    def _evaluate(self, tree: Any) -> Any:
        value = self._going_deeper(self._evaluate_tree, tree)
        if self.spent.size <= _BUDGET:
            self.spent.size += _size(value)
        return value if self.spent.size <= _BUDGET else self._unknown(_TOO_MUCH)

    def _evaluate_tree(self, tree: Any) -> Any:
        if isinstance(tree, Access):
            return self._access(tree)
        if not isinstance(tree, Call):
            return tree
        special = _SPECIAL.get(tree.key)
        if special is not None:
            return special(self, tree)
        if tree.key in _RESOURCE_IDS:
            return self._apply(tree, lambda *values: _resource_id(tree.key, values))
        if tree.key in _DEPLOYED or tree.key.startswith("list"):
            return Unknown(
                "",
                f"{tree.name}() is known only when the template is deployed",
                "make it a parameter with a defaultValue",
            )
        function = FUNCTIONS.get(tree.key)
        if function is None:
            return Unknown("", f"the function {tree.name}() is not known here", "write the value itself")
        return self._apply(tree, function)

    def _apply(self, call: Call, function: Callable[..., Any]) -> Any:
        values = [self._evaluate(argument) for argument in call.arguments]
        unknown = next((value for value in values if isinstance(value, Unknown)), None)
        if unknown is not None and call.key not in _STRUCTURES:
            return unknown
        try:
            value = function(*values)
        except ArmValueError as reason:
            return Unknown("", f"{call.name}() {reason}", "check the expression")
        except _MATCHING_ARGUMENTS:
            return Unknown("", f"{call.name}() does not take these arguments", "check the expression")
        return value

    def _access(self, tree: Access) -> Any:
        of, key = self._evaluate(tree.of), self._evaluate(tree.key)
        if isinstance(of, Unknown) or isinstance(key, Unknown):
            return of if isinstance(of, Unknown) else key
        if isinstance(of, Mapping) and isinstance(key, str):
            name = _find(of, key)
            if name is not None:
                return of[name]
        elif isinstance(of, list) and isinstance(key, int) and 0 <= key < len(of):
            return of[key]
        return Unknown("", f"there is no {str(key)[:60]!r} in the value it looks into", "check the expression")

    def parameter(self, call: Call) -> Any:
        """``parameters('x')``: the value given, else the default."""
        name = self._one_text(call)
        if isinstance(name, Unknown):
            return name
        given = _find(self.given, name)
        if given is not None:
            return self.given[given]
        declared = self._declared("parameters", name)
        if not isinstance(declared, Mapping):
            return Unknown("", f"there is no parameter {name[:60]!r}", "declare it with a defaultValue")
        if "defaultValue" not in declared:
            hint = f"give the parameter {name!r} a defaultValue"
            return Unknown("", f"the parameter {name!r} has no default value", hint)
        return self._remember("parameters", name, lambda scope: scope.resolve(declared["defaultValue"]))

    def variable(self, call: Call) -> Any:
        """``variables('x')``, also one made by ``copy``."""
        name = self._one_text(call)
        if isinstance(name, Unknown):
            return name
        declared = self._declared("variables", name)
        if declared is not None:
            return self._remember("variables", name, lambda scope: scope.resolve(declared))
        loops = self._declared("variables", "copy")
        made = [loop for loop in loops if isinstance(loop, Mapping)] if isinstance(loops, list) else []
        named = [loop for loop in made if str(loop.get("name")).lower() == name.lower()]
        if named:
            return self._remember("variables", name, lambda scope: scope._resolve_loop(named[0]))
        return Unknown("", f"there is no variable {name[:60]!r}", "declare it")

    def turn(self, call: Call) -> Any:
        """``copyIndex()``: the turn of a loop, counted from an offset."""
        values = [self._evaluate(argument) for argument in call.arguments]
        name = str(values.pop(0)).lower() if values and isinstance(values[0], str) else ""
        if name not in self.loops:
            return Unknown("", "copyIndex() stands outside its loop", "check the expression")
        offset = values[0] if values else 0
        return self.loops[name] + offset if isinstance(offset, int) else Unknown("", "copyIndex() takes a number")

    def choose(self, call: Call) -> Any:
        """``if(condition, then, else)``: only what is chosen is evaluated."""
        if len(call.arguments) != 3:
            return Unknown("", "if() takes three arguments", "check the expression")
        condition = self._evaluate(call.arguments[0])
        if not isinstance(condition, bool):
            return condition if isinstance(condition, Unknown) else Unknown("", "if() takes a condition first")
        return self._evaluate(call.arguments[1 if condition else 2])

    def combine(self, call: Call) -> Any:
        """``and``, ``or``: decided by the first value that decides."""
        decisive = call.key == "or"
        for argument in call.arguments:
            value = self._evaluate(argument)
            if isinstance(value, Unknown) or value is decisive:
                return value
            if not isinstance(value, bool):
                return Unknown("", f"{call.name}() takes true and false", "check the expression")
        return not decisive

    def _one_text(self, call: Call) -> str | Unknown:
        value = self._evaluate(call.arguments[0]) if len(call.arguments) == 1 else None
        if isinstance(value, str | Unknown):
            return value
        return Unknown("", f"{call.name}() takes one name", "check the expression")

    def _declared(self, section: str, name: str) -> Any:
        found = self.template.get(section)
        key = _find(found, name) if isinstance(found, Mapping) else None
        return found[key] if isinstance(found, Mapping) and key is not None else None

    def _remember(self, section: str, name: str, read: Callable[[Scope], Any]) -> Any:
        """A value that is read once, outside of any loop."""
        key = (section, name.lower())
        if key not in self.known:
            self.known[key] = self._unknown(Unknown("", "it refers to itself", "check the template"))
            self.known[key] = read(replace(self, loops={}))
        return self.known[key]


_SPECIAL: dict[str, Callable[[Scope, Call], Any]] = {
    "parameters": Scope.parameter,
    "variables": Scope.variable,
    "copyindex": Scope.turn,
    "if": Scope.choose,
    "and": Scope.combine,
    "or": Scope.combine,
}


def _find(data: Mapping[str, Any], name: str) -> str | None:
    """The key of that name in any case."""
    if name in data:
        return name
    return next((key for key in data if isinstance(key, str) and key.lower() == name.lower()), None)


def _resource_id(function: str, values: tuple[Any, ...]) -> str:
    """The id with the parts that are given: subscription and group of the deployment stay placeholders."""
    parts = [str(value) for value in values]
    kinds = [index for index, part in enumerate(parts) if "/" in part and not part.startswith("/")]
    if not kinds:
        raise ArmValueError("takes a type of resource")
    kind = kinds[0]
    provider, *types = parts[kind].split("/")
    names = "".join(f"/{one}/{name}" for one, name in zip(types, parts[kind + 1 :], strict=True))
    path = f"/providers/{provider}{names}"
    if function == "extensionresourceid":
        return parts[0] + path
    if function == "tenantresourceid":
        return path
    given = parts[:kind]
    subscription = given[0] if len(given) > (function == "resourceid") else "{subscription}"
    group = "" if function != "resourceid" else f"/resourceGroups/{given[-1] if given else '{resourceGroup}'}"
    return f"/subscriptions/{subscription}{group}{path}"


def _size(value: Any) -> int:
    """Parts of a value; beyond the limits, more than any budget."""
    if isinstance(value, str):
        return 1 + len(value) // 16
    total, level = 0, [value]
    for _ in range(DEPTH_LIMIT):
        total += len(level)
        level = list(islice(chain.from_iterable(map(_parts, level)), LARGEST))
        if not level or total > LARGEST:
            break
    return total if not level else _BUDGET + 1


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
