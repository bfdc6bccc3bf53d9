"""``mlschedule check``: what is wrong with schedules, and what is accepted and still wrong."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from pytest_mlschedule.checks.baseline import Baseline, write_baseline
from pytest_mlschedule.checks.catalogue import CATALOGUE
from pytest_mlschedule.checks.check import CheckResult, CheckSettings, check_files
from pytest_mlschedule.checks.fixing.fixes import count_fixable
from pytest_mlschedule.checks.fixing.rounds import Checked
from pytest_mlschedule.checks.limits import need_rates
from pytest_mlschedule.checks.selection import check_selector
from pytest_mlschedule.cli.check_formats import FORMATS
from pytest_mlschedule.cli.cost_options import CostOptions, costing_options, load_rates
from pytest_mlschedule.cli.desk import Desk, desk_command
from pytest_mlschedule.cli.loading import FINDINGS, STDIN, UNREADABLE, USAGE, fail, load_all, load_jobs, show
from pytest_mlschedule.cli.output import terminal_width
from pytest_mlschedule.cli.writing import replace_file
from pytest_mlschedule.config import checking
from pytest_mlschedule.diagnostics import Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.report.check_context import CheckContext, Style, tell_users
from pytest_mlschedule.report.check_places import find_root
from pytest_mlschedule.schedules.loader import LoadedFile
from pytest_mlschedule.schedules.reader import Reader
from pytest_mlschedule.schedules.source import YAML_LIMIT

if TYPE_CHECKING:
    from pytest_mlschedule.costs.rates import Rates

SEVERITIES = tuple(severity.value for severity in Severity)
_COLOURS: Mapping[Style, Mapping[str, Any]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "note": {"fg": "blue", "bold": True},
    "path": {"bold": True},
    "dim": {"dim": True},
    "good": {"fg": "green"},
}


class SelectorsType(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """Codes, starts of codes and names of rules, with commas between them."""

    name = "rules"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The selectors; a usage error that names the nearest rule for one that selects nothing."""
        selectors = tuple(filter(None, (part.strip() for part in str(value).split(","))))
        for selector in selectors:
            problem = check_selector(selector, CATALOGUE)
            if problem:
                self.fail(problem, param, ctx)
        return selectors or self.fail("no rule is named", param, ctx)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a command line says about rules and findings; what it leaves out the configuration says."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity = Severity.WARNING


@click.command()
@click.option(
    "-o", "--output", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="Format."
)
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    help="The least severity that makes the exit status 1; default: warning, or what the configuration says.",
)
@click.option(
    "--select",
    type=SelectorsType(),
    multiple=True,
    metavar="RULES",
    help="Only these rules, whatever the configuration selects or ignores: codes, starts of codes, names; commas between them.",
)
@click.option(
    "--ignore",
    type=SelectorsType(),
    multiple=True,
    metavar="RULES",
    help="Not these rules, besides what the configuration ignores; the longer of --select and --ignore counts.",
)
@click.option("--baseline", metavar="FILE", help="Leave out the findings that this file knows.")
@click.option("--update-baseline", is_flag=True, help="Write what is found now to the baseline.")
@click.option(
    "--fix", is_flag=True, help="Mend what has one right answer in the files (of - to stdout); what is left is shown."
)
@click.option(
    "--diff",
    is_flag=True,
    help="Show what --fix would do as a diff and write nothing; exit status 1 if that is anything.",
)
@costing_options
@desk_command
def check(
    desk: Desk,
    form: str,
    fail_on: str | None,
    select: Sequence[tuple[str, ...]],
    ignore: Sequence[tuple[str, ...]],
    baseline: str | None,
    update_baseline: bool,  # noqa: FBT001 (click's signature)
    *,
    fix: bool,
    diff: bool,
    prices: Sequence[str],
    history: Sequence[str],
    currency: str | None,
) -> None:
    """Check schedules: what Azure ML rejects, and what it accepts and does otherwise than it looks.

    mlschedule rules lists the rules, mlschedule explain MLS103 shows the page of one. A comment in a file leaves findings of its
    line out: # mls: ignore[MLS103] reason. --prices, --history and --currency are for budgets of money and nodes.

    Exit status: 0; 1 when something was found at or above --fail-on; 2 for wrong usage and files that cannot be read.
    """
    rules = Rules(
        select=sum(select, ()),
        ignore=sum(ignore, ()),
        fail_on=Severity(fail_on) if fail_on else desk.config.fail_on,
    )
    known = _load_baseline(desk, baseline, writing=update_baseline)
    rates = _load_rates(desk, CostOptions(tuple(prices), tuple(history), currency))
    settings = make_settings(desk, rules, known, rates)
    checked = _check_fixed(desk, settings, form, diff=diff) if fix or diff else _check(desk, settings)
    desk = replace(desk, reader=checked.reader)
    if not checked.files:
        fail(f"no schedules in {', '.join(desk.paths)}: a schedule is YAML or JSON with trigger and create_job")
    result = checked.result
    if update_baseline and known is not None:
        result = _renew_baseline(known, checked, settings)
    desk.remark_unused(checked.reader, found=result.findings)
    _remark_idle_budgets(desk, checked, settings)
    context = make_context(desk, checked.files, rules.fail_on)
    if not (fix or diff):
        context = replace(context, fixable=_count_fixable(result, checked))
    # What is fixed of stdin goes to stdout.
    write_result(result, form, context, err=fix and not diff and STDIN in desk.paths)
    sys.exit(exit_status(result, rules.fail_on))


def _check(desk: Desk, settings: CheckSettings) -> Checked:
    files = tuple(load_all(desk, desk.paths))
    return Checked(files=files, result=check_files(files, settings), reader=desk.reader)


