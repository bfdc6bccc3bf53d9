"""What a command is, and what it gets to do its work."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_mlschedule.az.arguments import Option
from pytest_mlschedule.az.call import AzCall
from pytest_mlschedule.az.configuration import AzConfiguration
from pytest_mlschedule.az.errors import AzError, client_error, service_error
from pytest_mlschedule.az.formats import Transform
from pytest_mlschedule.az.releases import Release

if TYPE_CHECKING:
    from pytest_mlschedule.workspace.workspace import FakeWorkspace


@dataclass(slots=True)
class Context:
    """One call of a command: its values, where it was typed, and the az that it belongs to.

    ``notes`` gathers what goes to standard error besides errors; ``progress`` the dots for standard output.
    """

    call: AzCall
    options: argparse.Namespace
    configuration: AzConfiguration
    workspaces: tuple[FakeWorkspace, ...]
    release: Release
    notes: list[str] = field(default_factory=list)
    progress: str = ""

    def warn(self, text: str) -> None:
        """A warning, unless only errors are wanted."""
        quiet = self.options.only_show_errors or self.configuration.flag(
            "core", "only_show_errors", self.call.environment
        )
        if not quiet:
            self.notes.append(f"WARNING: {text}\n")

    def wait(self) -> None:
        """Standard output gets the dot of an operation that is waited for."""
        if self.release.prints_progress and not self.options.no_wait:
            self.progress += "."

    def subscription(self) -> str:
        """The id of the subscription that the call means."""
        given: str | None = self.options.subscription
        chosen = given or self.configuration.subscription or self.workspaces[0].subscription_id
        known = find_subscription(self.workspaces, chosen)
        if known is None:
            self.warn(f"Subscription '{chosen}' not recognized.")
        return known or chosen

    def workspace(self) -> FakeWorkspace:
        """The workspace of ``-g``, ``-w`` and ``--subscription``. Raises AzError where there is none of these names."""
        if not self.configuration.is_logged_in:
            raise AzError("Please run 'az login' to setup account.")
        group, name = self.options.resource_group, self.options.workspace_name
        if name is None:
            raise client_error("ValueError", "No value for given attribute")
        subscription = self.subscription()
        near = [one for one in self.workspaces if one.subscription_id.lower() == subscription.lower()]
        if not near:
            raise service_error("SubscriptionNotFound", f"The subscription '{subscription}' could not be found.", 3)
        near = [one for one in near if one.resource_group.lower() == group.lower()]
        if not near:
            raise service_error("ResourceGroupNotFound", f"Resource group '{group}' could not be found.", 3)
        found = next((one for one in near if one.name.lower() == name.lower()), None)
        if found is None:
            text = (
                f"The Resource 'Microsoft.MachineLearningServices/workspaces/{name}' under resource group '{group}' was not found. "
                "For more details please go to https://aka.ms/ARMResourceNotFoundFix"
            )
            raise service_error("ResourceNotFound", text, 3)
        return found


def find_subscription(workspaces: tuple[FakeWorkspace, ...], wanted: str) -> str | None:
    """The id of a subscription by its id or name, in any case; None for one that no workspace is in."""
    ids = {one.subscription_id for one in workspaces}
    return next((one for one in ids if wanted.lower() in (one.lower(), subscription_name(one).lower())), None)


def subscription_name(subscription_id: str) -> str:
    """What a subscription is called: fakes have an id alone."""
    return f"subscription {subscription_id}"


@dataclass(frozen=True, slots=True)
class Command:
    """A command: ``words`` behind ``az``; ``run`` gives what is printed, None for nothing; ``table`` is what ``-o table`` shows.

    ``is_open``: options that nobody lists here are taken too, as ``az login`` has many. ``hints``: by option, what to do instead
    of using it: options that people write and az does not have.
    """

    words: str
    run: Callable[[Context], Any]
    options: tuple[Option, ...] = ()
    summary: str = ""
    table: Transform | None = None
    is_open: bool = False
    hints: tuple[tuple[str, str], ...] = ()
