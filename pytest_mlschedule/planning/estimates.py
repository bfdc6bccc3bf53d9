"""What the runs of a plan cost."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pytest_mlschedule.costs.billing_trials import Trials
from pytest_mlschedule.costs.computes import Compute, compute_name
from pytest_mlschedule.costs.durations import Duration, measure
from pytest_mlschedule.costs.estimate import Estimate
from pytest_mlschedule.costs.estimating import make_estimate
from pytest_mlschedule.costs.footprints import CostedSchedule, describe_schedule
from pytest_mlschedule.costs.prices.price_files import read_prices
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.rates import Rates
from pytest_mlschedule.costs.run_durations import RunDurations, read_duration
from pytest_mlschedule.costs.settings import CostSettings
from pytest_mlschedule.history.history import History
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.run import ScheduleRuns

Path = str | os.PathLike[str]
Prices = PriceList | Path | Iterable[Path] | Mapping[str, Any] | Iterable[Mapping[str, Any]]
Durations = RunDurations | History | Mapping[str, object]
NO_SETTINGS = CostSettings()


def estimate_runs(
    plan: Plan,
    prices: Prices | None = None,
    durations: Durations | None = None,
    *,
    computes: Iterable[Compute] | Mapping[str, Compute] = (),
    settings: CostSettings = NO_SETTINGS,
    trials: Trials | int | None = None,
) -> Estimate:
    """What the runs of a plan cost: ``estimate.total`` is a Decimal, or None where a part is not known.

    ``prices``: pages of the Azure Retail Prices API, as files, folders or data. ``durations``: how long runs take, by the name of
    a schedule or pipeline (``{"nightly": "45m", "train": {"p50": "30m", "p95": "1h"}}``), or a History, which is measured.
    ``settings``: what a configuration says; ``computes`` and ``durations`` count more. ``trials``: how many, for the spread of
    bill, peaks and delays.

    Raises DefinitionError for price files, ValueError and TypeError for durations that are none.
    """
    if not isinstance(plan, Plan):
        raise TypeError(f"estimate_runs takes a plan, as plan_runs makes it of schedules, not {type(plan).__name__}")
    if isinstance(computes, Compute) or not isinstance(computes, Iterable):
        raise TypeError(f"computes are several Compute(name=..., size=..., region=...), not {type(computes).__name__}")
    given = computes.values() if isinstance(computes, Mapping) else computes
    configured = (
        {name: _read(name, value) for name, value in durations.items()} if isinstance(durations, Mapping) else {}
    )
    settings = replace(
        settings,
        computes={**settings.computes, **{compute.name: compute for compute in map(_name_plainly, given)}},
        durations={**settings.durations, **configured},
    )
    rates = Rates(
        prices=_load_prices(prices, settings.currency),
        durations=_combine(durations, settings),
        settings=settings,
        remarks=describe_history(durations) if isinstance(durations, History) else (),
    )
    if isinstance(trials, int) and not isinstance(trials, bool):
        trials = Trials(trials) if trials else None
    if trials is not None and not isinstance(trials, Trials):
        raise TypeError(f"trials are a number or Trials(number, seed), not {type(trials).__name__}")
    return make_estimate(map(describe_part, plan.parts), plan.window, rates, trials, advise=True)


def make_rates(settings: CostSettings, prices: PriceList | None, history: History | None) -> Rates:
    """What bills are made with: what a configuration says, prices, and a history that is measured."""
    return Rates(
        prices=prices,
        durations=_combine(history, settings),
        settings=settings,
        remarks=() if history is None else describe_history(history),
    )


def measure_durations(history: History) -> dict[str, Duration]:
    """How long the runs of each schedule took: its completed jobs. Failed and canceled ones say nothing of it."""
    measured = {name: measure(outcomes.completed) for name, outcomes in history.durations().items()}
    return {name: duration for name, duration in measured.items() if duration is not None}


def describe_history(history: History) -> tuple[str, ...]:
    """What an estimate takes for granted when it measures runs: what there is besides completed ones."""
    outcomes = history.durations().values()
    completed, failed, canceled = (
        sum(len(getattr(one, name)) for one in outcomes) for name in ("completed", "failed", "canceled")
    )
    text = f"history: {completed:,} completed run{' was' if completed == 1 else 's were'} measured"
    if failed or canceled:
        text += (
            f"; {failed:,} failed and {canceled:,} canceled ones are left out, every planned run is taken to complete"
        )
    return (text,)


def describe_part(part: ScheduleRuns) -> CostedSchedule:
    """What a bill looks at: the runs of one schedule of a plan, of one that was read back too."""
    source = part.source
    if part.definition is None:
        return CostedSchedule(
            name=source.schedule, occurrences=part.occurrences, compute=source.compute, tags=source.tags
        )
    return describe_schedule(part.definition, getattr(source, "job", None), part.occurrences)


def _name_plainly(compute: Compute) -> Compute:
    """The compute without ``azureml:`` before its name, as jobs may write it."""
    if not isinstance(compute, Compute):
        raise TypeError(f"computes are Compute(name=..., size=..., region=...), not {type(compute).__name__}")
    return replace(compute, name=compute_name(compute.name))


def _read(name: str, value: object) -> Duration:
    try:
        return read_duration(value)
    except (TypeError, ValueError) as failure:
        raise type(failure)(f"durations[{name!r}]: {failure}") from None


def _combine(durations: Durations | None, settings: CostSettings) -> RunDurations:
    if durations is not None and not isinstance(durations, RunDurations | History | Mapping):
        text = 'durations are lengths by name, such as {"nightly": "45m"}, or a History'
        raise TypeError(f"{text}, not {type(durations).__name__}")
    if isinstance(durations, RunDurations):
        return replace(durations, configured={**settings.durations, **durations.configured})
    measured = measure_durations(durations) if isinstance(durations, History) else {}
    return RunDurations(configured=settings.durations, measured=measured, has_history=isinstance(durations, History))


def _load_prices(prices: Prices | None, currency: str | None) -> PriceList | None:
    if prices is None or isinstance(prices, PriceList):
        return prices
    if isinstance(prices, str | os.PathLike):
        return read_prices([prices], currency=currency)
    if isinstance(prices, Mapping):
        return PriceList.from_data(prices, currency=currency)
    if not isinstance(prices, Iterable):
        raise TypeError(f"prices are files, or pages of the Azure Retail Prices API, not {type(prices).__name__}")
    given = list(prices)
    pages = [one for one in given if isinstance(one, Mapping)]
    if pages and len(pages) == len(given):
        return PriceList.from_data(pages, currency=currency)
    return read_prices([one for one in given if not isinstance(one, Mapping)], currency=currency)
