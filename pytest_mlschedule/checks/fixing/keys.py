"""Fixes of keys (MLS006) and of values that YAML reads as something else than text (MLS011)."""

from __future__ import annotations

import re

from pytest_mlschedule.checks.fixing.edits import Fix
from pytest_mlschedule.checks.fixing.written import Path, WrittenDocument
from pytest_mlschedule.diagnostics import Diagnostic

_SUGGESTED = re.compile(r"(?:write|did you mean) (.+?)\??")
# What the documentation's own prose calls a key, besides plurals, cases and dashes.
_ALIASES: dict[tuple[Path, str], str] = {(("trigger",), "pattern"): "schedule"}
_TEXTS = ("name", "display_name", "description")


def fix_key(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS006: the key as the client knows it, where the hint names it and it differs in form only."""
    around, name = item.field[:-1], str(item.field[-1]) if item.field else ""
    written, mapping = document.key(item.field), document.mapping(around)
    suggested = _SUGGESTED.fullmatch(item.hint)
    if written is None or mapping is None or suggested is None:
        return None
    words = [word for word in re.findall(r"\w+", suggested[1]) if _is_form(name, word, around)]
    if len(words) != 1:
        return None
    forms = [key.value for key, _ in mapping.value if key.value == words[0] or _is_form(key.value, words[0], around)]
    if forms != [name]:  # the right key is there too, or the same one twice
        return None
    edit = written.rewrite(words[0])
    return Fix(item.code, item.field, (edit,), f"{name} is now {words[0]}", (*around, words[0]))


def _is_form(name: str, key: str, around: Path) -> bool:
    """Whether a name is a key in another case, with dashes, in the plural or singular, or the documentation's name for it."""
    one, other = _squeeze(name), _squeeze(key)
    return one in (other, f"{other}s", other.removesuffix("s")) or _ALIASES.get((around, one)) == key


def _squeeze(name: str) -> str:
    return re.sub(r"[-_\s]", "", name).lower()


def fix_look_alike(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS011: quotes, where nothing but text is allowed."""
    trigger = document.mapping(()) is not None and document.mapping(("trigger",)) is not None
    written = document.scalar(item.field) if _takes_text(item.field, of_schedule=trigger) else None
    if written is None or written.style:
        return None
    edit = written.quoted(written.raw)
    return Fix(item.code, item.field, (edit,), f"{written.raw} is now {edit.text}")


def _takes_text(field: Path, *, of_schedule: bool) -> bool:
    """A schedule's own tags take any value (sdk.md), those of jobs only text."""
    of_job = not of_schedule or field[:1] == ("create_job",)
    inner = field[1:] if of_schedule and of_job else field
    if inner[:1] == ("tags",):
        return len(inner) == 2 and of_job
    if inner[:1] == ("experiment_name",):
        return len(inner) == 1 and of_job
    return (len(inner) == 1 and inner[0] in _TEXTS) or (len(inner) == 2 and inner[0] == "properties")
