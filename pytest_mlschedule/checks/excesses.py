"""Who exceeds which budget: pure, for anything that can say when it runs, with which compute and tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from pytest_mlschedule.checks.excess import SHOWN, Case, Excess, list_shares, show_wall
from pytest_mlschedule.checks.limits import Budget, QuietHours, Starts
from pytest_mlschedule.checks.periods import Period, count_runs, find_days, find_months, find_quiet
from pytest_mlschedule.triggers.window import Window
from pytest_mlschedule.triggers.wording import list_names, nearest
from pytest_mlschedule.triggers.zones import zone

if TYPE_CHECKING:
    from pytest_mlschedule.checks.spending import Spending

_MINUTE = 60
# So many seconds at a time are looked at for the busiest minute: what is counted stays small.
_STRIDE = 31 * 86_400
_MORE_THAN_CADENCE = 2
"""The most runs of one schedule in a minute: its cadence gives one at most, and there may be one at creation besides."""


def find_excesses(
    budgets: Iterable[Budget], starts: Iterable[Starts], window: Window, spending: Spending | None = None
) -> Iterator[Excess]:
    """Every limit that is not kept, and those of which nobody knows, in the order of the budgets.

    ``window`` (half-open) is what limits of starts per minute, of nodes and of quiet hours look at. Runs per day and month and
    costs per month are counted over all days and calendar months that it touches, as wholes: a window that ends on the second of
    a month hides nothing. ``spending``: what the same schedules cost; needed where a budget counts costs or nodes (see
    ``Budget.needs_rates``).
    """
    every = list(starts)
    span = window.epochs
    for budget in budgets:
        concerned = [one for one in every if _concerns(budget, one)]
        for name, find in _FINDERS.items():
            value = getattr(budget, name)
            if concerned and value is not None and value != ():
                yield from find(Case(budget, name, value, concerned, span, spending))


def carries(tags: Mapping[str, Any], wanted: str) -> bool:
    """Whether tags have "team" (with any value), or "team=ml" (with this one)."""
    key, equals, value = wanted.partition("=")
    return key in tags and (not equals or str(tags[key]) == value)


def _concerns(budget: Budget, one: Starts) -> bool:
    if budget.scope == "schedule":
        return fnmatchcase(one.schedule, budget.name)
    return budget.scope == "total" or carries(one.tags, budget.name)


def _find_too_many(case: Case, periods: list[Period], unit: str, per: str) -> Iterator[Excess]:
    """The worst of the periods for each group that has too many runs in one. Counts are closed form."""
    if not periods:
        return
    start, end = periods[0].start, periods[-1].end
    for group in case.groups:
        totals = [(one, one.count_between(start, end)) for one in group]
        active = [one for one, total in totals if total]
        if sum(total for _, total in totals) <= case.value:
            continue
        counts = [sum(column) for column in zip(*(count_runs(one, periods) for one in active), strict=True)]
        over = sum(count > case.value for count in counts)
        if over:
            worst = max(range(len(periods)), key=lambda index: counts[index])
            zone_name = case.budget.zone_name
            named = periods[worst]._replace(name=f"{periods[worst].name} ({zone_name})")
            yield _too_many(case, active, named, Worst(counts[worst], over, unit, per))


@dataclass(frozen=True, slots=True)
class Worst:
    """The largest count of some periods, how many of them have too much, and what they are called."""

    count: int
    over: int
    unit: str
    per: str


def _too_many(case: Case, group: Sequence[Starts], period: Period, worst: Worst) -> Excess:
    parts = [(one, one.count_between(period.start, period.end)) for one in group]
    shares = sorted(((one, count) for one, count in parts if count), key=lambda part: (-part[1], part[0].schedule))
    preposition = "on" if worst.unit == "day" else "in" if worst.unit == "month" else "at"
    text = f"{case.who(group)} {_runs(worst.count)} {preposition} {period.name}"
    if case.budget.scope != "schedule":
        text += f": {list_shares((one.schedule, str(count)) for one, count in shares)}"
    text += f"; {case.origin} allows {case.value} {worst.per}"
    if worst.over > 1:
        text += f"; {worst.over - 1} more {worst.unit}{'s have' if worst.over > 2 else ' has'} too many as well"
    hint = f"run less often, or raise {case.limit}"
    if worst.unit == "minute":
        hint = f"spread the starts over several minutes, or raise {case.limit}"
    return case.excess(
        shares, text, hint, period=period.name, count=worst.count, allowed=case.value, periods=worst.over
    )


def _runs(count: int) -> str:
    return f"{count} run{'' if count == 1 else 's'}"


def _find_days(case: Case) -> Iterator[Excess]:
    days = find_days(*case.span, zone(case.budget.zone_key))
    return _find_too_many(case, days, "day", "a day")


def _find_months(case: Case) -> Iterator[Excess]:
    months = find_months(*case.span, zone(case.budget.zone_key))
    return _find_too_many(case, months, "month", "a month")


def _find_minutes(case: Case) -> Iterator[Excess]:
    start, end = case.span
    for group in case.groups:
        active = [one for one in group if one.count_between(start, end)]
        if _MORE_THAN_CADENCE * len(active) <= case.value:
            continue
        count, minute, over = _busiest_minute(active, case)
        if over:
            named = Period(show_wall(minute, case.budget.zone_key), minute, minute + _MINUTE)
            named = named._replace(name=f"{named.name} ({case.budget.zone_name})")
            yield _too_many(case, active, named, Worst(count, over, "minute", "a minute"))


def _busiest_minute(group: Sequence[Starts], case: Case) -> tuple[int, int, int]:
    """The most starts in one minute, the first such minute (epoch seconds), and how many minutes have too many."""
    start, end = case.span[0] // _MINUTE * _MINUTE, case.span[1]
    most, busiest, over = 0, start, 0
    for begin in range(start, end, _STRIDE):
        seconds: Counter[int] = Counter()
        for one in group:
            seconds.update(one.epochs_between(begin, min(begin + _STRIDE, end)))
        minutes: Counter[int] = Counter()
        for epoch, count in seconds.items():
            minutes[epoch // _MINUTE] += count
        over += sum(count > case.value for count in minutes.values())
        count, minute = max(((count, -minute) for minute, count in minutes.items()), default=(0, 0))
        if count > most:
            most, busiest = count, -minute * _MINUTE
    return most, busiest, over


def _find_quiet_runs(case: Case) -> Iterator[Excess]:
    for hours in case.value:
        periods = find_quiet(*case.span, hours)
        for one in case.starts if periods else ():
            counts = count_runs(one, periods)
            count = sum(counts)
            if count:
                yield _quiet_excess(case, one, hours, [period for period, n in zip(periods, counts, strict=True) if n])


def _quiet_excess(case: Case, one: Starts, hours: QuietHours, periods: Sequence[Period]) -> Excess:
    count = sum(one.count_between(period.start, period.end) for period in periods)
    first = [epoch for period in periods[:SHOWN] for epoch in one.epochs_between(period.start, period.end)[:SHOWN]]
    times = ", ".join(show_wall(epoch, hours.zone_key) for epoch in first[:SHOWN])
    span = f"{_clock(hours.start)}-{_clock(hours.end)} ({hours.zone_name})"
    text = f"{one.schedule} starts {_runs(count)} in the quiet hours {span} of {case.origin}: {times}"
    text += ", ..." if count > SHOWN else ""
    hint = "move its hours, or change quiet_hours"
    return case.excess([(one, count)], text, hint, count=count, subject=span)


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second % 3600 // 60:02}"


def _find_computes(case: Case) -> Iterator[Excess]:
    allowed = [name.removeprefix("azureml:") for name in case.value]
    for one in case.starts:
        for compute in dict.fromkeys(one.computes):
            name = compute_name(compute)
            if not any(fnmatchcase(name, pattern) for pattern in allowed):
                text = f"{one.schedule} uses the compute {name!r}; {case.origin} allows {list_names(allowed, 'or')}"
                near = nearest(name, allowed, cutoff=0.75)
                hint = f"did you mean {near[0]}?" if near else "use an allowed compute, or add it to allowed_computes"
                yield case.excess([(one, 0)], text, hint, subject=compute)


def compute_name(compute: str) -> str:
    """The name of a compute: of ``azureml:cpu-cluster`` and of an ARM id the last part."""
    return compute.removeprefix("azureml:").rstrip("/").rsplit("/", 1)[-1]


def _find_tags(case: Case) -> Iterator[Excess]:
    for one in case.starts:
        for wanted in case.value:
            if carries(one.tags, wanted):
                continue
            key, _, value = wanted.partition("=")
            if key in one.tags:
                text = f"the tag {key} of {one.schedule} is {str(one.tags[key])!r}; {case.origin} asks for {value!r}"
            else:
                text = f"{one.schedule} has no tag {key}; {case.origin} asks for {wanted}"
            hint = f"add it under tags of the schedule or of its job: {key}: {value or '...'}"
            yield case.excess([(one, 0)], text, hint, subject=key)


def _find_costs(case: Case) -> Iterator[Excess]:
    from pytest_mlschedule.checks.cost_excesses import find_costs  # costs time that few need

    return find_costs(case)


def _find_nodes(case: Case) -> Iterator[Excess]:
    from pytest_mlschedule.checks.node_excesses import find_nodes  # costs time that few need

    return find_nodes(case)


_FINDERS: Mapping[str, Callable[[Case], Iterator[Excess]]] = {
    "max_runs_per_day": _find_days,
    "max_runs_per_month": _find_months,
    "max_starts_per_minute": _find_minutes,
    "max_cost_per_month": _find_costs,
    "max_concurrent_nodes": _find_nodes,
    "quiet_hours": _find_quiet_runs,
    "allowed_computes": _find_computes,
    "required_tags": _find_tags,
}
