"""What faults can be for: operations of the REST face by name, and the actions that roles allow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from pytest_mlschedule.arm.routes import BY_PROFILE, ROUTES, Route
from pytest_mlschedule.profile import DEFAULT_PROFILE, SCHEDULES
from pytest_mlschedule.triggers.wording import list_names, nearest, quote
from pytest_mlschedule.workspace.roles import PROVIDER, RoleDefinition

OPERATIONS: dict[str, Route] = {route.name: route for route in ROUTES}
"""The calls that the REST face answers, by name."""
LONG = ("schedules.put", "schedules.delete")
"""Those that are answered before they are done: a client polls for their end."""
_WORKSPACES = SCHEDULES.rpartition("/")[0]
_ACTIONS = frozenset(
    DEFAULT_PROFILE.trigger_action if route.action == BY_PROFILE else route.action for route in ROUTES if route.action
)
# What ServiceProfile.trigger_action may be, besides the actions of other calls.
_OWN_ACTION = re.compile(rf"{re.escape(SCHEDULES)}/[\w/]+/action", re.IGNORECASE)


def find_operations(pattern: str, among: Iterable[str] = OPERATIONS) -> frozenset[str]:
    """The operations of a name, or of a pattern such as ``schedules.*``. Raises ValueError with the nearest ones."""
    if not isinstance(pattern, str):
        raise TypeError(f"an operation is a name such as 'schedules.put', not {type(pattern).__name__}")
    names = tuple(among)
    found = frozenset(name for name in names if fnmatchcase(name, pattern))
    if found:
        return found
    if pattern in OPERATIONS:
        raise ValueError(f"{pattern} is none of the operations that this can happen to: {list_names(names)}")
    near = nearest(pattern, names, most=2)
    hint = f"did you mean {list_names(map(repr, near), 'or')}?" if near else "Faults.operations has them all"
    raise ValueError(f"{quote(pattern)} is not an operation of the REST face; {hint}")


def find_actions(pattern: str) -> RoleDefinition:
    """The actions that a pattern stands for, as a role allows them; ``schedules/write`` is one of a workspace,
    ``workspaces/read`` the reading of the workspace itself.

    Raises ValueError with the nearest ones where no call asks for it.
    """
    if not isinstance(pattern, str):
        raise TypeError(f"an action is a text such as 'schedules/write', not {type(pattern).__name__}")
    whole = _complete(pattern)
    actions = RoleDefinition((whole,))
    if any(map(actions.allows, _ACTIONS)) or _OWN_ACTION.fullmatch(whole):
        return actions
    names = sorted({_shorten(action) for action in _ACTIONS})
    near = nearest(_shorten(whole), names, most=2)
    hint = f"did you mean {list_names(map(repr, near), 'or')}?" if near else f"such as {SCHEDULES}/write"
    raise ValueError(f"no call asks for the action {quote(pattern)}; {hint}")


def _complete(pattern: str) -> str:
    if pattern.startswith(("*", "Microsoft.")):
        return pattern
    return f"{PROVIDER}/{pattern}" if pattern.lower().startswith("workspaces/") else f"{_WORKSPACES}/{pattern}"


def _shorten(action: str) -> str:
    """An action as people write it: ``schedules/write``, and ``workspaces/read`` for the workspace itself."""
    inner = action.removeprefix(f"{_WORKSPACES}/")
    return inner if "/" in inner else action.removeprefix(f"{PROVIDER}/")
