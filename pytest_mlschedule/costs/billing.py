"""From schedules, their runs and rates to an estimate: counts in closed form, money exact to ten places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from pytest_mlschedule.costs.advice import NO_ADVICE, Advice, find_advice
from pytest_mlschedule.costs.charges import charge_seconds
from pytest_mlschedule.costs.compute_load import ComputeLoad, LoadedPart, load_computes
from pytest_mlschedule.costs.estimate import (
    ComputeEstimate,
    ComputeUse,
    LogicAppUse,
    MonthShare,
    ScheduleEstimate,
    add_all,
    add_known,
)
from pytest_mlschedule.costs.footprints import CostedSchedule, Footprint, find_footprint
from pytest_mlschedule.costs.loads.load_idle import measure_waiting
from pytest_mlschedule.costs.logic_apps import LogicAppBill, bill_logic_apps
from pytest_mlschedule.costs.money import split_exactly
from pytest_mlschedule.costs.overlaps import find_overlap
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.rates import NodePrice, Rates
from pytest_mlschedule.triggers.months import months_of
from pytest_mlschedule.triggers.window import Window

NOTHING = Decimal(0)


class Month(NamedTuple):
    """A calendar month of UTC, as far as a window has it: half-open epochs."""

    name: str
    start: int
    end: int


class _Charge(NamedTuple):
    """What the runs of a schedule cost on computes, and how that falls on the months; None is unknown."""

    cost: Decimal | None
    months: Sequence[Decimal | None]


@dataclass(frozen=True)
class Bill:
    """The bill of schedules for a half-open window, part by part; each is computed when it is first asked for."""

    schedules: tuple[CostedSchedule, ...]
    window: Window
    rates: Rates

    @cached_property
    def day(self) -> date:
        """The day (UTC) whose prices count: that of the window's start."""
        return self.window.start.astimezone(UTC).date()

    @cached_property
    def months(self) -> list[Month]:
        """The months that the window touches."""
        start, end = self.window.epochs
        return [Month(name, max(first, start), min(stop, end)) for name, first, stop in months_of(self.window)]

    @cached_property
    def counts(self) -> dict[str, list[int]]:
        """Runs of each schedule, month by month."""
        return {
            one.name: [one.occurrences.count_between(month.start, month.end) for month in self.months]
            for one in self.schedules
        }

    @cached_property
    def footprints(self) -> dict[str, Footprint]:
        """What a run of each schedule occupies."""
        computes = self.rates.settings.computes
        return {one.name: find_footprint(one, self.rates.durations, computes) for one in self.schedules}

    @cached_property
    def loads(self) -> dict[str, ComputeLoad]:
        """How full each compute gets that runs use, or that is always on."""
        return load_computes(self.schedules, self.footprints, self.rates.settings.computes, self.window)

    @cached_property
    def prices(self) -> dict[str, NodePrice]:
        """What a node of each of these computes costs an hour."""
        return {name: self.rates.node_price(name, self.day) for name in self.loads}

    @cached_property
    def prices_seen(self) -> PriceList | None:
        """The price list as of the day whose prices count."""
        return None if self.rates.prices is None else self.rates.prices.seen_on(self.day)

    @cached_property
    def logic_apps(self) -> LogicAppBill:
        """What the hosted Logic Apps cost."""
        return bill_logic_apps(self.counts, self.rates, self.day)

    def schedule_estimates(self) -> Iterable[ScheduleEstimate]:
        """What each schedule costs, in the order in which they were given."""
        parts: dict[str, list[LoadedPart]] = {one.name: [] for one in self.schedules}
        for load in self.loads.values():
            for part in load.parts:
                parts[part.schedule].append(part)
        return (self._schedule(one, parts[one.name]) for one in self.schedules)

    def _schedule(self, one: CostedSchedule, parts: Sequence[LoadedPart]) -> ScheduleEstimate:
        name = one.name
        counts, apps = self.counts[name], self.logic_apps.costs[name]
        use, charge = self._use(name, parts)
        shares = [
            MonthShare(*row) for row in zip(counts, map(add_known, zip(charge.months, apps, strict=True)), strict=True)
        ]
        cost = add_known(apps)
        executions = sum(counts) * self.logic_apps.actions
        return ScheduleEstimate(
            name=name,
            runs=sum(counts),
            compute=use,
            logic_app=LogicAppUse(
                executions=executions,
                cost=cost,
                reason=self.logic_apps.reason if cost is None else "",
                hint=self.logic_apps.hint if cost is None else "",
            ),
            months=dict(zip((month.name for month in self.months), shares, strict=True)),
            overlap=find_overlap(one.occurrences, self.window.epochs, use.duration),
        )

    def _use(self, name: str, parts: Sequence[LoadedPart]) -> tuple[ComputeUse, _Charge]:
        """What the runs of a schedule take from computes, and what that costs. No runs cost nothing, whatever they would take."""
        footprint, counts = self.footprints[name], self.counts[name]
        runs = sum(counts)
        problem = self._find_problem(footprint, parts) if runs else ("", "")
        charge = self._charge(parts, counts)
        least = charge.cost or NOTHING
        if problem[0]:
            # A run of which a part never starts does not get to what comes after it.
            least = least if all(part.starts for part in parts) else NOTHING
            charge = _Charge(None, [None if count else NOTHING for count in counts])
        known = bool(footprint.parts)
        use = ComputeUse(
            names=footprint.computes,
            nodes=max((part.nodes for part in footprint.parts), default=None),
            duration=footprint.length,
            origin=footprint.whole.origin if footprint.whole else footprint.origin,
            busy=footprint.seconds * runs if (known and all(part.starts for part in parts)) or not runs else None,
            idle=sum(sum(part.idle) for part in parts) if all(part.idle_known for part in parts) else None,
            cost=charge.cost,
            least=least,
            reason=problem[0],
            hint=problem[1],
        )
        return use, charge

    def _find_problem(self, footprint: Footprint, parts: Sequence[LoadedPart]) -> tuple[str, str]:
        """Why the cost of runs is not known, and what to do; two empty texts where it is."""
        if not footprint.parts:
            return footprint.reason, footprint.hint
        found = [(part.problem, part.hint) for part in parts]
        found += [(price.reason, price.hint) for price in (self.prices[name] for name in footprint.computes)]
        return next((pair for pair in found if pair[0]), ("", ""))

    def _charge(self, parts: Sequence[LoadedPart], counts: Sequence[int]) -> _Charge:
        """What the parts of all runs cost together. A part goes to the months by its node-seconds there."""
        bounds = [0, *accumulate(counts)]
        costs, rows = list[Decimal](), [[NOTHING] * len(counts)]
        for one in parts:
            busy = one.part.nodes * one.part.duration.typical
            seconds = [
                count * busy + sum(one.idle[first:stop])
                for count, (first, stop) in zip(counts, pairwise(bounds), strict=True)
            ]
            costs.append(charge_seconds(sum(seconds), self.prices[one.part.compute].price or NOTHING))
            rows.append(split_exactly(costs[-1], seconds))
        return _Charge(add_all(costs), list(map(add_all, zip(*rows, strict=True))))

    def compute_estimates(self, *, advise: bool) -> Iterable[ComputeEstimate]:
        """What each compute costs, how full it gets, and what would help (``advise``), by name."""
        clocks = {one.name: one.clock for one in self.schedules}
        for name, load in self.loads.items():
            yield self._compute(name, load, find_advice(load, clocks, self.window) if advise else NO_ADVICE)

    def _compute(self, name: str, load: ComputeLoad, advice: Advice) -> ComputeEstimate:
        price = self.prices[name]
        busy, idle, waiting = used = _add_up(load)
        problem = next(((part.problem, part.hint) for part in load.parts if part.problem), ("", ""))
        untold = "" if load.counted is not None else load.problem
        reasons = ((price.reason, price.hint), (untold, ""), (_name_missing(load.missing), ""), problem)
        reason, hint = next((pair for pair in reasons if pair[0]), ("", ""))
        waiting_known = not load.compute.min_nodes or (price.price is not None and waiting is not None)
        charged = price.price or NOTHING
        waiting_cost = charge_seconds(waiting or 0, charged) if waiting_known else None
        return ComputeEstimate(
            name=name,
            compute=price.compute,
            price=price.price,
            meter=price.meter,
            busy=busy,
            idle=idle,
            waiting=waiting,
            waiting_cost=waiting_cost,
            waiting_months=self._spread_waiting(load, waiting_cost),
            cost=None if reason else charge_seconds(sum(filter(None, used)), charged),
            reason=reason,
            hint=hint,
            load=load.load,
            advice=advice,
        )

    def _spread_waiting(self, load: ComputeLoad, cost: Decimal | None) -> dict[str, Decimal | None]:
        """What nodes that are always on cost month by month, by the time in which they are not used."""
        names = [month.name for month in self.months]
        if cost is None or load.load is None or not cost:
            return dict.fromkeys(names, cost)
        spans = ((month.start, month.end) for month in self.months)
        seconds = [measure_waiting(load.load.profile, load.compute, span) for span in spans]
        return dict(zip(names, split_exactly(cost, seconds), strict=True))


def _add_up(load: ComputeLoad) -> tuple[int | None, int | None, int | None]:
    """Node-seconds of a compute: busy, idle, waiting. None is unknown."""
    if load.load is not None:
        return load.load.busy, load.load.idle, load.load.waiting
    return load.counted, None if load.counted is None else 0, None if load.compute.min_nodes else 0


def _name_missing(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"no duration is known for runs of {shown}" if names else ""
