"""``mlschedule diff``: what a change does to the runs, before it is merged."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import click

from pytest_mlschedule.cli.cost_options import CostOptions, costing_options
from pytest_mlschedule.cli.desk import Desk, created_at_option, desk_command
from pytest_mlschedule.cli.diff_budgets import compare_budgets
from pytest_mlschedule.cli.diff_costs import compare_costs, find_increase, load_rates, refuse_uncounted
from pytest_mlschedule.cli.diff_sides import Side, Tree, read_new, read_old
from pytest_mlschedule.cli.git_tree import Commit, GitError, GitTree, find_commit
from pytest_mlschedule.cli.loading import FINDINGS, STDIN, check_exist, fail, show
from pytest_mlschedule.cli.output import terminal_width
from pytest_mlschedule.cli.parameters import DurationType, read_end
from pytest_mlschedule.planning.diff import BEHAVIOUR, PlanDiff
from pytest_mlschedule.planning.differ import diff_plans
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.report.budget_changes import BudgetChanges
from pytest_mlschedule.report.time_words import show_utc
from pytest_mlschedule.schedules.reader import Reader
from pytest_mlschedule.triggers.window import Window

if TYPE_CHECKING:
    from pytest_mlschedule.planning.diff_costs import CostDiff
    from pytest_mlschedule.report.diff_cost_words import CostWords

FailOn = Literal["none", "behaviour", "increase", "budget", "cost"]
Form = Literal["text", "json", "markdown"]
MONTH = timedelta(days=30)
HERE = "the work tree"


@click.command(options_metavar="[--base REV | OLD NEW] [OPTIONS]")
@click.option(
    "--base", metavar="REV", help="Compare the work tree with a commit: where HEAD left this branch, tag or commit."
)
@click.option("--no-merge-base", "exactly", is_flag=True, help="Compare with --base itself, not where HEAD left it.")
@click.option("--from", "start", metavar="TIME", help="Start of the window (included); default: now.")
@click.option("--to", "end", metavar="TIME", help="End of the window (excluded).")
@click.option(
    "--for",
    "length",
    type=DurationType(),
    metavar="DURATION",
    help="Length of the window; default: window of the configuration, else 30d; for saved plans theirs.",
)
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Format; markdown is made for the comment on a pull request.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["none", "behaviour", "increase", "budget", "cost"]),
    default="none",
    show_default=True,
    help="Exit with 1 when a schedule changes what it does, when there are more runs than before, when the change "
    "exceeds a budget of the configuration, or when everything together costs more than before.",
)
@costing_options
@created_at_option
@desk_command
def diff(
    desk: Desk,
    base: str | None,
    *,
    exactly: bool,
    start: str | None,
    end: str | None,
    length: timedelta | None,
    form: Form,
    fail_on: FailOn,
    prices: Sequence[str],
    history: Sequence[str],
    currency: str | None,
) -> None:
    """Say what a change does to the runs of schedules, and to what they cost.

    With --base, PATHS of the work tree are compared with the same paths in git, without a checkout. Without it there are two PATHS,
    OLD and NEW: folders or files of schedules, plans saved with mlschedule plan -o json, or exports of az ml schedule list -o json.

    Costs are shown where the configuration or options have prices, durations or computes; for both sides they are the same.

    Exit status: 0; 1 when --fail-on is met or the new side has errors; 2 for wrong usage and files that cannot be read.
    """
    if fail_on == "budget" and not desk.config.budgets:
        raise click.UsageError("--fail-on budget: the configuration has no budgets")
    rates = load_rates(desk, CostOptions(tuple(prices), tuple(history), currency))
    if fail_on == "cost":
        refuse_uncounted(rates)
    with ExitStack() as stack:
        old, new = _sides_of_git(desk, base, stack, exactly=exactly) if base is not None else _two_sides(desk)
        window = _find_window(desk, (old, new), start, end, length)
        plans = _plan(desk, old, new, window)
        found = diff_plans(*plans)
        budgets = compare_budgets(desk, (old, new), plans, rates)
        costs = compare_costs(desk, plans, rates)
    desk.remark_unused(old.reader, new.reader, found=old.notes)
    show(old.notes)
    outcome = _Outcome(found, budgets, costs)
    _write(outcome, old, form)
    reason = _find_reason(outcome, fail_on)
    if reason:
        click.echo(f"mlschedule: {reason} (--fail-on {fail_on})", err=True)
        sys.exit(FINDINGS)


def _sides_of_git(desk: Desk, base: str, stack: ExitStack, *, exactly: bool) -> tuple[Side, Side]:
    """The commit and the work tree. Ends the command with 2 for what git does not know."""
    paths = desk.given or desk.config.paths or (".",)
    _refuse_stdin(paths)
    try:
        commit = find_commit(base, merge_base=not exactly)
        tree = stack.enter_context(GitTree(commit))
        before = Reader(tree, desk.placeholders)
        check_exist([*paths, *desk.jobs], desk.reader, before)
        click.echo(f"mlschedule: {_describe(commit)}", err=True)
        new = read_new(Tree(label=HERE, paths=paths, reader=desk.reader), desk)
        old = read_old(Tree(label=base, paths=paths, reader=before, prefix=f"{base}:"), desk)
    except GitError as failure:
        fail(str(failure))
    _refuse_nothing(old, new, ", ".join(paths))
    return old, new


def _describe(commit: Commit) -> str:
    where = "where HEAD left it" if commit.left else "itself"
    return f"old side: {commit.name} {where} ({commit.id[:10]}), new side: {HERE}" + (
        f"; {commit.remark}" if commit.remark else ""
    )


def _two_sides(desk: Desk) -> tuple[Side, Side]:
    if len(desk.given) != 2:
        given = f"{len(desk.given) or 'none'} given"
        raise click.UsageError(f"name --base REV [PATHS], or OLD and NEW: two folders, files or saved plans ({given})")
    _refuse_stdin(desk.given)
    check_exist([*desk.given, *desk.jobs], desk.reader)
    before, after = desk.given
    new = read_new(Tree(label=after, paths=[after], reader=desk.reader), desk)
    old = read_old(Tree(label=before, paths=[before], reader=desk.reader), desk)
    _refuse_nothing(old, new, " and ".join(desk.given))
    return old, new


def _refuse_stdin(paths: tuple[str, ...]) -> None:
    if STDIN in paths:
        raise click.UsageError("- (stdin) has no other side to compare with")


def _refuse_nothing(old: Side, new: Side, paths: str) -> None:
    if not any(side.schedules or side.saved or side.notes for side in (old, new)):
        fail(f"no schedules in {paths}, on either side: a schedule is YAML or JSON with trigger and create_job")


def _find_window(
    desk: Desk, sides: tuple[Side, Side], start: str | None, end: str | None, length: timedelta | None
) -> Window:
    """The window that is asked for; of saved plans the one that they share."""
    saved = [side.saved.window for side in sides if side.saved is not None]
    first = desk.read("--from", start)
    if first is None:
        first = max((window.start for window in saved), default=desk.now)
    if saved and end is None and length is None:
        last = min(window.end for window in saved)
        if last < first:
            spans = " and ".join(f"{show_utc(window.start)} to {show_utc(window.end)}" for window in saved)
            fail(f"the saved plans are of windows that nothing is compared in: {spans}, from {show_utc(first)} on")
        return Window(first, last)
    last = read_end(desk.read("--to", end), first, length, desk.window(MONTH))
    if last == first:
        raise click.UsageError(f"the window is empty: it starts and ends at {show_utc(first)}")
    return Window(first, last)


def _plan(desk: Desk, old: Side, new: Side, window: Window) -> tuple[Plan, Plan]:
    """Both sides are created at the same instant: of a saved plan at its own."""
    saved = [side.saved for side in (old, new) if side.saved is not None]
    known: datetime | None = next((plan.created_at or plan.start for plan in saved), None)
    created_at = desk.created_at or known or window.start
    return old.plan(window, created_at, desk), new.plan(window, created_at, desk)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What was found. ``costs``: None where nothing is known to count with."""

    changes: PlanDiff
    budgets: BudgetChanges
    costs: CostDiff | None


