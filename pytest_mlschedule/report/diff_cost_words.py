"""What a change costs, in words: old → new with the difference, what costs more without being changed, what is not known.

Where no prices are given, node hours stand for money.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from pytest_mlschedule.costs.charges import count_hours
from pytest_mlschedule.costs.money import EXACT
from pytest_mlschedule.planning.diff_costs import CostChange, CostDiff
from pytest_mlschedule.report.estimate_words import UNKNOWN, show_amount, show_hours
from pytest_mlschedule.report.wrapping import wrap_line
from pytest_mlschedule.triggers.wording import list_names

_SHOWN_NAMES = 4
_CENT = Decimal("0.01")
_SMALLEST = 36  # node-seconds: a hundredth of an hour


class Other(NamedTuple):
    """What costs more or less and is not a schedule that changes: a schedule, or a compute whose nodes are ``always_on``."""

    name: str
    figures: str
    always_on: bool = False

    @property
    def why(self) -> str:
        """What makes its cost another one."""
        return "nodes that are on and not used" if self.always_on else "shares nodes or free executions with others"


class CostWords:
    """The words of a comparison of costs."""

    def __init__(self, costs: CostDiff) -> None:
        self._costs = costs
        self._in_money = costs.new.prices is not None
        code = costs.currency or ""
        self._currency = code if code.isascii() and code.isalnum() else None

    @property
    def heading(self) -> str:
        """What is counted: ``cost (USD)``, or ``node hours``."""
        if not self._in_money:
            return "node hours"
        return f"cost ({self._currency})" if self._currency else "cost"

    @property
    def what(self) -> str:
        """``costs``, or ``node hours``."""
        return "costs" if self._in_money else "node hours"

    @property
    def legend(self) -> str:
        """What the figures are."""
        text = "are estimates for these runs: old → new (difference). What they take for granted stands below."
        return f"{self.what.capitalize()} {text}"

    def figures_of(self, name: str) -> str:
        """``12.20 → 8.80 (-3.40)`` of a schedule, without the unit."""
        return self._figures(self._costs.schedules[name])

    def sentence_of(self, name: str) -> str:
        """``cost 12.20 → 8.80 USD (-3.40), node hours 45.75 → 33.00 (-12.75)`` of a schedule."""
        change = self._costs.schedules[name]
        cost = f"cost {_show_cost(change, self._currency)}, " if self._in_money else ""
        return f"{cost}node hours {_show_hours(change)}"

    def reason_of(self, name: str) -> str:
        """Why the cost of a schedule is not known; empty where it is."""
        change = self._costs.schedules[name]
        return change.reason if self._in_money and change.difference is None else ""

    @property
    def total(self) -> str:
        """``120.00 + unknown → 130.00 + unknown (+10.00 of what is known on both sides)``, without the unit."""
        return self._total()

    @property
    def total_in_money(self) -> str:
        """``120.00 → 130.00 USD (+10.00)``."""
        return self._total(self._currency)

    @property
    def summary(self) -> str:
        """``cost 120.00 → 130.00 USD (+10.00)``; ``node hours 20.00``."""
        return f"cost {self.total_in_money}" if self._in_money else f"node hours {self._total()}"

    def _total(self, currency: str | None = None) -> str:
        total = self._costs.total
        if not self._in_money:
            return _show_hours(total)
        if total.difference is not None:
            return _show_cost(total, currency)
        old, new = self._costs.old, self._costs.new
        texts = [_show_partly(side.known_total, side.total) for side in (old, new)]
        shown = _with_unit(texts[0] if texts[0] == texts[1] else " → ".join(texts), currency)
        difference = self._costs.known_difference
        if EXACT.subtract(new.known_total, old.known_total) == difference:
            difference = _subtract_cents(new.known_total, old.known_total) or difference
        return f"{shown} ({_sign(difference)} of what is known on both sides)" if difference else shown

    def others(self, changed: Collection[str]) -> list[Other]:
        """What costs more or less besides schedules that change, a cent at least: the largest difference first."""
        found = [(one, False) for one in self._costs.schedules.values() if one.name not in changed]
        found += [(one, True) for one in self._costs.always_on.values()]
        moved = [(one, always_on) for one, always_on in found if self._matters(one)]
        moved.sort(key=lambda item: (-self._size(item[0]), item[0].name))
        return [Other(one.name, self._figures(one), always_on) for one, always_on in moved]

    def unknown(self) -> Iterator[str]:
        """What is not known, and why, once a reason."""
        reasons: dict[str, list[str]] = {}
        for name, reason in self._costs.unknown.items() if self._in_money else ():
            reasons.setdefault(reason, []).append(name)
        for reason, names in reasons.items():
            yield f"{_list_few(names)}: {reason}"

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken for granted."""
        return self._costs.assumptions

    @property
    def differ(self) -> bool:
        """Whether anything costs more or less."""
        every = (*self._costs.schedules.values(), *self._costs.always_on.values())
        return any(one.old != one.new for one in every)

    def write_notes(self, width: int | None = None) -> Iterator[str]:
        """The lines below a text, with their ends: what is not known, what is taken for granted."""
        for title, sentences in (("Not known:", tuple(self.unknown())), ("Taken for granted:", self.assumptions)):
            yield from ["\n", f"{title}\n"] if sentences else []
            for sentence in sentences:
                yield from (f"{part}\n" for part in wrap_line(f"  - {sentence}", width))

    def _figures(self, change: CostChange) -> str:
        return _show_cost(change) if self._in_money else _show_hours(change)

    def _matters(self, change: CostChange) -> bool:
        if self._in_money:
            known = change.difference is not None
            return self._size(change) >= _CENT if known else (change.old.amount is None) != (change.new.amount is None)
        return self._size(change) >= _SMALLEST

    def _size(self, change: CostChange) -> Decimal:
        difference = change.difference if self._in_money else change.node_seconds
        return abs(Decimal(difference or 0))


