"""``mlschedule plan``, ``next`` and ``explain``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter

import click

from pytest_mlschedule.cli.desk import Desk, created_at_option, desk_command
from pytest_mlschedule.cli.loading import load_jobs, load_paths, refuse, report
from pytest_mlschedule.cli.output import FORMATS, Format, follow_progress, terminal_width, write_listing
from pytest_mlschedule.cli.parameters import END_OF_TIME, DurationType, read_end
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.planner import plan_runs
from pytest_mlschedule.planning.run import PlannedRun
from pytest_mlschedule.report.findings import tell_once
from pytest_mlschedule.report.listing import Listing

SHOWN_RUNS = 500
WEEK = timedelta(days=7)


def _check() -> click.Command:
    from pytest_mlschedule.cli.check import check

    return check


def _estimate() -> click.Command:
    from pytest_mlschedule.cli.estimate import estimate

    return estimate


def _report() -> click.Command:
    from pytest_mlschedule.cli.report import report_page

    return report_page


def _audit() -> click.Command:
    from pytest_mlschedule.cli.audit import audit

    return audit


def _serve() -> click.Command:
    from pytest_mlschedule.cli.serve import serve

    return serve


def _schema() -> click.Command:
    from pytest_mlschedule.cli.schema import schema

    return schema


def _diff() -> click.Command:
    from pytest_mlschedule.cli.diff import diff

    return diff


def _lock() -> click.Command:
    from pytest_mlschedule.cli.lock import lock

    return lock


def _rules() -> click.Command:
    from pytest_mlschedule.cli.rules import list_rules

    return list_rules


# Commands of other modules by name, and what imports them.
_ELSEWHERE: dict[str, Callable[[], click.Command]] = {
    "audit": _audit,
    "check": _check,
    "estimate": _estimate,
    "lock": _lock,
    "diff": _diff,
    "report": _report,
    "rules": _rules,
    "schema": _schema,
    "serve": _serve,
}
LIMITED: tuple[Format, ...] = ("table", "markdown")


def _show_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 (click's signature)
    if not wanted or context.resilient_parsing:
        return
    from importlib.metadata import version

    from pytest_mlschedule.triggers.zones import tzdata_version

    click.echo(f"mlschedule {version('pytest-mlschedule')} (tzdata {tzdata_version()})")
    context.exit()


class _Commands(click.Group):
    """Commands of other modules, imported when they are asked for: the others answer faster."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_ELSEWHERE])

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _ELSEWHERE:
            return super().get_command(ctx, name)
        return _ELSEWHERE[name]()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and that of the zone data.",
)
def commands() -> None:
    """Azure Machine Learning job schedules at the desk: what runs, when, with which inputs, without a cloud.

    PATHS are schedule files (YAML or JSON), directories that hold some, or - for stdin. A TIME is 2026-03-08, 2026-03-08T02:30 or
    2026-03-08T02:30:00-08:00; without an offset it is UTC (--zone changes that), a date alone is its midnight.

    Exit status: 0; 1 when a definition has errors; 2 for wrong usage and files that cannot be read.
    """


@commands.command()
@click.option("--from", "start", metavar="TIME", help="Start of the window (included); default: now.")
@click.option("--to", "end", metavar="TIME", help="End of the window (excluded).")
@click.option(
    "--for",
    "length",
    type=DurationType(),
    metavar="DURATION",
    help="Length of the window: 30d, 2w, 12h, 1h30m, 1y (a year is 365 days); default 7d.",
)
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="Format; csv, json and ics hold every run.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    help=f"Rows of table and markdown, 0 for all; default {SHOWN_RUNS}.",
)
@created_at_option
@desk_command
def plan(
    desk: Desk, start: str | None, end: str | None, length: timedelta | None, form: Format, limit: int | None
) -> None:
    """List every run that schedules would start in a window."""
    first = desk.read("--from", start) or desk.now
    last = read_end(desk.read("--to", end), first, length, desk.window(WEEK))
    if limit is not None and form not in LIMITED:
        raise click.UsageError(f"--limit is for {' and '.join(LIMITED)}; {form} holds every run of the window")
    made = _make_plan(desk, first, last)
    shown = SHOWN_RUNS if limit is None else limit
    _show(desk, Listing(plan=made, limit=(shown or None) if form in LIMITED else None), form)


