"""Which rules count, and how much: selected, ignored, with another severity, by file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pytest_mlschedule.diagnostics import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSelection:
    """What a configuration says about rules. A selector is a code ("MLS103"), the start of codes ("MLS1") or a rule's name.

    ``select``: the rules that count (all); ``ignore``: those that do not; the longer selector wins, ``ignore`` on a tie.
    ``severity``: another severity by selector. ``per_file_ignores``: selectors by path pattern (relative to ``root``).
    """

    select: tuple[str, ...] = ("MLS",)
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    root: str = ""