def _check_fixed(desk: Desk, settings: CheckSettings, form: str, *, diff: bool) -> Checked:
    """What is left to find when everything that can be is fixed. Ends the command with 1 where there is a diff to show."""
    from pytest_mlschedule.cli import fixing  # costs time that few need

    fixing.refuse_options(desk, form, "--diff" if diff else "--fix")
    fixed = fixing.fix_desk(desk, settings)
    if not diff:
        fixing.write_fixed(desk, fixed, form)
    elif fixed.files:
        fixing.show_diff(fixed)
        sys.exit(FINDINGS)
    return fixed.checked


def _remark_idle_budgets(desk: Desk, checked: Checked, settings: CheckSettings) -> None:
    """Of a part of the schedules nothing is said: others may have the names."""
    if not desk.config.budgets or not settings.whole or any(file.is_broken for file in checked.files):
        return
    from pytest_mlschedule.cli.budget_remarks import list_idle_budgets  # costs time that few need

    schedules = [schedule for file in checked.files for schedule in file.schedules]
    for said in list_idle_budgets(desk.config.budgets, schedules, settings.jobs):
        click.echo(f"mlschedule: {said}", err=True)


def _count_fixable(result: CheckResult, checked: Checked) -> int:
    documents = [file.document for file in checked.files if file.document]
    return count_fixable(result.findings, [*documents, *checked.reader.referred])


def _load_rates(desk: Desk, options: CostOptions) -> Rates | None:
    rates = load_rates(desk, options)
    if options.given and not need_rates(desk.config.budgets):
        text = "no budget counts money or nodes (max_cost_per_month, max_concurrent_nodes): prices and history say nothing here"
        click.echo(f"mlschedule: {text}", err=True)
    return rates


def make_settings(
    desk: Desk, rules: Rules, baseline: Baseline | None = None, rates: Rates | None = None
) -> CheckSettings:
    """How to check what lies on a desk. ``rates``: what budgets are counted with, by default what the configuration says."""
    settings = checking.make_settings(desk.config, now=desk.now, jobs=load_jobs(desk), reader=desk.reader)
    return replace(
        settings,
        selection=settings.selection.narrow(select=rules.select, ignore=rules.ignore),
        whole=all(desk.reader.files.is_folder(path) for path in desk.paths) or not desk.given,
        baseline=baseline,
        rates=load_rates(desk) if rates is None else rates,
    )


def make_context(desk: Desk, files: Sequence[LoadedFile], fail_on: Severity) -> CheckContext:
    """What a writer of findings needs to know."""
    styled: dict[str, Any] = {"paint": _paint} if sys.stdout.isatty() else {}
    return CheckContext(
        files=tuple(os.path.normpath(file.path) for file in files),
        read_text=_texts(files, desk.reader),
        now=desk.now,
        fail_on=fail_on,
        width=terminal_width(sys.stdout),
        root=find_root(os.getcwd()),
        **styled,
    )


def write_result(result: CheckResult, form: str, context: CheckContext, *, err: bool = False) -> None:
    """Write what was found to stdout (or stderr); what several schedules share names them."""
    click.echo(FORMATS[form]()(tell_users(result), context), nl=False, err=err)


def exit_status(result: CheckResult, fail_on: Severity) -> int:
    """2 where a file could not be read, 1 for findings at or above a severity, else 0."""
    if any(item.code == UNREADABLE for item in result.findings):
        return USAGE
    return FINDINGS if any(item.severity.rank >= fail_on.rank for item in result.findings) else 0


def _load_baseline(desk: Desk, option: str | None, *, writing: bool) -> Baseline | None:
    """The baseline of the command line or the configuration. Ends the command with 2 where it cannot be used."""
    path = option or desk.config.baseline
    if path is None:
        if writing:
            raise click.UsageError("--update-baseline needs --baseline FILE, or baseline in the configuration")
        return None
    if not os.path.exists(path):
        if not writing:
            fail(f"{path}: no such file; --update-baseline writes it")
        return Baseline(path=path)
    try:
        return checking.load_baseline(path)
    except DefinitionError as failure:
        show(failure.diagnostics)
        sys.exit(USAGE)


def _renew_baseline(known: Baseline, checked: Checked, settings: CheckSettings) -> CheckResult:
    """Write what was found to the baseline; what is left to find then."""
    renewed = checked.result.baseline
    assert renewed is not None  # there was one to check with
    _save_baseline(known, renewed)
    return check_files(checked.files, replace(settings, baseline=renewed, reader=checked.reader))


def _save_baseline(before: Baseline, after: Baseline) -> None:
    replace_file(after.path, write_baseline(after))
    old, new = Counter(before.counts), Counter(after.counts)
    added, gone = (new - old).total(), (old - new).total()
    known = f"{new.total()} finding{'' if new.total() == 1 else 's'}"
    click.echo(f"mlschedule: {after.path} knows {known} now ({added} more, {gone} gone)", err=True)


def _texts(files: Sequence[LoadedFile], reader: Reader) -> Callable[[str], str | None]:
    """What gives the text of a file by its path, of one too that is no YAML."""
    piped = {str(file.path): file.document.written for file in files if file.document and str(file.path)[0] == "<"}

    def read_text(path: str) -> str | None:
        return piped.get(path) or reader.text(path) or _read_raw(path, reader)

    return read_text


def _read_raw(path: str, reader: Reader) -> str | None:
    try:
        return reader.files.read(path, YAML_LIMIT).decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return None


def _paint(text: str, style: Style) -> str:
    return click.style(text, **_COLOURS[style])