@commands.command("next")
@click.option("-n", "number", type=click.IntRange(min=1), default=10, show_default=True, help="How many runs.")
@click.option("--from", "start", metavar="TIME", help="From when on (included); default: now.")
@created_at_option
@desk_command
def show_next(desk: Desk, number: int, start: str | None) -> None:
    """List the next runs of schedules."""
    first = desk.read("--from", start) or desk.now
    ahead = _make_plan(desk, first, END_OF_TIME)
    shown = ahead.runs[:number]
    found = {run.schedule for run in shown}
    others = [_find_next(ahead.for_schedule(name)) for name in ahead.schedules if name not in found]
    later = sorted(filter(None, others), key=attrgetter("trigger_time"))
    if len(ahead) > number:
        ahead = ahead.between(first, shown[-1].trigger_time + timedelta(seconds=1))
    _show(desk, Listing(plan=ahead, limit=number, kind="next", later=tuple(later)), "table")


@commands.command()
@click.option(
    "-n", "number", type=click.IntRange(min=1), default=5, show_default=True, help="How many of the next runs to show."
)
@created_at_option
@desk_command
def explain(desk: Desk, number: int) -> None:
    """Say in words when schedules run, what they start, and what changes of the clocks do to them.

    The code or the name of a rule (MLS103) instead of a path: its page.
    """
    names = [path for path in desk.given if _may_be_rule(path)]
    if names:
        from pytest_mlschedule.cli.rules import show_pages

        show_pages(names)
        desk = replace(desk, given=tuple(path for path in desk.given if path not in names))
        if not desk.given:
            return
    _explain(desk, number)


def _may_be_rule(path: str) -> bool:
    return path[:1].isalpha() and path.replace("-", "").isalnum() and not os.path.exists(path)


def _explain(desk: Desk, number: int) -> None:
    from pytest_mlschedule.report.explain import Outlook, explain_schedule
    from pytest_mlschedule.report.explanation_text import write_explanation

    jobs = load_jobs(desk)
    outlook = Outlook(now=desk.now, created_at=desk.created_at, runs=number, jobs=jobs, profile=desk.profile)
    explanations = [explain_schedule(schedule, outlook) for schedule in load_paths(desk, quiet=True)]
    remarks = tell_once((one.name, one.diagnostics) for one in explanations)
    width = terminal_width(sys.stdout)
    for index, (one, found) in enumerate(zip(explanations, remarks, strict=True)):
        lines = write_explanation(replace(one, diagnostics=tuple(found)), width)
        click.echo(("\n" if index else "") + "".join(lines), nl=False)


def _find_next(plan: Plan) -> PlannedRun | None:
    """The first run. It is looked for in short windows first: a block of runs takes as long as its window."""
    for length in (timedelta(days=1), 6 * WEEK, plan.end - plan.start):
        part = plan.between(plan.start, min(plan.start + length, plan.end))
        if len(part):
            return part[0]
    return None


def _make_plan(desk: Desk, start: datetime, end: datetime) -> Plan:
    jobs = load_jobs(desk)
    schedules = load_paths(desk)
    try:
        made = plan_runs(schedules, start, end, created_at=desk.created_at, jobs=jobs, profile=desk.profile)
    except DefinitionError as failure:
        refuse(failure.diagnostics)
    report(made.notes)
    return made


def _show(desk: Desk, listing: Listing, form: Format) -> None:
    """Write a listing, in the zone of the desk too."""
    if desk.zone:
        listing = replace(listing, zone=desk.zone.tzinfo, zone_name=desk.zone.name)
    write_listing(replace(listing, follow=follow_progress(len(listing.plan))), form, desk.now)
