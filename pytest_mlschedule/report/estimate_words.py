"""An estimate in words: rows of a table, and the sentences below it. The same for text, Markdown and terminals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pytest_mlschedule.costs.advice import name_hour
from pytest_mlschedule.costs.charges import count_hours
from pytest_mlschedule.costs.estimate import ComputeEstimate, Estimate, ScheduleEstimate, add_known
from pytest_mlschedule.costs.loads.load import Load
from pytest_mlschedule.costs.loads.load_profile import Running
from pytest_mlschedule.costs.money import EXACT
from pytest_mlschedule.costs.outlook import Outlook
from pytest_mlschedule.report.time_words import show_utc
from pytest_mlschedule.triggers.window import from_epoch
from pytest_mlschedule.triggers.wording import list_names

HEADINGS = ("schedule", "runs", "duration", "compute", "nodes", "node hours", "compute cost", "logic app", "total")
NUMBERS = frozenset({1, 2, 4, 5, 6, 7, 8})
"""The columns that hold numbers."""
UNKNOWN = "unknown"
_CENT = Decimal("0.01")
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))
_SHOWN = 4
_FEW = 2
"""So many runs that start in one minute are nothing to speak of."""
_SHOWN_REASONS = _SHOWN_OVERLAPS = 5


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences under a title."""

    title: str
    sentences: tuple[str, ...]


def make_rows(estimate: Estimate) -> Iterator[tuple[str, ...]]:
    """A row for each schedule, one for nodes of each compute that are always on, the total last."""
    yield from map(_row, estimate.schedules)
    for one in estimate.computes:
        if one.waiting or one.waiting_cost is None:
            hours, cost = show_hours(one.waiting), show_amount(one.waiting_cost)
            yield (f"({one.name} always on)", "", "", one.name, "", hours, cost, "", cost)
    yield _total(estimate)


def _row(one: ScheduleEstimate) -> tuple[str, ...]:
    use = one.compute
    return (
        one.name,
        f"{one.runs:,}",
        UNKNOWN if use.duration is None else show_length(use.duration),
        ", ".join(use.names) or UNKNOWN,
        UNKNOWN if use.nodes is None else str(use.nodes),
        show_hours(use.node_seconds),
        show_amount(use.cost),
        show_amount(one.logic_app.cost),
        show_amount(one.total),
    )


def _total(estimate: Estimate) -> tuple[str, ...]:
    name = f"total ({estimate.currency})" if estimate.currency else "total"
    seconds = [one.compute.node_seconds for one in estimate.schedules] + [one.waiting for one in estimate.computes]
    hours = UNKNOWN if None in seconds else show_hours(sum(one for one in seconds if one is not None))
    nodes = add_known(
        [*(one.compute.cost for one in estimate.schedules), *(one.waiting_cost for one in estimate.computes)]
    )
    apps = add_known(one.logic_app.cost for one in estimate.schedules)
    return (name, f"{estimate.runs:,}", "", "", "", hours, show_amount(nodes), show_amount(apps), show_total(estimate))


def show_total(estimate: Estimate) -> str:
    """The total in cents; at least what is known where a part is not."""
    if estimate.total is not None:
        return show_amount(estimate.total)
    return f"{show_amount(estimate.known_total)} + {UNKNOWN}" if estimate.known_total else UNKNOWN


def make_sections(estimate: Estimate) -> Iterator[Section]:
    """What stands below the table; sections without a sentence are left out."""
    sections = (
        Section("not known:", tuple(_unknown(estimate))),
        Section("overlaps:", tuple(_overlaps(estimate.schedules))),
        Section("computes:", tuple(sentence for one in estimate.computes for sentence in describe_compute(one))),
        Section("spread:", () if estimate.outlook is None else tuple(_spread(estimate.outlook, estimate.currency))),
        Section("taken for granted:", estimate.assumptions),
    )
    return (section for section in sections if section.sentences)


def _unknown(estimate: Estimate) -> Iterator[str]:
    """Each reason with those whom it concerns and what to do, the reasons of most first."""
    groups: dict[str, tuple[str, list[str]]] = {}
    for name, reason, hint in _list_reasons(estimate):
        groups.setdefault(reason, (hint, []))[1].append(name)
    ordered = sorted(groups.items(), key=lambda group: -len(group[1][1]))
    for reason, (hint, names) in ordered[:_SHOWN_REASONS]:
        yield f"{_list_few(names)}: {reason}" + (f"; hint: {hint}" if hint else "")
    left = len(ordered) - _SHOWN_REASONS
    if left > 0:
        yield f"and {left} more reason{'' if left == 1 else 's'}: json has them all"


