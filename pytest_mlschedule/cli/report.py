"""``mlschedule report``: schedules as one page to look at."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import click

from pytest_mlschedule.checks.baseline import Baseline
from pytest_mlschedule.checks.check import CheckResult, check_files
from pytest_mlschedule.cli.check import Rules, make_settings
from pytest_mlschedule.cli.cost_options import costing_options
from pytest_mlschedule.cli.costing import load_rates
from pytest_mlschedule.cli.desk import Desk, created_at_option, desk_command
from pytest_mlschedule.cli.estimate import choose_trials, estimate_plan
from pytest_mlschedule.cli.loading import USAGE, check_exist, fail, load_all, refuse, show
from pytest_mlschedule.cli.parameters import ShownZone, read_end, window_options
from pytest_mlschedule.cli.writing import replace_file
from pytest_mlschedule.config import checking
from pytest_mlschedule.costs.rates import Rates
from pytest_mlschedule.diagnostics import Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.planner import plan_runs
from pytest_mlschedule.report.check_context import tell_users
from pytest_mlschedule.report.page.content import MOST_RUNS, PageContent, PageFindings
from pytest_mlschedule.report.page.page import write_page
from pytest_mlschedule.report.page.pieces import read_pieces
from pytest_mlschedule.schedules.loader import LoadedFile

QUARTER = timedelta(days=90)
STDOUT = "-"
NO_PRICES = (
    "No prices were given, so nothing is said of money. --prices FILE, or prices in the configuration, takes pages of the Azure "
    "Retail Prices API."
)


@click.command("report")
@window_options("window of the configuration, else 90d")
@click.option(
    "-o", "--output", "path", default="report.html", show_default=True, metavar="FILE", help="The page; - is stdout."
)
@click.option("--title", metavar="TEXT", help="The title of the page; default: the paths.")
@costing_options
@created_at_option
@desk_command
def report_page(
    desk: Desk,
    *,
    start: str | None,
    end: str | None,
    length: timedelta | None,
    path: str,
    title: str | None,
    prices: Sequence[str],
    history: Sequence[str],
    currency: str | None,
) -> None:
    """Write one HTML page of everything: a calendar of runs, a timeline, cost, clock changes, findings.

    The page needs no network: it can be mailed, or kept as an artefact of CI. Findings are those of mlschedule check.

    Exit status: 0; 1 when a definition has errors, the page says which and is written all the same; 2 for wrong usage and files
    that cannot be read or written.
    """
    first = desk.read("--from", start) or desk.now
    last = read_end(desk.read("--to", end), first, length, desk.window(QUARTER))
    _check_target(path)
    check_exist(desk.paths, desk.reader)
    rates = load_rates(desk, prices, history, currency)
    files = load_all(desk, desk.paths)
    schedules = [schedule for file in files for schedule in file.schedules]
    if not files:
        fail(f"no schedules in {', '.join(desk.paths)}: a schedule is YAML or JSON with trigger and create_job")
    settings = make_settings(desk, Rules(), _load_baseline(desk), rates)
    try:
        plan = plan_runs(schedules, first, last, created_at=desk.created_at, jobs=settings.jobs, profile=desk.profile)
    except DefinitionError as failure:
        refuse(failure.diagnostics)
    _refuse_too_many(plan)
    found = check_files(files, settings)
    content = PageContent(
        plan=plan,
        made_at=desk.now,
        title=title or ", ".join(os.path.normpath(one) for one in desk.paths),
        profile=desk.profile,
        findings=_read_findings(found, files),
        window="" if desk.zone is None else _show_window(plan, desk.zone),
        no_estimate="" if rates.prices else NO_PRICES,
    )
    _write(path, _add_estimate(content, rates))
    desk.remark_unused(found=found.findings)
    errors = [item for file in files for item in file.diagnostics if item.severity is Severity.ERROR]
    if errors:
        refuse(errors)


def _show_window(plan: Plan, zone: ShownZone) -> str:
    ends = (time.astimezone(zone.tzinfo).isoformat(" ", "minutes")[:16] for time in (plan.start, plan.end))
    return f"{' to '.join(ends)} {zone.name}"


def _check_target(path: str) -> None:
    """Ends the command with 2 where the folder of the page is missing, before any work is done."""
    if path == STDOUT:
        return
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        fail(f"{path} cannot be written: there is no folder {folder}")
    if os.path.isdir(path):
        fail(f"{path} cannot be written: it is a folder; name a file, such as {os.path.join(path, 'report.html')}")


def _refuse_too_many(plan: Plan) -> None:
    """Ends the command with 2 for more runs than a browser can filter; says which window would do."""
    number = len(plan)
    if number <= MOST_RUNS:
        return
    seconds = (plan.end - plan.start) // timedelta(seconds=1)
    days = seconds * MOST_RUNS // number // 86_400
    way = f"take a shorter window (--for {days}d)" if days else "take a shorter window"
    fail(f"the page would hold {number:,} runs, and holds at most {MOST_RUNS:,}: {way}, or fewer PATHS")


def _load_baseline(desk: Desk) -> Baseline | None:
    """The baseline of the configuration. Ends the command with 2 for one that is missing or wrong."""
    try:
        return checking.load_baseline(desk.config.baseline)
    except DefinitionError as failure:
        show(failure.diagnostics)
        sys.exit(USAGE)


def _read_findings(found: CheckResult, files: Sequence[LoadedFile]) -> PageFindings:
    told = tell_users(found)
    users = {item: found.users.get(plain, ()) for item, plain in zip(told.findings, found.findings, strict=True)}
    return PageFindings(
        items=told.findings,
        users=users,
        left_out=len(found.suppressed) + len(found.known),
        broken=tuple(os.path.normpath(file.path) for file in files if file.is_broken),
    )


def _add_estimate(content: PageContent, rates: Rates) -> PageContent:
    """The page with what its runs occupy, and cost where there are prices."""
    plan = content.plan
    estimate = estimate_plan(plan, rates, choose_trials(plan, rates, None, 0, "a shorter window has one"))
    return replace(
        content,
        estimate=estimate.to_dict(),
        pieces=read_pieces(plan, estimate),
        computes={one.name: one.compute for one in estimate.computes if one.compute},
    )


def _write(path: str, content: PageContent) -> None:
    page = write_page(content)
    if path == STDOUT:
        click.echo(page, nl=False)
        return
    replace_file(path, page)
    runs, schedules = len(content.plan), len(content.plan.schedules)
    counts = f"{runs:,} run{'' if runs == 1 else 's'} of {schedules:,} schedule{'' if schedules == 1 else 's'}"
    click.echo(f"mlschedule: {path} shows {counts}", err=True)
