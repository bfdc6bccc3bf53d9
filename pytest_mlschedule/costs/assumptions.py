"""What an estimate takes for granted, in sentences: prices and their date, meters, durations, nodes, actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_mlschedule.costs.billing import Bill
from pytest_mlschedule.costs.money import show_money
from pytest_mlschedule.costs.prices.meters import Meter
from pytest_mlschedule.triggers.wording import list_names

_SHOWN = 5


def list_assumptions(bill: Bill) -> Iterator[str]:
    """Every sentence that applies."""
    yield from _prices(bill)
    yield from _meters(bill)
    yield from _logic_apps(bill)
    yield from bill.rates.remarks
    yield from _durations(bill)
    yield from _nodes(bill)
    yield from _computes(bill)


def _prices(bill: Bill) -> Iterator[str]:
    prices = bill.prices_seen
    if prices is None:
        return
    as_of = f" as of {prices.as_of}" if prices.as_of else ""
    yield f"prices: {list_names(prices.sources)}{as_of}, {prices.currency}, those that count on {bill.day}, without taxes"
    yield from (f"prices: {note.message}" for note in prices.notes)
    factor = bill.rates.settings.price_factor
    if factor != 1:
        yield f"prices: multiplied by {factor} (price_factor)"


def _meters(bill: Bill) -> Iterator[str]:
    for name, price in bill.prices.items():
        if price.meter is not None and price.price is not None:
            remark = f"; {price.meter.remark}" if price.meter.remark else ""
            yield f"{name}: {show_money(price.price)} a node and hour: {price.meter.name}{remark}"


def _logic_apps(bill: Bill) -> Iterator[str]:
    settings, apps = bill.rates.settings, bill.logic_apps
    assumed = " (assumed)" if settings.actions_per_run is None else ""
    yield f"Logic Apps: {_count(apps.actions, 'built-in action')} each time a schedule fires{assumed}"
    if isinstance(apps.meter, Meter):
        remark = f"; {apps.meter.remark}" if apps.meter.remark else ""
        yield f"Logic Apps: {apps.meter.name}{remark}"
    if apps.remark:
        yield f"Logic Apps: {apps.remark}, in each calendar month of UTC that the window touches, and nothing else uses them"


def _durations(bill: Bill) -> Iterator[str]:
    spread = [name for name, one in bill.footprints.items() if any(part.duration.is_spread for part in one.parts)]
    if spread:
        yield f"durations: the mean of what was measured, the p50 of what is configured, where they differ: {_list_few(spread)}"
    names = dict.fromkeys(name for one in bill.schedules for name in one.names)
    # Of a schedule without a duration the hint says which key is like its name.
    known = dict.fromkeys(name for one in bill.schedules for name in one.names if bill.footprints[one.name].parts)
    for key, meant in bill.rates.durations.find_misspelt(names, known).items():
        yield f"durations: {key!r} is used for no run; did you mean {meant!r}?"


def _nodes(bill: Bill) -> Iterator[str]:
    assumed = [name for name, one in bill.footprints.items() if one.nodes_assumed]
    if assumed:
        yield f"nodes: 1 a run where neither the job nor nodes_per_run says how many: {_list_few(assumed)}"
    widest = [name for name, one in bill.footprints.items() if one.is_widest]
    if widest:
        yield f"nodes: of steps that may run side by side the one with the most: {_list_few(widest)}"


def _computes(bill: Bill) -> Iterator[str]:
    for name, load in bill.loads.items():
        if load.missing:
            yield f"{name}: runs of {_list_few(load.missing)} are not in its load, nobody knows how long they take"
        if load.problem:
            yield f"{name}: {load.problem}"
    always_on = [name for name, load in bill.loads.items() if load.load is not None and load.load.waiting]
    if always_on:
        yield f"always on: what these schedules leave unused, whoever else may use it: {_list_few(always_on)}"
    stepped = [name for name, one in bill.footprints.items() if len(one.parts) > 1]
    if stepped:
        yield f"steps: each starts as soon as those before it would be done without waiting for nodes: {_list_few(stepped)}"
    idle = [name for name, load in bill.loads.items() if load.compute.idle_seconds]
    if idle:
        yield f"idle nodes: the schedule pays whose run leaves them; a run takes the node that was left last: {_list_few(idle)}"


def _list_few(names: Sequence[str]) -> str:
    more = [f"{len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    return list_names([*names[:_SHOWN], *more])


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
