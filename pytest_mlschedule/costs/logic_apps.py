"""The Logic Apps behind schedules: one each, billed by executions of built-in actions, month by month (semantics WS-8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pytest_mlschedule.costs.charges import round_money
from pytest_mlschedule.costs.money import apply_discount, split_exactly
from pytest_mlschedule.costs.prices.meters import FREE_EXECUTIONS, Meter, Unpriced, charge_month, find_grant
from pytest_mlschedule.costs.rates import Rates
from pytest_mlschedule.costs.settings import ASSUMED_ACTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicAppBill:
    """What the Logic Apps of all schedules cost. ``costs``: by schedule and month; None is unknown, ``reason`` says why.

    ``actions``: built-in actions each time a schedule fires. ``remark``: which executions are free.
    """

    actions: int
    costs: Mapping[str, Sequence[Decimal | None]]
    meter: Meter | None = None
    remark: str = ""
    reason: str = ""
    hint: str = ""


def bill_logic_apps(counts: Mapping[str, Sequence[int]], rates: Rates, day: date) -> LogicAppBill:
    """The bill of runs by schedule and month. All share the free executions of a month, in proportion to what they execute."""
    actions = rates.settings.actions_per_run or ASSUMED_ACTIONS
    meter = rates.action_meter(day)
    if isinstance(meter, Unpriced):
        return _bill_unpriced(counts, actions, meter, rates.settings.free_executions)
    columns = [_bill_month(runs, actions, meter, rates) for runs in zip(*counts.values(), strict=True)]
    shares = zip(*columns, strict=True) if columns else ((),) * len(counts)
    remark = find_grant(meter, rates.settings.free_executions).remark
    return LogicAppBill(
        actions=actions, costs=dict(zip(counts, map(list, shares), strict=True)), meter=meter, remark=remark
    )


def _bill_unpriced(
    counts: Mapping[str, Sequence[int]], actions: int, meter: Unpriced, free: int | None
) -> LogicAppBill:
    """Without a price: months that the grant covers cost nothing whatever the price is, of the others nobody knows."""
    grant = FREE_EXECUTIONS if free is None else free
    covered = [sum(runs) * actions <= grant for runs in zip(*counts.values(), strict=True)]
    costs = {
        name: [
            Decimal(0) if free_of_charge or not runs else None
            for runs, free_of_charge in zip(months, covered, strict=True)
        ]
        for name, months in counts.items()
    }
    remark = f"the first {grant:,} executions of a month are taken as free" if grant and any(covered) else ""
    return LogicAppBill(actions=actions, costs=costs, remark=remark, reason=meter.reason, hint=meter.hint)


def _bill_month(runs: Sequence[int], actions: int, meter: Meter, rates: Rates) -> list[Decimal]:
    """What each schedule pays for one month."""
    executions = [count * actions for count in runs]
    charge = charge_month(meter, sum(executions), rates.settings.free_executions)
    return split_exactly(round_money(apply_discount(charge, rates.settings.price_factor)), executions)
