"""What we tell people: one problem, where it is, why, and the way out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

PathPart = str | int


class Severity(StrEnum):
    """How bad a diagnostic is.

    ``error``: rejected or cannot work; ``warning``: accepted and likely wrong; ``note``: good to know.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for note, 1 for warning, 2 for error: to compare severities."""
        return ("note", "warning", "error").index(self.value)


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a text: path as the user gave it, line and column counted from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem.

    ``code`` never changes its meaning ("MLS102"); ``message`` says what is wrong and what is allowed, ``hint`` the way
    out (may be empty); ``location`` is None for values that come from Python; ``field`` is the path of keys and indices
    to the value, from the root of the document (``("trigger", "schedule", "hours", 0)``); ``offset`` counts the characters
    from the start of a text value to the part that is wrong, None where the whole value is meant.
    """

    code: str
    severity: Severity
    message: str
    hint: str = ""
    location: Location | None = None
    field: tuple[PathPart, ...] = ()
    offset: int | None = None

    @property
    def field_name(self) -> str:
        """The field as people write it: ``trigger.schedule.hours[0]``; empty for the whole document."""
        text = ""
        for part in self.field:
            text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
        return text

    def under(self, *prefix: PathPart) -> Diagnostic:
        """The same problem, its field seen from an outer document."""
        return replace(self, field=(*prefix, *self.field))

    def at(self, location: Location | None) -> Diagnostic:
        """The same problem at a place in a text."""
        return replace(self, location=location)

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        name = f"{self.field_name}: " if self.field else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{place}{self.code} {name}{self.message}{hint}"


def error(code: str, message: str, hint: str = "", field: tuple[PathPart, ...] = ()) -> Diagnostic:
    """A diagnostic of severity error, without a place."""
    return Diagnostic(code, Severity.ERROR, message, hint, None, field)


def warning(code: str, message: str, hint: str = "", field: tuple[PathPart, ...] = ()) -> Diagnostic:
    """A diagnostic of severity warning, without a place."""
    return Diagnostic(code, Severity.WARNING, message, hint, None, field)


def note(code: str, message: str, hint: str = "", field: tuple[PathPart, ...] = ()) -> Diagnostic:
    """A diagnostic of severity note, without a place."""
    return Diagnostic(code, Severity.NOTE, message, hint, None, field)
