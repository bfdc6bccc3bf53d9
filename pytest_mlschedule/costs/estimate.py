"""What runs cost, as values: per schedule, per compute, per month. What is not known is None, with the reason; never 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce

from pytest_mlschedule.costs.advice import NO_ADVICE, Advice
from pytest_mlschedule.costs.charges import count_hours
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.loads.load import Load
from pytest_mlschedule.costs.money import EXACT, drop_zeros, show_money
from pytest_mlschedule.costs.outlook import Outlook
from pytest_mlschedule.costs.overlaps import Overlap
from pytest_mlschedule.costs.prices.meters import Meter
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.triggers.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeUse:
    """What the runs of one schedule take from computes: ``busy`` and ``idle`` node-seconds, and what they cost.

    ``names``: the computes, without ``azureml:``. ``nodes``: of one run, the most that a part of it asks for. ``duration``: of a
    typical run in seconds, ``origin`` says where it comes from. None is unknown: ``reason`` says why, ``hint`` what to do;
    ``least`` is what is known of the cost.
    """

    names: tuple[str, ...] = ()
    nodes: int | None = None
    duration: int | None = None
    origin: str = ""
    busy: int | None = None
    idle: int | None = 0
    cost: Decimal | None = None
    least: Decimal = Decimal(0)
    reason: str = ""
    hint: str = ""

    @property
    def node_seconds(self) -> int | None:
        """Busy and idle; None where one of them is not known."""
        return None if self.busy is None or self.idle is None else self.busy + self.idle

    @property
    def node_hours(self) -> Decimal | None:
        """Busy and idle, in hours."""
        return None if self.node_seconds is None else count_hours(self.node_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicAppUse:
    """What the hosted Logic App of one schedule executes (built-in actions), and its share of their cost (semantics WS-8)."""

    executions: int
    cost: Decimal | None = None
    reason: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class MonthShare:
    """A calendar month of UTC, as far as the window has it. ``cost``: compute and Logic App; None is unknown."""

    runs: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEstimate:
    """What one schedule costs in the window; ``months`` by name ("2026-03").

    ``overlap``: runs of typical length that start while an earlier one still runs; None where no length is known.
    """

    name: str
    runs: int
    compute: ComputeUse
    logic_app: LogicAppUse
    months: Mapping[str, MonthShare] = field(default_factory=dict)
    overlap: Overlap | None = None

    @property
    def total(self) -> Decimal | None:
        """Compute and Logic App; None where one of them is not known."""
        return add_known([self.compute.cost, self.logic_app.cost])

    @property
    def least(self) -> Decimal:
        """What is known of the total: it is at least that."""
        compute = self.compute.least if self.compute.cost is None else self.compute.cost
        return add_all([compute, self.logic_app.cost or Decimal(0)])

    @property
    def reason(self) -> str:
        """Why the total is not known; empty where it is."""
        return self.compute.reason if self.compute.cost is None else self.logic_app.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeEstimate:
    """One compute in the window: node-seconds, what runs leave unused of nodes that are always on, and how full it gets.

    ``compute`` as configured, None where it is not. ``price``: of a node an hour, the price factor applied; ``meter`` names it.
    ``busy`` and ``idle`` are those of the schedules, ``waiting`` is the time in which ``min_nodes`` are on and not used; it costs
    ``waiting_cost``, month by month ``waiting_months``. None is unknown: ``reason`` says why, ``hint`` what to do. ``load`` is
    None where there are too many runs to follow each. ``advice`` is empty unless it was asked for.
    """

    name: str
    compute: Compute | None = None
    price: Decimal | None = None
    meter: Meter | None = None
    busy: int | None = None
    idle: int | None = None
    waiting: int | None = None
    waiting_cost: Decimal | None = None
    waiting_months: Mapping[str, Decimal | None] = field(default_factory=dict)
    cost: Decimal | None = None
    reason: str = ""
    hint: str = ""
    load: Load | None = None
    advice: Advice = NO_ADVICE


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Estimate:
    """What schedules cost in a half-open window. Money is Decimal, in ``currency``.

    ``assumptions`` are sentences: what was assumed, and which meters and prices of what date and region were taken. ``prices``:
    None where none were given. ``outlook``: spreads of peak, bill and delays, where trials were asked for.
    """

    window: Window
    currency: str | None
    schedules: tuple[ScheduleEstimate, ...]
    computes: tuple[ComputeEstimate, ...] = ()
    assumptions: tuple[str, ...] = ()
    prices: PriceList | None = field(default=None, repr=False)
    outlook: Outlook | None = None

    @property
    def total(self) -> Decimal | None:
        """Everything: the schedules, and nodes that are always on. None where a part is not known (see ``unknown``)."""
        return add_known(self._amounts())

    @property
    def known_total(self) -> Decimal:
        """The sum of what is known: at least so much."""
        waiting = (one.waiting_cost for one in self.computes)
        return add_all([*(one.least for one in self.schedules), *(cost for cost in waiting if cost is not None)])

    @property
    def unknown(self) -> dict[str, str]:
        """Why something is not known, by schedule; by ``compute NAME`` for nodes that are always on."""
        found = {one.name: one.reason for one in self.schedules if one.total is None}
        return found | {f"compute {one.name}": one.reason for one in self.computes if one.waiting_cost is None}

    @property
    def runs(self) -> int:
        """Runs of all schedules."""
        return sum(one.runs for one in self.schedules)

    @property
    def months(self) -> dict[str, MonthShare]:
        """Everything by month: the schedules, and nodes that are always on."""
        given = [one.months for one in self.schedules]
        waiting = [one.waiting_months for one in self.computes]
        return {
            name: MonthShare(
                sum(months[name].runs for months in given),
                add_known(
                    [*(months[name].cost for months in given), *(costs[name] for costs in waiting if name in costs)]
                ),
            )
            for name in dict.fromkeys(month for months in (*given, *waiting) for month in months)
        }

    @property
    def hints(self) -> tuple[str, ...]:
        """What to do about what is not known, each once."""
        found = [hint for one in self.schedules for hint in (one.compute.hint, one.logic_app.hint)]
        found += [one.hint for one in self.computes if one.waiting_cost is None]
        return tuple(dict.fromkeys(filter(None, found)))

    def __repr__(self) -> str:
        runs = f"{self.runs:,} run{'' if self.runs == 1 else 's'}"
        schedules = f"{len(self.schedules):,} schedule{'' if len(self.schedules) == 1 else 's'}"
        amount = f"{show_money(self.known_total)} {self.currency or ''}".rstrip()
        rest = "" if self.total is not None else " and what is not known"
        return f"<Estimate of {runs} of {schedules}: {amount}{rest}>"

    def of(self, name: str) -> ScheduleEstimate:
        """The estimate of one schedule. Raises KeyError."""
        return {one.name: one for one in self.schedules}[name]

    def to_dict(self) -> dict[str, object]:
        """The document of ``mlschedule estimate -o json``: money as decimal text, unknown as null with a reason."""
        from pytest_mlschedule.costs.estimate_document import write_estimate

        return write_estimate(self)

    def _amounts(self) -> list[Decimal | None]:
        return [one.total for one in self.schedules] + [one.waiting_cost for one in self.computes]


def add_known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; None where one of them is not known."""
    given = list(amounts)
    known = [amount for amount in given if amount is not None]
    return add_all(known) if len(known) == len(given) else None


def add_all(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum, without useless zeros."""
    return drop_zeros(reduce(EXACT.add, amounts, Decimal(0)))