def _write(found: _Outcome, old: Side, form: Form) -> None:
    # Each is imported when it is asked for: the command answers faster.
    if form == "json":
        from pytest_mlschedule.report.diff_json import write_json

        more = {"budgets": [change.to_dict() for change in found.budgets.changes], "notes": list(map(str, old.notes))}
        text = write_json(found.changes, more, found.costs)
    elif form == "markdown":
        from pytest_mlschedule.report.diff_markdown import write_markdown

        findings = [replace(item, hint="") for item in (*found.budgets.findings, *old.notes)]
        text = write_markdown(found.changes, findings, costs=_words_of(found.costs))
    else:
        text = "".join(_write_text(found))
    click.echo(text, nl=False)


def _write_text(found: _Outcome) -> Iterator[str]:
    from pytest_mlschedule.report.budget_changes import write_budgets
    from pytest_mlschedule.report.diff_text import write_text

    width, words = terminal_width(sys.stdout), _words_of(found.costs)
    yield from write_text(found.changes, width, words)
    yield from write_budgets(found.budgets, width)
    if words is not None and (found.changes or words.differ):
        yield from words.write_notes(width)


def _words_of(costs: CostDiff | None) -> CostWords | None:
    if costs is None:
        return None
    from pytest_mlschedule.report.diff_cost_words import CostWords  # costs time that few need

    return CostWords(costs)


def _find_reason(found: _Outcome, fail_on: FailOn) -> str | None:
    """Why the exit status is 1."""
    old, new = found.changes.total["runs"]
    changed = sum(schedule.change in BEHAVIOUR for schedule in found.changes.schedules)
    exceeded = len(found.budgets.caused)
    if fail_on == "behaviour" and changed:
        return f"{changed} schedule{'s change what they do' if changed > 1 else ' changes what it does'}"
    if fail_on == "increase" and new > old:
        return f"there are more runs than before: {old:,} → {new:,}"
    if fail_on == "budget" and exceeded:
        return f"the change exceeds {exceeded} limit{'s' if exceeded > 1 else ''}"
    if fail_on == "cost" and found.costs is not None:
        return find_increase(found.costs)
    return None