def _overlaps(schedules: Sequence[ScheduleEstimate]) -> Iterator[str]:
    """Schedules that overlap themselves, those with most such runs first."""
    found = [
        (one.overlap.runs, one.overlap.first or 0, one.name) for one in schedules if one.overlap and one.overlap.runs
    ]
    found.sort(key=lambda one: -one[0])
    for number, first, name in found[:_SHOWN_OVERLAPS]:
        runs = "1 run starts" if number == 1 else f"{number:,} runs start"
        yield f"{runs} while an earlier one of {name} still runs, first at {_instant(first)}"
    left = len(found) - _SHOWN_OVERLAPS
    if left > 0:
        yield f"and {left} more schedule{'' if left == 1 else 's'}: json has them all"


def _list_reasons(estimate: Estimate) -> Iterator[tuple[str, str, str]]:
    """Who, why something of it is not known, and what to do."""
    for one in estimate.schedules:
        for part in (one.compute, one.logic_app):
            if part.cost is None:
                yield one.name, part.reason, part.hint
    for load in estimate.computes:
        if load.waiting_cost is None:
            yield f"compute {load.name}", load.reason, load.hint


def describe_compute(one: ComputeEstimate) -> Iterator[str]:
    """How full a compute gets, who waits, what piles up, and what would help."""
    load = one.load
    peak = load.asked_nodes if load else None
    if load is None or peak is None or peak.first is None:
        return
    limit = one.compute.max_nodes if one.compute else None
    has = "" if limit is None else f", of {limit} that it has"
    yield (
        f"{one.name}: at most {_nodes(peak.height)} asked for at a time{has}: first at {_instant(peak.first)}, "
        f"by {_name_running(peak.running)}"
    )
    yield from (f"{one.name}: {sentence}" for sentence in _describe_load(load))
    if load.delays.delayed or any(one.runs > _FEW for one in load.pile_ups):
        yield from (f"{one.name}: {'or ' if index else ''}{move}" for index, move in enumerate(one.advice.moves))
        if one.advice.quiet and one.advice.moves:
            yield f"{one.name}: the quietest hours of the week (UTC): {list_names(map(name_hour, one.advice.quiet))}"


def _describe_load(load: Load) -> Iterator[str]:
    delays = load.delays
    if delays.delayed and delays.longest_at is not None:
        yield (
            f"{delays.delayed:,} of {delays.runs:,} runs wait for nodes, at most {show_length(delays.longest)} "
            f"({delays.longest_owner}, {_instant(delays.longest_at)})"
        )
    for one in load.pile_ups[:1]:
        if one.runs > _FEW:
            times = "once" if one.times == 1 else f"{one.times:,} times"
            yield f"{one.runs} runs start in one minute, {times}, first at {_instant(one.first)}: {_name_running(one.owners)}"


def _spread(outlook: Outlook, currency: str | None) -> Iterator[str]:
    yield f"{outlook.trials:,} trials with seed {outlook.seed}: at most the first figure in half of them, the second in 95 of 100"
    if outlook.bill is not None:
        yield f"bill: {show_amount(outlook.bill.p50)} / {show_amount(outlook.bill.p95)} {currency or ''}".rstrip()
    for one in outlook.computes:
        peak, wait = one.asked_nodes, one.longest_delay
        yield (
            f"{one.name}: peak of {peak.p50} / {peak.p95} nodes asked for; "
            f"longest wait {show_length(wait.p50)} / {show_length(wait.p95)}"
        )


def _name_running(running: Sequence[Running]) -> str:
    counts: Mapping[str, int] = {one.owner: one.runs for one in running}
    return _list_few([name if runs == 1 else f"{name} ({runs})" for name, runs in counts.items()])


def _list_few(names: Sequence[str]) -> str:
    more = [f"{len(names) - _SHOWN} more"] if len(names) > _SHOWN + 1 else []
    return list_names([*names[: _SHOWN if more else None], *more])


def _nodes(number: int) -> str:
    return "1 node" if number == 1 else f"{number} nodes"


def _instant(epoch: int) -> str:
    return show_utc(from_epoch(epoch))


def show_amount(amount: Decimal | None) -> str:
    """Money in cents, for people: ``1,234.50``; what is above zero and below a cent as ``<0.01``."""
    if amount is None:
        return UNKNOWN
    return "<0.01" if 0 < amount < _CENT else f"{_round(amount):,}"


def show_hours(node_seconds: int | None) -> str:
    """Node-seconds as hours with two places."""
    return UNKNOWN if node_seconds is None else f"{_round(count_hours(node_seconds)):,}"


def _round(number: Decimal) -> Decimal:
    return number.quantize(_CENT, ROUND_HALF_UP, EXACT)


def show_length(seconds: int) -> str:
    """A length of time as configurations write it: ``1h30m``; of more than an hour without its seconds."""
    rest, parts = seconds, list[str]()
    for size, unit in _UNITS:
        number, rest = divmod(rest, size)
        if number and not (unit == "s" and seconds > 3_600):
            parts.append(f"{number}{unit}")
    return "".join(parts) or "0s"
