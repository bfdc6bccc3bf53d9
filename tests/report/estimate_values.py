"""Estimates written down value by value, for tests of how they are shown."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from pytest_mlschedule.costs.advice import Advice, Move
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.estimate import (
    ComputeEstimate,
    ComputeUse,
    Estimate,
    LogicAppUse,
    MonthShare,
    ScheduleEstimate,
)
from pytest_mlschedule.costs.footprints import Clock
from pytest_mlschedule.costs.loads.load import Load, measure_load
from pytest_mlschedule.costs.loads.load_demand import Demand
from pytest_mlschedule.costs.loads.load_week import HourLoad
from pytest_mlschedule.costs.loads.percentiles import Spread
from pytest_mlschedule.costs.loads.slots import Slot
from pytest_mlschedule.costs.outlook import ComputeOutlook, Outlook
from pytest_mlschedule.triggers.window import Window

START, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
MARCH = Window(START, END)
MARCH_1 = int(START.timestamp())
CPU = Compute(name="cpu", size="Standard_A", region="eastus", max_nodes=2)


def known(name: str = "nightly", cost: str = "12.3456", logic_app: str = "0.001") -> ScheduleEstimate:
    """31 runs of 45 minutes on a node of cpu, 10 minutes idle each."""
    return ScheduleEstimate(
        name=name,
        runs=31,
        compute=ComputeUse(
            names=("cpu",),
            nodes=1,
            duration=2_700,
            origin=f"durations.{name}",
            busy=31 * 2_700,
            idle=31 * 600,
            cost=Decimal(cost),
        ),
        logic_app=LogicAppUse(executions=62, cost=Decimal(logic_app)),
        months={"2026-03": MonthShare(31, Decimal(cost) + Decimal(logic_app))},
    )


def unknown(name: str = "weekly", reason: str = "nobody knows", hint: str = "ask") -> ScheduleEstimate:
    """4 runs of which nothing is known."""
    return ScheduleEstimate(
        name=name,
        runs=4,
        compute=ComputeUse(reason=reason, hint=hint),
        logic_app=LogicAppUse(executions=8, reason="no price of actions", hint="fetch it"),
        months={"2026-03": MonthShare(4, None)},
    )


def estimate(*schedules: ScheduleEstimate, computes: tuple[ComputeEstimate, ...] = (), **more: object) -> Estimate:
    """An estimate of March 2026 in USD."""
    given: dict[str, object] = {"currency": "USD", **more}
    return Estimate(window=MARCH, schedules=schedules, computes=computes, **given)  # type: ignore[arg-type]


def always_on(name: str = "cpu", cost: str | None = "5", **more: object) -> ComputeEstimate:
    """A compute of which a node waits for 100 hours."""
    given: dict[str, object] = {"waiting": 360_000, "waiting_cost": cost and Decimal(cost), **more}
    return ComputeEstimate(name=name, **given)  # type: ignore[arg-type]


def crowded() -> Load:
    """Three runs of an hour, at 00:00, 00:00 and 00:00:30 of the first of March, on two nodes; one waits for 3,570 s."""
    demands = [
        Demand("a", [MARCH_1, MARCH_1 + 30], 1, Duration(3_600)),
        Demand("b", [MARCH_1], 1, Duration(3_600)),
    ]
    return measure_load(demands, CPU, MARCH.epochs)


def move(*, owner: str = "a", seconds: int = 3_600, zone: Clock | None = None) -> Move:
    """Advice to move a run at 00:00 UTC of the first of March."""
    slot = Slot(owner, seconds, 3, 2, MARCH_1, MARCH_1 + seconds)
    return Move(slot, zone or Clock("UTC", "UTC"))


def advice() -> Advice:
    """One move, and two quiet hours."""
    return Advice(moves=(move(),), quiet=(HourLoad(0, 0, 3_600), HourLoad(167, 0, 3_600)))


def outlook(*, bill: bool = True) -> Outlook:
    """What 50 trials came to."""
    one = ComputeOutlook(
        name="cpu",
        asked_runs=Spread(2, 3),
        asked_nodes=Spread(3, 5),
        longest_delay=Spread(0, 5_400),
        mean_delay=Spread(0.5, 1.5),
    )
    amounts = Spread(Decimal("10.004"), Decimal("1234.565")) if bill else None
    return Outlook(trials=50, seed=7, bill=amounts, computes=(one,))
