"""Roles: what a principal may do, as Azure role definitions say it (semantics WS-6)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pytest_mlschedule.errors import WorkspaceError
from pytest_mlschedule.triggers.wording import list_names, nearest, quote

PROVIDER = "Microsoft.MachineLearningServices"
WORKSPACES = f"{PROVIDER}/workspaces"
READ_SCHEDULES = f"{WORKSPACES}/schedules/read"
WRITE_SCHEDULES = f"{WORKSPACES}/schedules/write"
DELETE_SCHEDULES = f"{WORKSPACES}/schedules/delete"
READ_JOBS = f"{WORKSPACES}/jobs/read"
WRITE_JOBS = f"{WORKSPACES}/jobs/write"
CANCEL_JOBS = f"{WORKSPACES}/jobs/cancel/action"
WRITE_COMPUTES = f"{WORKSPACES}/computes/write"
ASSIGN_ROLES = "Microsoft.Authorization/roleAssignments/write"
UNASSIGN_ROLES = "Microsoft.Authorization/roleAssignments/delete"


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """A role: the actions it allows, less ``not_actions``.

    ``*`` stands for any text, slashes included; case does not matter:
    ``Microsoft.MachineLearningServices/workspaces/*/read``. Lists are taken and kept as tuples. Raises TypeError for
    a bare text, which would be read letter by letter.
    """

    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()
    name: str = "custom role"

    def __post_init__(self) -> None:
        for field in ("actions", "not_actions"):
            given = getattr(self, field)
            if isinstance(given, str):
                raise TypeError(f"{field} is a list of actions, not the text {given!r}: write [{given!r}]")
            object.__setattr__(self, field, tuple(given))

    def allows(self, action: str) -> bool:
        """Whether the role allows an action such as ``Microsoft.MachineLearningServices/workspaces/schedules/read``."""
        return _any_match(self.actions, action) and not _any_match(self.not_actions, action)


def may_read_workspace(roles: Iterable[RoleDefinition]) -> bool:
    """Whether roles let somebody read the workspace itself.

    Whoever may read all that is in it may: "AzureML Data Scientist" has ``workspaces/*/read``, which by its letters leaves
    out ``workspaces/read``, that each client calls first.
    """
    # Any name stands for all that is in a workspace.
    return any(role.allows(f"{WORKSPACES}/read") or role.allows(f"{WORKSPACES}/-/read") for role in roles)


def _any_match(patterns: tuple[str, ...], action: str) -> bool:
    return any(_compile(pattern).fullmatch(action) for pattern in patterns)


@lru_cache(maxsize=512)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.IGNORECASE)


# As published in Azure's reference of built-in roles; only control-plane actions, the others do not concern schedules.
_WITHIN_WORKSPACE = tuple(f"{WORKSPACES}/*/{verb}" for verb in ("read", "action", "delete", "write"))
_WORKSPACE_ITSELF = (
    f"{WORKSPACES}/delete",
    f"{WORKSPACES}/write",
    f"{WORKSPACES}/listKeys/action",
    f"{WORKSPACES}/hubs/write",
    f"{WORKSPACES}/hubs/delete",
    f"{WORKSPACES}/featurestores/write",
    f"{WORKSPACES}/featurestores/delete",
)
BUILT_IN_ROLES: tuple[RoleDefinition, ...] = (
    RoleDefinition(("*",), name="Owner"),
    RoleDefinition(
        ("*",),
        (
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
            "Microsoft.Blueprint/blueprintAssignments/write",
            "Microsoft.Blueprint/blueprintAssignments/delete",
            "Microsoft.Compute/galleries/share/action",
            "Microsoft.Purview/consents/write",
            "Microsoft.Purview/consents/delete",
            "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
            "Microsoft.Subscription/cancel/action",
            "Microsoft.Subscription/enable/action",
        ),
        name="Contributor",
    ),
    RoleDefinition(("*/read",), name="Reader"),
    RoleDefinition(
        _WITHIN_WORKSPACE,
        (
            *_WORKSPACE_ITSELF,
            f"{WORKSPACES}/computes/*/write",
            f"{WORKSPACES}/computes/*/delete",
            f"{WORKSPACES}/computes/listKeys/action",
        ),
        name="AzureML Data Scientist",
    ),
    RoleDefinition((f"{WORKSPACES}/computes/*", f"{WORKSPACES}/notebooks/vm/*"), name="AzureML Compute Operator"),
    RoleDefinition((f"{PROVIDER}/registries/read", f"{PROVIDER}/registries/assets/*"), name="AzureML Registry User"),
    RoleDefinition(
        (
            *_WITHIN_WORKSPACE,
            f"{PROVIDER}/locations/*/read",
            "Microsoft.Authorization/*/read",
            "Microsoft.Resources/deployments/*",
        ),
        _WORKSPACE_ITSELF,
        name="Azure AI Developer",
    ),
)
OWNER = BUILT_IN_ROLES[0]


def find_role(role: str | RoleDefinition) -> RoleDefinition:
    """The built-in role of a name, in any case; a RoleDefinition is given back. Raises WorkspaceError with the
    nearest names."""
    if isinstance(role, RoleDefinition):
        return role
    if not isinstance(role, str):
        raise TypeError(f"a role is the name of a built-in one or a RoleDefinition, not {type(role).__name__}")
    known = {built_in.name.lower(): built_in for built_in in BUILT_IN_ROLES}
    if role.lower() in known:
        return known[role.lower()]
    near = [known[name].name for name in nearest(role, known, most=2)]
    hint = f"did you mean {list_names(near, 'or')}?" if near else f"known: {list_names(r.name for r in BUILT_IN_ROLES)}"
    raise WorkspaceError(
        f"{quote(role)} is not a built-in role; {hint}; for your own give a RoleDefinition(actions=[...])"
    )