def _show_cost(change: CostChange, currency: str | None = None) -> str:
    texts = [show_amount(side.amount) for side in (change.old, change.new)]
    if texts[0] == texts[1]:
        return texts[0] if texts[0] == UNKNOWN else _with_unit(texts[0], currency)
    old, new = change.old.amount, change.new.amount
    if old is None or new is None:
        return " → ".join(text if text == UNKNOWN else _with_unit(text, currency) for text in texts)
    difference = _subtract_cents(new, old) or EXACT.subtract(new, old)
    return f"{_with_unit(' → '.join(texts), currency)} ({_sign(difference)})"


def _subtract_cents(amount: Decimal, other: Decimal) -> Decimal:
    """The difference of two amounts as they are shown: people subtract the figures that they see."""
    return amount.quantize(_CENT, ROUND_HALF_UP, EXACT) - other.quantize(_CENT, ROUND_HALF_UP, EXACT)


def _show_hours(change: CostChange) -> str:
    old, new = change.old.node_seconds, change.new.node_seconds
    texts = [show_hours(seconds) for seconds in (old, new)]
    if texts[0] == texts[1]:
        return texts[0]
    shown = " → ".join(texts)
    if old is None or new is None:
        return shown
    difference = _subtract_cents(count_hours(new), count_hours(old))
    return f"{shown} ({difference:+,})"


def _show_partly(known: Decimal, total: Decimal | None) -> str:
    if total is not None:
        return show_amount(total)
    return f"{show_amount(known)} + {UNKNOWN}" if known else UNKNOWN


def _sign(difference: Decimal) -> str:
    """``+3.40``, ``-3.40``; ``+<0.01`` for what is less than a cent."""
    return f"{'-' if difference < 0 else '+'}{show_amount(abs(difference))}"


def _with_unit(text: str, currency: str | None) -> str:
    return f"{text} {currency}" if currency else text


def _list_few(names: Iterable[str]) -> str:
    every = list(names)
    more = [f"{len(every) - _SHOWN_NAMES} more"] if len(every) > _SHOWN_NAMES + 1 else []
    return list_names([*every[: _SHOWN_NAMES if more else None], *more])
