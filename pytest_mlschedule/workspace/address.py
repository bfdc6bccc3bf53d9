"""Where a workspace is in Azure: its name, group, subscription and region."""

from __future__ import annotations

from dataclasses import dataclass, fields

from pytest_mlschedule.triggers.wording import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceAddress:
    """The names that a workspace is found by. Raises TypeError for what is no text, ValueError for an empty text or one
    with a slash: it could not stand in an ARM id."""

    name: str = "fake-workspace"
    resource_group: str = "fake-resource-group"
    subscription_id: str = "00000000-0000-0000-0000-000000000000"
    location: str = "eastus"

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, str):
                raise TypeError(f"{field.name} is text, not {type(value).__name__}")
            if not value.strip() or "/" in value:
                raise ValueError(f"{field.name} cannot be {quote(value)}: it is text without slashes, not empty")

    @property
    def id(self) -> str:
        """The ARM id of the workspace."""
        return (
            f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.MachineLearningServices/workspaces/{self.name}"
        )
