"""MLS9xx: findings that are ignored on purpose, and ignores that are no longer needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pytest_mlschedule.checks.pragmas import Named, Pragma, find_pragmas
from pytest_mlschedule.checks.rule import Rule
from pytest_mlschedule.checks.selection import UNREADABLE_FILES, find_nearest, find_rule
from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity, warning
from pytest_mlschedule.triggers.wording import list_names, quote

UNUSED, MALFORMED, STALE = "MLS901", "MLS902", "MLS903"
RULES: tuple[Rule, ...] = (
    Rule(code=UNUSED, name="unused-ignore", severity=Severity.WARNING, summary="an ignore is not needed"),
    Rule(
        code=MALFORMED, name="ignore-form", severity=Severity.WARNING, summary="an ignore does not say what it ignores"
    ),
    Rule(code=STALE, name="stale-baseline", severity=Severity.NOTE, summary="an entry of the baseline is not needed"),
)
FORM = "# mls: ignore[MLS103] reason"
IsDecided = Callable[[str, str], bool]
_ABOUT_COMMENTS = (UNUSED, MALFORMED, *UNREADABLE_FILES)


@dataclass(eq=False)
class _Ignore:
    """A comment of a file, what it names, and what it was good for."""

    path: str
    pragma: Pragma
    rules: Mapping[Named, Rule | None]
    used: dict[str, None] = field(default_factory=dict)

    def meets(self, code: str, line: int) -> bool:
        pragma = self.pragma
        if pragma.problem or (pragma.verb == "ignore" and pragma.target != line):
            return False
        return not pragma.names or any(rule is not None and rule.code == code for rule in self.rules.values())

    def at(self, item: Diagnostic, column: int | None = None) -> Diagnostic:
        return item.at(Location(self.path, self.pragma.line, column or self.pragma.column))


class Suppressions:
    """The ignoring comments in some texts (by path, as findings name it), and what they were good for."""

    def __init__(self, texts: Mapping[str, str | None], rules: Mapping[str, Rule]) -> None:
        self._rules = rules
        self._ignores: dict[str, list[_Ignore]] = {}
        for path, text in texts.items():
            found = [self._resolve(path, pragma) for pragma in find_pragmas(text or "")]
            if found:
                self._ignores[path] = found

    def take(self, item: Diagnostic) -> bool:
        """Whether a comment ignores a finding. The comment is then known to be needed."""
        place = item.location
        if place is None or item.code in UNREADABLE_FILES:
            return False
        meeting = [one for one in self._ignores.get(place.path, ()) if one.meets(item.code, place.line)]
        for one in meeting:
            one.used[item.code] = None
        return bool(meeting)

    def find_problems(self, is_decided: IsDecided, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Comments that are not needed (MLS901) or cannot be understood (MLS902), when everything else was taken.

        ``is_decided``: whether a finding of a code in a path would have come up in this check; ``found``: everything that did.
        """
        if not self._ignores:
            return []
        lines: dict[tuple[str, str], list[int]] = {}
        for item in found:
            if item.location is not None:
                lines.setdefault((item.location.path, item.code), []).append(item.location.line)
        ignores = [one for many in self._ignores.values() for one in many]
        problems = [item for one in ignores for item in (*self._misnamed(one), *_find_unused(one, is_decided, lines))]
        return [item for item in problems if not self._allows(item)]

    def _allows(self, item: Diagnostic) -> bool:
        """Whether a comment ignores a finding about a comment of its line: it must name the code."""
        place = item.location
        assert place is not None
        named = [one for one in self._ignores[place.path] if one.pragma.names]
        return any(one.meets(item.code, line) for one in named for line in {place.line, self._target(place)})

    def _target(self, place: Location) -> int:
        """The line that a comment on a line is about."""
        return next(one.pragma.target for one in self._ignores[place.path] if one.pragma.line == place.line)

    def _resolve(self, path: str, pragma: Pragma) -> _Ignore:
        return _Ignore(path, pragma, {name: find_rule(name.text, self._rules) for name in pragma.names})

    def _misnamed(self, one: _Ignore) -> Iterator[Diagnostic]:
        if one.pragma.problem:
            yield one.at(warning(MALFORMED, f"the comment ignores nothing: {one.pragma.problem}", f"write {FORM}"))
        elif not one.pragma.names and one.used:
            where = "in this file" if one.pragma.verb == "ignore-file" else f"on line {one.pragma.target}"
            hint = f"name what is meant: # mls: {one.pragma.verb}[{', '.join(one.used)}]"
            yield one.at(warning(MALFORMED, f"everything {where} is ignored, also what is yet to come", hint))
        for name, rule in one.rules.items():
            if rule is None:
                close = find_nearest(name.text, self._rules)
                hint = f"did you mean {list_names(close, 'or')}?" if close else "mlschedule rules lists them"
                yield one.at(
                    warning(MALFORMED, f"{quote(name.text)} is not the code or name of a rule", hint), name.column
                )
            elif rule.code in UNREADABLE_FILES:
                text = f"{rule.code} cannot be ignored: nothing else is known of such a file"
                yield one.at(warning(MALFORMED, text, "leave the file out of the paths"), name.column)


def _find_unused(
    one: _Ignore, is_decided: IsDecided, lines: Mapping[tuple[str, str], list[int]]
) -> Iterator[Diagnostic]:
    if one.pragma.problem:
        return
    if not one.pragma.names and not one.used:
        yield one.at(warning(UNUSED, "there is nothing to ignore here", "remove the comment"))
    for name, rule in one.rules.items():
        if rule is None or rule.code in one.used or rule.code in _ABOUT_COMMENTS:
            continue
        if is_decided(rule.code, one.path):
            elsewhere = lines.get((one.path, rule.code))
            hint = "remove it from the comment" if len(one.rules) > 1 else "remove the comment"
            if elsewhere and one.pragma.verb == "ignore":
                near = min(elsewhere, key=lambda line: abs(line - one.pragma.target))
                hint = f"{rule.code} is found on line {near}: the comment belongs at the end of that line or directly above it"
            where = "in this file" if one.pragma.verb == "ignore-file" else f"on line {one.pragma.target}"
            yield one.at(warning(UNUSED, f"{rule.code} is not found {where}", hint), name.column)
