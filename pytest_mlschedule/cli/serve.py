"""``mlschedule serve``: schedules in a workspace on a port of this machine, for any client."""

from __future__ import annotations

import re
import shlex
import signal
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from pytest_mlschedule.cli.desk import Desk, desk_command
from pytest_mlschedule.cli.loading import FINDINGS, fail, load_jobs, load_paths
from pytest_mlschedule.clock import SimulatedClock
from pytest_mlschedule.errors import MLScheduleError, WorkspaceError
from pytest_mlschedule.report.time_words import show_utc
from pytest_mlschedule.workspace.roles import RoleDefinition, find_role
from pytest_mlschedule.workspace.workspace import FakeWorkspace

if TYPE_CHECKING:
    from pytest_mlschedule.serve.server import Server

LOOPBACK = "127.0.0.1"
PORT = 8765
INSTALL = "pip install Werkzeug"
_ID = re.compile(
    r"/subscriptions/(?P<subscription_id>[^/]+)/resourceGroups/(?P<resource_group>[^/]+)"
    r"/providers/Microsoft\.MachineLearningServices/workspaces/(?P<name>[^/]+)/?",
    re.IGNORECASE,
)
_LIST = "schedules?api-version=2023-06-01-preview"


class PrincipalType(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """``name=role``: somebody, and a role that is assigned to them."""

    name = "principal"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, RoleDefinition]:
        """The name and the role; a usage error that names the nearest roles where there is none."""
        name, equals, role = str(value).partition("=")
        if not equals or not name:
            self.fail(f"{value!r} names nobody with a role: write name=role, such as ci=Reader", param, ctx)
        try:
            return name, find_role(role)
        except WorkspaceError as unknown:
            self.fail(str(unknown).partition("; for your own")[0], param, ctx)


class WorkspaceIdType(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """The ARM id of a workspace."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, str]:
        """The names in the id; a usage error that shows the form where it is none."""
        match = _ID.fullmatch(str(value))
        if match is None:
            form = "/subscriptions/S/resourceGroups/G/providers/Microsoft.MachineLearningServices/workspaces/W"
            self.fail(f"{value!r} is not the id of a workspace: write {form}", param, ctx)
        return match.groupdict()


@click.command("serve")
@click.option("--host", default=LOOPBACK, show_default=True, metavar="HOST", help="Where to listen.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    metavar="PORT",
    help="The port; 0 takes a free one.",
)
@click.option("--allow-non-loopback", "is_open", is_flag=True, help="Let other machines in: whoever comes is an owner.")
@click.option(
    "--principal",
    "principals",
    type=PrincipalType(),
    multiple=True,
    metavar="NAME=ROLE",
    help="Assign a built-in role to whoever has a token of this name; repeatable.",
)
@click.option(
    "--workspace-id", "names", type=WorkspaceIdType(), metavar="ID", help="The ARM id that clients find it by."
)
@click.option(
    "--tls", "certificate", nargs=2, metavar="CERT KEY", help="Speak HTTPS, with these PEM files: some clients insist."
)
@desk_command
def serve(
    desk: Desk,
    *,
    host: str,
    port: int,
    is_open: bool,
    principals: Sequence[tuple[str, RoleDefinition]],
    names: dict[str, str] | None,
    certificate: tuple[str, str] | None,
) -> None:
    """Answer as Azure Resource Manager does, for a workspace with these schedules in it.

    Any client that speaks HTTP can list, create, change and trigger schedules and read jobs: curl, az rest, Terraform. The clock
    starts at --now and stands still until POST /clock moves it, or the page at / does. Nothing is kept when the server ends.

    Exit status: 0; 1 when a definition has errors or the workspace refuses it; 2 for wrong usage, files that cannot be read, and
    a port that cannot be opened.
    """
    workspace = _make_workspace(desk, names or {})
    for name, role in principals:
        workspace.assign_role(role, principal=name)
    try:
        from pytest_mlschedule.arm.cloud import Cloud
        from pytest_mlschedule.serve.application import ServeApplication
        from pytest_mlschedule.serve.hosts import HostNames, find_address
        from pytest_mlschedule.serve.server import Server
    except ModuleNotFoundError as missing:
        fail(f"serve needs Werkzeug, and there is no {missing.name}: {INSTALL}")
    application = ServeApplication(Cloud(workspace), HostNames(host, is_open), lambda line: click.echo(line, err=True))
    try:
        server = Server(application, find_address(host, is_open=is_open), port, certificate=certificate)
    except MLScheduleError as refusal:
        fail(str(refusal))
    _run(server, lambda: _greet(server, workspace, host, certificate))


def _make_workspace(desk: Desk, names: dict[str, str]) -> FakeWorkspace:
    """A workspace with what the paths hold. Ends the command with 1 where it refuses some of that."""
    workspace = FakeWorkspace(clock=SimulatedClock(desk.now), profile=desk.profile, **names)
    jobs = load_jobs(desk)
    schedules = load_paths(desk) if desk.given or desk.config.paths else []
    refused = []
    for name, job in jobs.items():
        try:
            workspace.jobs.create_or_update(job.model_copy(update={"name": name}))
        except WorkspaceError as refusal:
            refused.append(str(refusal))
    for schedule in schedules:
        try:
            workspace.schedules.begin_create_or_update(schedule)
        except WorkspaceError as refusal:
            refused.append(str(refusal))
    for text in refused:
        click.echo(f"mlschedule: {text}", err=True)
    if refused:
        raise SystemExit(FINDINGS)
    return workspace


def _greet(server: Server, workspace: FakeWorkspace, host: str, certificate: tuple[str, str] | None) -> None:
    """Say where the server is, what it is, and what to try."""
    is_any = host in ("", "0.0.0.0", "::")
    url = server.url_of("localhost" if is_any else host)
    number = len(workspace.schedules.list(list_view_type="ALL"))
    curl = "curl" if certificate is None else f"curl --cacert {shlex.quote(certificate[0])}"
    move = """-H 'Content-Type: application/json' -d '{"advance": "1d"}'"""
    click.echo(f"Serving {number} schedule{'' if number == 1 else 's'} at {url} (Ctrl-C ends it)")
    click.echo(f"Workspace: {workspace.id}")
    click.echo(f"The clock stands at {show_utc(workspace.clock.now())} until it is moved.")
    click.echo("Calls without a token act as Owner; with one, whoever it names, and nothing verifies it.")
    click.echo(f"Look at {url}/ or try:")
    click.echo(f"  {curl} '{url}{workspace.id}/{_LIST}'")
    click.echo(f"  {curl} {move} {url}/clock")


def _run(server: Server, greet: Callable[[], None]) -> None:
    """Answer until Ctrl-C, or until the process is told to end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        greet()
        server.run()
    except KeyboardInterrupt:  # before it ran
        return
