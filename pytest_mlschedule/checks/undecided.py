"""MLS709: budgets of money and nodes of which nobody knows whether they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_mlschedule.checks.excess import SHOWN, Case, Excess
from pytest_mlschedule.checks.spending import Unknown
from pytest_mlschedule.triggers.wording import list_names

NO_HINT = "say what the runs take, or leave them out of the budget"


def say_undecided(case: Case, unknown: Iterable[Unknown], known: str = "") -> Iterator[Excess]:
    """One finding for everything that is not known about a limit; nothing where all of it is. ``known``: what is, in words.

    It stands at the first of the schedules of which something is not known.
    """
    found = list({one.name: one for one in unknown}.values())
    if not found:
        return
    given = {one.schedule: one for one in reversed(case.starts)}
    blamed = [given[one.name] for one in found if one.name in given] or [case.starts[0]]
    reasons: dict[str, list[str]] = {}
    for one in found:
        reasons.setdefault(one.reason, []).append(one.name)
    told = [
        f"{_list_few(names)}: {reason}" for reason, names in sorted(reasons.items(), key=lambda item: -len(item[1]))
    ]
    more = [f"{len(told) - SHOWN} more reasons"] if len(told) > SHOWN + 1 else []
    text = f"nobody knows whether {_name(case)} keep {case.limit} of {case.origin}: "
    text += "; ".join([*told[: SHOWN if more else None], *more])
    text += f"; what is known {known}" if known else ""
    yield case.excess(
        [(one, 0) for one in blamed],
        text,
        "; ".join(_choose_hints(found)) or NO_HINT,
        count=len(found),
        shown=f"{len(found)} unknown",
        undecided=True,
    )


def _choose_hints(unknown: Iterable[Unknown]) -> list[str]:
    """The first hints; of those that say the same of other schedules one."""
    kinds = {one.hint.partition('"')[0]: one.hint for one in reversed(list(unknown)) if one.hint}
    return list(reversed(kinds.values()))[:SHOWN]


def _name(case: Case) -> str:
    scope, name = case.budget.scope, case.budget.name
    if scope == "schedule":
        return f"schedules called {name}"
    return "all schedules together" if scope == "total" else f"schedules tagged {name} together"


def _list_few(names: list[str]) -> str:
    more = [f"{len(names) - SHOWN} more"] if len(names) > SHOWN + 1 else []
    return list_names([*names[: SHOWN if more else None], *more])
