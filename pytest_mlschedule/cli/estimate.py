"""``mlschedule estimate``: how many runs, node hours, how much money, and whether it fits."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

import click

from pytest_mlschedule.cli.cost_options import costing_options
from pytest_mlschedule.cli.costing import load_rates
from pytest_mlschedule.cli.desk import Desk, created_at_option, desk_command
from pytest_mlschedule.cli.loading import load_jobs, load_paths, refuse, report
from pytest_mlschedule.cli.output import terminal_width
from pytest_mlschedule.cli.parameters import read_end, window_options
from pytest_mlschedule.costs.billing_trials import Trials
from pytest_mlschedule.costs.estimate import Estimate
from pytest_mlschedule.costs.estimating import make_estimate
from pytest_mlschedule.costs.rates import Rates
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.planning.estimates import describe_part
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.planner import plan_runs

MONTH = timedelta(days=30)
MOST_DRAWS = 2_000_000
TRIALS = 200
Form = Literal["table", "json", "markdown", "csv"]


@click.command()
@window_options("window of the configuration, else 30d")
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(["table", "json", "markdown", "csv"]),
    default="table",
    show_default=True,
    help="Format; json and csv have exact amounts, the others cents.",
)
@click.option(
    "--trials",
    type=click.IntRange(min=0, max=100_000),
    metavar="N",
    help="Trials with random durations, for the spread of bill, peaks and delays; 0: none. "
    f"Default: {TRIALS} where durations differ and there are at most {MOST_DRAWS // TRIALS:,} runs.",
)
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="The seed of the trials.")
@costing_options
@created_at_option
@desk_command
def estimate(
    desk: Desk,
    *,
    start: str | None,
    end: str | None,
    length: timedelta | None,
    form: Form,
    trials: int | None,
    seed: int,
    prices: Sequence[str],
    history: Sequence[str],
    currency: str | None,
) -> None:
    """Estimate what schedules take and cost: runs, node hours, money, how full computes get.

    Durations of runs come from [durations] of the configuration or from --history, computes from [computes.NAME], prices from
    files. What is not known is shown as unknown, with the reason; it never counts as 0.

    Exit status: 0, also where something is unknown; 1 when a definition has errors; 2 for wrong usage and unreadable files.
    """
    first = desk.read("--from", start) or desk.now
    last = read_end(desk.read("--to", end), first, length, desk.window(MONTH))
    rates = load_rates(desk, prices, history, currency)
    jobs = load_jobs(desk)
    schedules = load_paths(desk)
    try:
        plan = plan_runs(schedules, first, last, created_at=desk.created_at, jobs=jobs, profile=desk.profile)
    except DefinitionError as failure:
        refuse(failure.diagnostics)
    report(plan.notes)
    _write(estimate_plan(plan, rates, choose_trials(plan, rates, trials, seed, f"--trials {TRIALS} makes it")), form)


def estimate_plan(plan: Plan, rates: Rates, trials: Trials | None = None) -> Estimate:
    """The estimate of a plan."""
    return make_estimate(map(describe_part, plan.parts), plan.window, rates, trials, advise=True)


def choose_trials(plan: Plan, rates: Rates, number: int | None, seed: int, way: str) -> Trials | None:
    """The trials that are asked for; by default as many as are worth their time. ``way``: what to do where that is none."""
    if number is None:
        durations = rates.durations
        spread = any(one.is_spread for one in (*durations.configured.values(), *durations.measured.values()))
        few = len(plan) * TRIALS <= MOST_DRAWS
        number = TRIALS if spread and few else 0
        if spread and not few:
            click.echo(f"mlschedule: no spread: {len(plan):,} runs take their time; {way}", err=True)
    return Trials(number, seed) if number else None


def _write(found: Estimate, form: Form) -> None:
    # Each is imported when it is asked for: the command answers faster.
    if form == "json":
        from pytest_mlschedule.report.estimate_json import write_json

        text = write_json(found)
    elif form == "csv":
        from pytest_mlschedule.report.estimate_csv import write_csv

        text = write_csv(found)
    elif form == "markdown":
        from pytest_mlschedule.report.estimate_markdown import write_markdown

        text = write_markdown(found)
    else:
        from pytest_mlschedule.report.estimate_table import write_table

        text = "".join(write_table(found, terminal_width(sys.stdout)))
    click.echo(text, nl=False)
