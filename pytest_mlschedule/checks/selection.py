"""Which rules count, and how much: selected, ignored, with another severity, by file.

The catalogue is an argument here: some of its rules are about what is selected.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from pytest_mlschedule.checks.rule import Rule
from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.triggers.wording import list_names, nearest, quote

UNREADABLE_FILES = ("MLS001", "MLS002", "MLS003", "MLS004")
"""What always counts: nothing else is known of such a file. Whoever does not want it leaves the file out of the paths."""
_CODE = re.compile(r"MLS\d{0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSelection:
    """What a configuration says about rules. A selector is a code ("MLS103"), the start of codes ("MLS1") or a rule's name.

    ``select``: the rules that count (all); ``ignore``: those that do not; the longer selector wins, ``ignore`` on a tie.
    ``severity``: another severity by selector, the longest wins. ``per_file_ignores``: selectors by path pattern (relative to
    ``root``): ``*`` and ``?`` stay in a folder, ``**`` is any folders, a folder means all that is in it, a pattern without ``/``
    fits in any folder. MLS001 to MLS004 always count, as errors.
    """

    select: tuple[str, ...] = ("MLS",)
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    root: str = ""

    def narrow(self, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> RuleSelection:
        """This with what a command line says: its ``select`` replaces select and ignore of this, its ``ignore`` takes away."""
        if select:
            return replace(self, select=tuple(select), ignore=tuple(ignore))
        return replace(self, ignore=(*self.ignore, *ignore))


class Sieve:
    """A selection over a catalogue: what becomes of diagnostics."""

    def __init__(self, selection: RuleSelection, rules: Mapping[str, Rule]) -> None:
        self._rules = rules
        self._severities = {
            code: _severity(selection, rule) for code, rule in rules.items() if _counts(selection, rule)
        }
        self._selection = selection
        self._ignored: dict[str, frozenset[str]] = {}

    def counts(self, code: str, path: str | None = None) -> bool:
        """Whether findings of a code count, in a file where one is named. A code without a rule counts."""
        if code not in self._rules or code in UNREADABLE_FILES:
            return True
        return code in self._severities and (path is None or code not in self._ignored_in(path))

    def settle(self, item: Diagnostic) -> Diagnostic | None:
        """The diagnostic with the severity that it has here; None for one that does not count."""
        if not self.counts(item.code, item.location.path if item.location else None):
            return None
        severity = self._severities.get(item.code, item.severity)
        return item if severity is item.severity else replace(item, severity=severity)

    def _ignored_in(self, path: str) -> frozenset[str]:
        """The codes that do not count in a file."""
        patterns = self._selection.per_file_ignores
        if not patterns:
            return frozenset()
        if path not in self._ignored:
            relative = os.path.relpath(path, self._selection.root or os.curdir).replace(os.sep, "/")
            found = {selector for pattern in patterns if fits(relative, pattern) for selector in patterns[pattern]}
            self._ignored[path] = frozenset(
                code for code, rule in self._rules.items() if any(_weight(selector, rule) for selector in found)
            )
        return self._ignored[path]


def check_selectors(selectors: Iterable[str], rules: Mapping[str, Rule]) -> list[str]:
    """What is wrong with some selectors, and the way out; nothing for those that select something."""
    return [problem for problem in (check_selector(selector, rules) for selector in selectors) if problem]


def check_selector(selector: str, rules: Mapping[str, Rule]) -> str | None:
    """What is wrong with a selector, and the way out; None where it selects something."""
    if any(_weight(selector, rule) for rule in rules.values()):
        return None
    close = find_nearest(selector, rules)
    way_out = f"did you mean {list_names(close, 'or')}?" if close else "mlschedule rules lists them"
    return f"{quote(selector)} is not a rule: a code (MLS103), the start of codes (MLS1) or a name; {way_out}"


def find_rule(text: str, rules: Mapping[str, Rule]) -> Rule | None:
    """The rule of a code or a name, in any case."""
    wanted = text.strip()
    return rules.get(wanted.upper()) or next((rule for rule in rules.values() if rule.name == wanted.lower()), None)


def find_nearest(text: str, rules: Mapping[str, Rule], most: int = 1) -> list[str]:
    """The codes and names of rules most like a text; none for what is a code: its neighbours are about other things."""
    if _CODE.fullmatch(text.strip().upper()):
        return []
    candidates = {known.lower(): known for rule in rules.values() for known in (rule.code, rule.name)}
    return [candidates[name] for name in nearest(text.strip(), candidates, most=most)]


def fits(path: str, pattern: str) -> bool:
    """Whether a relative path (with ``/``) is one that a pattern means; see RuleSelection.per_file_ignores."""
    pattern = pattern.replace("\\", "/").rstrip("/")
    steps = [step for step in pattern.split("/") if step not in ("", ".")]
    return _fits(path.split("/"), steps if "/" in pattern else ["**", *steps])


def _fits(parts: Sequence[str], steps: Sequence[str]) -> bool:
    if not steps:
        return True  # what is left is in the folder that the pattern means
    if steps[0] == "**":
        return any(_fits(parts[start:], steps[1:]) for start in range(len(parts)))
    return bool(parts) and fnmatchcase(parts[0], steps[0]) and _fits(parts[1:], steps[1:])


def _counts(selection: RuleSelection, rule: Rule) -> bool:
    chosen = max((_weight(selector, rule) for selector in selection.select), default=0)
    left_out = max((_weight(selector, rule) for selector in selection.ignore), default=0)
    return chosen > left_out


def _severity(selection: RuleSelection, rule: Rule) -> Severity:
    fitting = [(_weight(selector, rule), severity) for selector, severity in selection.severity.items()]
    weight, severity = max(fitting, key=lambda pair: pair[0], default=(0, rule.severity))
    return severity if weight and rule.code not in UNREADABLE_FILES else rule.severity


def _weight(selector: str, rule: Rule) -> int:
    """How exactly a selector means a rule; 0: not at all."""
    wanted = selector.strip()
    if wanted.lower() == rule.name:
        return len(rule.code)
    wanted = wanted.upper()
    return len(wanted) if _CODE.fullmatch(wanted) and rule.code.startswith(wanted) else 0
