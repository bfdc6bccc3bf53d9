"""MLS707: who costs more in a month than a budget allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from pytest_mlschedule.checks.excess import Case, Excess, list_shares
from pytest_mlschedule.checks.limits import UTC_KEY, Starts
from pytest_mlschedule.checks.periods import Period, find_months
from pytest_mlschedule.checks.spending import Costs, Unknown, show_amount
from pytest_mlschedule.checks.undecided import say_undecided
from pytest_mlschedule.triggers.zones import zone

HINT = "run less often, for less time or on cheaper nodes, or raise max_cost_per_month; mlschedule estimate has all the figures"


class _Month(NamedTuple):
    """The dearest month of a group, and how many months cost too much."""

    name: str
    costs: Costs
    over: int


def find_costs(case: Case) -> Iterator[Excess]:
    """The dearest of the months of UTC that the window touches, for each group that costs too much in one; and what is not known.

    All schedules together pay for nodes too that are always on.
    """
    months = find_months(*case.span, zone(UTC_KEY))
    unknown: list[Unknown] = []
    known: list[_Month] = []
    for group in case.named_groups if months else ():
        costs = [_sum_up(case, month, group) for month in months]
        dearest = max(range(len(months)), key=lambda index: costs[index].known)
        found = _Month(months[dearest].name, costs[dearest], sum(one.known > case.value for one in costs))
        if found.over:
            yield _too_dear(case, group, found)
        else:
            unknown += [one for cost in costs for one in cost.unknown]
            known.append(found)
    yield from say_undecided(case, unknown, _say_known(case, known))


def _sum_up(case: Case, month: Period, group: Sequence[Starts]) -> Costs:
    return case.spending.costs(month, {one.schedule for one in group}, always_on=case.budget.scope == "total")


def _say_known(case: Case, months: Sequence[_Month]) -> str:
    """What a group costs at least; of schedules with a budget each nothing is said."""
    if case.budget.scope == "schedule" or not months or not months[0].costs.known:
        return ""
    return f"comes to {_show(case, months[0].costs.known)} in {months[0].name}"


def _show(case: Case, amount: Decimal) -> str:
    return show_amount(amount, case.spending.rates.currency, beside=case.value)


def _too_dear(case: Case, group: Sequence[Starts], month: _Month) -> Excess:
    costs, period = month.costs, f"{month.name} (UTC)"
    shown = _show(case, costs.known)
    paid = {name: amount for name, amount in costs.amounts.items() if amount}
    text = f"{case.who(group, 'cost')} {'at least ' if costs.unknown else ''}{shown} in {period}"
    if case.budget.scope != "schedule":
        text += f": {list_shares((name, show_amount(amount)) for name, amount in paid.items())}"
    text += f"; {case.origin} allows {show_amount(case.value, beside=costs.known)} a month"
    if month.over > 1:
        text += f"; {month.over - 1} more month{'s cost' if month.over > 2 else ' costs'} too much as well"
    if costs.unknown:
        text += f"; not known: {_name_unknown(costs.unknown)}"
    given = {one.schedule: one for one in reversed(group)}
    shares = [(given[name], amount) for name, amount in paid.items() if name in given]
    return case.excess(
        shares or [(group[0], Decimal(0))],
        text,
        f"{HINT}; {case.spending.priced}" if case.spending.priced else HINT,
        period=period,
        count=costs.known,
        allowed=case.value,
        periods=month.over,
        shown=shown,
    )


def _name_unknown(unknown: Sequence[Unknown]) -> str:
    more = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
    return f"{unknown[0].name}{more} ({unknown[0].reason})"
