"""Schedules, computes and prices of which a bill can be made, for tests to vary. All money in USD."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from price_data import action_item, page_of, vm_item

from pytest_mlschedule import load_job
from pytest_mlschedule.costs.billing_trials import Trials
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.estimate import Estimate
from pytest_mlschedule.costs.estimating import make_estimate
from pytest_mlschedule.costs.footprints import CostedSchedule
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.rates import Rates
from pytest_mlschedule.costs.run_durations import RunDurations, read_duration
from pytest_mlschedule.costs.settings import CostSettings
from pytest_mlschedule.planning.recorded import RecordedTimes
from pytest_mlschedule.triggers.window import Window

ACTION_PRICE = Decimal("0.000025")
SIZES = {
    ("Standard_A", ""): "0.36",  # a cent is 100 seconds of a node
    ("Standard_A", " Low Priority"): "0.072",
    ("Standard_B", ""): "1.80",  # a cent is 20 seconds of a node
}
"""Prices of a node an hour by size and what its meter adds for a tier."""


def price_items() -> list[dict[str, Any]]:
    """Items of machines and of Logic Apps: 4,000 executions free, then 0.000025 each."""
    machines = [
        vm_item(
            armSkuName=size, skuName=size + tier, meterName=size + tier, meterId=size + tier, retailPrice=Decimal(price)
        )
        for (size, tier), price in SIZES.items()
    ]
    return [*machines, action_item(0.0, 0.0), action_item(4000.0, 0.000025)]


PRICES = PriceList.from_data(page_of(*price_items()), source="prices.json")
CPU = Compute(name="cpu", size="Standard_A", region="eastus")
GPU = Compute(name="gpu", size="Standard_B", region="eastus")


def at(text: str) -> datetime:
    """An instant of UTC: ``2026-03-01``, ``2026-03-01T02:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def epoch(text: str) -> int:
    """The same in epoch seconds."""
    return int(at(text).timestamp())


def window(start: str, end: str) -> Window:
    """A half-open window of UTC."""
    return Window(at(start), at(end))


MARCH = window("2026-03-01", "2026-04-01")
MARCH_1 = epoch("2026-03-01")
HOUR = 3600


def runs(name: str, times: Iterable[int], *, compute: str | None = "cpu", **more: Any) -> CostedSchedule:
    """A schedule that runs at these seconds after 2026-03-01T00:00Z on a compute."""
    recorded = RecordedTimes([MARCH_1 + second for second in times])
    return CostedSchedule(name=name, occurrences=recorded, compute=compute, **more)


def pipeline(*steps: str) -> Any:
    """A pipeline of steps: ``name compute nodes after``; ``after``: the step whose output it takes, ``-`` for none."""
    text = "type: pipeline\njobs:\n"
    for step in steps:
        name, compute, nodes, after = step.split()
        text += f"  {name}:\n    type: command\n    environment: azureml:e@latest\n    compute: azureml:{compute}\n"
        text += f"    resources: {{instance_count: {nodes}}}\n    outputs: {{o: {{type: uri_folder}}}}\n"
        command = "echo"
        if after != "-":
            text += f'    inputs: {{x: "${{{{parent.jobs.{after}.outputs.o}}}}"}}\n'
            command = "echo ${{inputs.x}}"
        text += f"    command: {command}\n"
    return load_job(io.StringIO(text))


def rates(
    computes: Iterable[Compute] = (CPU,), durations: Mapping[str, object] | None = None, **settings: Any
) -> Rates:
    """What a bill is made with; ``durations`` as people write them, ``settings``: fields of CostSettings."""
    known = RunDurations(configured={name: read_duration(value) for name, value in (durations or {}).items()})
    described = CostSettings(computes={one.name: one for one in computes}, **settings)
    return Rates(prices=PRICES, durations=known, settings=described)


def estimate(
    schedules: Iterable[CostedSchedule],
    computes: Iterable[Compute] = (CPU,),
    durations: Mapping[str, object] | None = None,
    *,
    during: Window = MARCH,
    trials: Trials | None = None,
    **settings: Any,
) -> Estimate:
    """The estimate of schedules in March 2026, or during another window."""
    return make_estimate(schedules, during, rates(computes, durations, **settings), trials, advise=True)


def with_fields(compute: Compute, **fields: Any) -> Compute:
    """A compute with other fields."""
    return replace(compute, **fields)
