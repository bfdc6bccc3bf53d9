"""Bills of random small estates: against an oracle that pays every second of every node, and what holds for any bill."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import pytest
from bill_data import ACTION_PRICE, CPU, GPU, MARCH_1, estimate, pipeline, runs, with_fields
from bill_oracle import PLACES, Paid, Piece, Planned, Terms, pay_all, rounded
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.costs import compute_load
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.estimate import Estimate, ScheduleEstimate
from pytest_mlschedule.costs.footprints import CostedSchedule
from pytest_mlschedule.triggers.window import Window, from_epoch

APRIL = 31 * 86_400  # all times are seconds after 2026-03-01
HOURLY = {"cpu": Fraction(36, 100), "gpu": Fraction(180, 100)}
TINY = Decimal("1E-10")
_SHAPES = {
    "one": (("a", "cpu", None),),
    "chain": (("a", "cpu", None), ("b", "gpu", "a"), ("c", "cpu", "b")),
    "side by side": (("a", "cpu", None), ("b", "gpu", None)),
}
"""Steps by kind of pipeline: name, compute, and the step whose output it takes."""
_NODES = {"one": ((1,), (2,), (3,)), "chain": ((1, 1, 1), (2, 1, 3)), "side by side": ((1, 2), (3, 1))}
_JOBS = {
    (shape, nodes): pipeline(
        *(
            f"{name} {compute} {count} {after or '-'}"
            for (name, compute, after), count in zip(steps, nodes, strict=True)
        )
    )
    for shape, steps in _SHAPES.items()
    for nodes in _NODES[shape]
}


@dataclass(frozen=True)
class Small:
    """A small estate: the same for the code under test and for the oracle."""

    schedules: tuple[CostedSchedule, ...]
    planned: tuple[Planned, ...]
    lengths: dict[str, str]


@st.composite
def _schedule(draw: st.DrawFn, name: str) -> tuple[CostedSchedule, Planned, dict[str, str]]:
    times = tuple(sorted(draw(st.lists(st.integers(APRIL - 260, APRIL + 260), max_size=6))))
    shape, nodes = draw(st.sampled_from(sorted(_JOBS)))
    ends: dict[str, int] = {}
    pieces, lengths = [], {}
    for (step, compute, after), count in zip(_SHAPES[shape], nodes, strict=True):
        length = draw(st.integers(1, 120))
        offset = ends[after] if after else 0
        ends[step] = offset + length
        pieces.append(Piece(compute, count, offset, length))
        lengths[f"{name}/{step}"] = f"{length}s"
    schedule = runs(name, times, compute=None, job=_JOBS[shape, nodes])
    return schedule, Planned(name, times, tuple(pieces)), lengths


@st.composite
def estates(draw: st.DrawFn) -> Small:
    """Up to four schedules around the end of March."""
    names = draw(st.lists(st.sampled_from("pqrs"), unique=True, max_size=4))
    made = [draw(_schedule(name)) for name in names]
    lengths = {key: value for one in made for key, value in one[2].items()}
    return Small(tuple(one[0] for one in made), tuple(one[1] for one in made), lengths)


SOME_NODES = st.integers(0, 3)


def _computes(
    *,
    limits: st.SearchStrategy[int | None],
    idle: st.SearchStrategy[int],
    least: st.SearchStrategy[int] = SOME_NODES,
) -> st.SearchStrategy[list[Compute]]:
    def one(compute: Compute) -> st.SearchStrategy[Compute]:
        fields = st.fixed_dictionaries({"min_nodes": least, "max_nodes": limits, "idle_seconds": idle})
        possible = fields.filter(lambda given: given["max_nodes"] is None or given["min_nodes"] <= given["max_nodes"])
        return possible.map(lambda given: with_fields(compute, **given))

    return st.tuples(one(CPU), one(GPU)).map(list)


computes = _computes(limits=st.none() | st.integers(2, 6), idle=st.integers(0, 90))
factors = st.sampled_from([Decimal(1), Decimal("0.85"), Decimal("0.1234567")])


def spans(before: int, after: int) -> tuple[Window, dict[str, tuple[int, int]]]:
    """A window around the end of March, and its months."""
    start, end = APRIL - before, APRIL + after
    months = {"2026-03": (start, min(end, APRIL)), "2026-04": (max(start, APRIL), end)}
    return Window(from_epoch(MARCH_1 + start), from_epoch(MARCH_1 + end)), {
        name: span for name, span in months.items() if span[0] < span[1]
    }


def exactly(amount: Decimal | None) -> Fraction:
    assert amount is not None
    return Fraction(amount)


def shown_cost(paid: Paid) -> Fraction:
    """Each piece is rounded by itself."""
    pieces: dict[int, Fraction] = {}
    for (piece, _), amount in paid.compute.items():
        pieces[piece] = pieces.get(piece, Fraction(0)) + amount
    return sum(map(rounded, pieces.values()), Fraction(0))


@settings(max_examples=150, deadline=None)
@given(
    estate=estates(),
    described=computes,
    before=st.integers(0, 240),
    after=st.integers(0, 240),
    actions=st.integers(1, 3),
    free=st.integers(0, 20),
    factor=factors,
)
def test_a_bill_is_what_is_paid_second_by_second(
    estate: Small, described: list[Compute], before: int, after: int, actions: int, free: int, factor: Decimal
) -> None:
    during, months = spans(before, after)
    found = estimate(
        estate.schedules, described, estate.lengths, during=during,
        actions_per_run=actions, free_executions=free, price_factor=factor,
    )  # fmt: skip
    if not months:
        assert (found.total, found.runs) == (0, 0)
        return
    terms = Terms(HOURLY, Fraction(ACTION_PRICE), free, actions, Fraction(factor))
    paid, always_on = pay_all(estate.planned, described, terms, months)
    for one in found.schedules:
        _compare(one, paid[one.name], list(months))
    assert {one.name: exactly(one.waiting_cost) for one in found.computes} == {
        name: rounded(amount) for name, amount in always_on.items() if name in {one.name for one in found.computes}
    }
    known = [one for one in found.schedules if not paid[one.name].never]
    if len(known) == len(found.schedules):
        everything = sum((exactly(one.total) for one in known), Fraction(0)) + sum(map(rounded, always_on.values()))
        assert exactly(found.total) == everything
    else:
        assert found.total is None


def _compare(one: ScheduleEstimate, paid: Paid, months: list[str]) -> None:
    assert {name: share.runs for name, share in one.months.items()} == {name: paid.runs[name] for name in months}
    logic_apps = exactly(one.logic_app.cost)
    assert abs(logic_apps - sum(paid.logic_app.values())) * PLACES < len(months)
    if paid.never:
        assert (one.compute.cost, one.total) == (None, None)
        return
    assert exactly(one.compute.cost) == shown_cost(paid)
    assert exactly(one.total) == exactly(one.compute.cost) + logic_apps
    for name, share in one.months.items():
        own = sum((amount for (_, month), amount in paid.compute.items() if month == name), Fraction(0))
        assert abs(exactly(share.cost) - own - paid.logic_app[name]) * PLACES < 5
    assert sum(exactly(share.cost) for share in one.months.values()) == exactly(one.total)


def amounts_of(found: Estimate) -> list[Decimal]:
    """Every sum of money of an estimate that is known."""
    amounts = [found.total, found.known_total, *(share.cost for share in found.months.values())]
    for one in found.schedules:
        amounts += [one.total, one.compute.cost, one.logic_app.cost, *(share.cost for share in one.months.values())]
    for load in found.computes:
        amounts += [load.price, load.cost, load.waiting_cost]
    return [amount for amount in amounts if amount is not None]


@settings(max_examples=100, deadline=None)
@given(estate=estates(), described=computes, factor=factors)
def test_parts_add_up_to_the_last_digit(estate: Small, described: list[Compute], factor: Decimal) -> None:
    during, _ = spans(240, 240)
    found = estimate(estate.schedules, described, estate.lengths, during=during, free_executions=3, price_factor=factor)
    for amount in amounts_of(found):
        _, digits, exponent = amount.as_tuple()
        assert exponent == 0 or (exponent < 0 and digits[-1]), amount  # type: ignore[operator]  # no useless zeros
    parts = [one.total for one in found.schedules] + [one.waiting_cost for one in found.computes]
    waiting = sum((one.waiting_cost for one in found.computes if one.waiting_cost is not None), Decimal(0))
    assert found.known_total == sum((one.least for one in found.schedules), waiting)
    for whole in found.schedules:
        known = [amount for amount in (whole.compute.cost, whole.logic_app.cost) if amount is not None]
        assert whole.least >= sum(known, Decimal(0))
        assert whole.total is None or whole.total == whole.least
    assert (found.total is None) == (None in parts) == bool(found.unknown)
    assert found.runs == sum(one.runs for one in found.schedules)
    for name, share in found.months.items():
        given_costs = [one.months[name].cost for one in found.schedules]
        given_costs += [one.waiting_months[name] for one in found.computes]
        assert share.runs == sum(one.months[name].runs for one in found.schedules)
        assert share.cost == (None if None in given_costs else sum(given_costs, Decimal(0)))  # type: ignore[arg-type]
    for one in found.computes:
        if one.cost is not None and one.load is not None:
            assert one.load.node_seconds == one.busy + one.idle + one.waiting  # type: ignore[operator]


@settings(max_examples=100, deadline=None)
@given(estate=estates(), described=computes, dice=st.randoms(use_true_random=False))
def test_the_order_of_schedules_does_not_matter(estate: Small, described: list[Compute], dice: object) -> None:
    during, _ = spans(240, 240)
    shuffled = list(estate.schedules)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (
        estimate(given, described, estate.lengths, during=during, free_executions=3)
        for given in (estate.schedules, shuffled)
    )
    for schedule in one.schedules:
        twin = other.of(schedule.name)
        assert (twin.runs, twin.compute) == (schedule.runs, schedule.compute)
        assert abs((twin.logic_app.cost or 0) - (schedule.logic_app.cost or 0)) <= 2 * TINY  # who gets the last digit
    assert other.total == one.total
    assert [(load.name, load.cost, load.waiting_cost) for load in other.computes] == [
        (load.name, load.cost, load.waiting_cost) for load in one.computes
    ]


@settings(max_examples=100, deadline=None)
@given(
    estate=estates(),
    described=_computes(limits=st.none(), idle=st.just(0)),
    more=st.lists(st.integers(APRIL - 200, APRIL + 200), max_size=4),
)
def test_more_runs_never_cost_less(estate: Small, described: list[Compute], more: list[int]) -> None:
    during, _ = spans(240, 240)
    grown = [
        runs(one.name, sorted([*plan.times, *more]), compute=None, job=one.job)
        for one, plan in zip(estate.schedules, estate.planned, strict=True)
    ]
    before = estimate(estate.schedules, described, estate.lengths, during=during, free_executions=3).total
    after = estimate(grown, described, estate.lengths, during=during, free_executions=3).total
    assert before is not None
    assert after is not None
    assert after >= before - 10 * TINY  # each part of a bill is rounded


@settings(max_examples=100, deadline=None)
@given(estate=estates(), described=computes, factor=st.decimals("0.01", "10", places=4))
def test_the_price_factor_scales_the_cost_of_computes(estate: Small, described: list[Compute], factor: Decimal) -> None:
    during, _ = spans(240, 240)
    plain = estimate(estate.schedules, described, estate.lengths, during=during)
    scaled = estimate(estate.schedules, described, estate.lengths, during=during, price_factor=factor)
    for one, other in zip(plain.schedules, scaled.schedules, strict=True):
        assert (one.compute.cost is None) == (other.compute.cost is None)
        if one.compute.cost is not None and other.compute.cost is not None:
            assert abs(one.compute.cost * factor - other.compute.cost) <= 4 * TINY * max(1, factor)
    for load, other_load in zip(plain.computes, scaled.computes, strict=True):
        assert load.waiting_cost is not None
        assert other_load.waiting_cost is not None
        assert abs(load.waiting_cost * factor - other_load.waiting_cost) <= 2 * TINY * max(1, factor)
        assert (load.busy, load.idle, load.waiting) == (other_load.busy, other_load.idle, other_load.waiting)


@settings(max_examples=60, deadline=None)
@given(estate=estates(), described=computes)
def test_a_limit_changes_when_runs_start_and_not_how_long_they_take(estate: Small, described: list[Compute]) -> None:
    during, _ = spans(240, 240)
    free = [replace(one, max_nodes=None, idle_seconds=0) for one in described]
    limited = [replace(one, max_nodes=3, idle_seconds=0) for one in described]
    for one, other in zip(
        estimate(estate.schedules, free, estate.lengths, during=during).schedules,
        estimate(estate.schedules, limited, estate.lengths, during=during).schedules,
        strict=True,
    ):
        assert other.compute == one.compute


@settings(max_examples=60, deadline=None)
@given(
    estate=estates(),
    described=_computes(limits=st.none() | st.integers(1, 6), idle=st.just(0), least=st.just(0)),
)
def test_counted_runs_cost_what_they_cost_one_by_one(estate: Small, described: list[Compute]) -> None:
    during, _ = spans(240, 240)
    followed = estimate(estate.schedules, described, estate.lengths, during=during)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compute_load, "MOST_RUNS", -1)
        patch.setattr(compute_load, "MOST_FREE_RUNS", -1)
        counted = estimate(estate.schedules, described, estate.lengths, during=during)
    assert [load.load for load in counted.computes] == [None] * len(followed.computes)
    for one, other in zip(counted.schedules, followed.schedules, strict=True):
        if other.total is None:  # it would never start
            assert (one.total, one.reason) == (None, other.reason)
        else:
            assert one == other
    fields = ("cost", "reason", "hint", "busy", "idle", "waiting", "waiting_cost")
    for load, other_load in zip(counted.computes, followed.computes, strict=True):
        assert [getattr(load, name) for name in fields] == [getattr(other_load, name) for name in fields]
