"""When the UTC offset of a zone changes, read from a TZif file (RFC 8536): its table, then its POSIX footer rule."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

DAY = 86_400
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_OFFSET = r"([+-]?\d{1,3}(?::\d\d){0,2})"
_NAME = r"(?:<[^>]+>|[A-Za-z]+)"
_RULE = rf"(J?\d+|M\d+\.\d\.\d)(?:/{_OFFSET})?"
_FOOTER = re.compile(rf"{_NAME}{_OFFSET}(?:{_NAME}{_OFFSET}?,{_RULE},{_RULE})?")


class Transitions(NamedTuple):
    """At ``instants[i]`` (epochs, ascending) the offset ``offsets[i]`` gives way to ``offsets[i + 1]`` (seconds)."""

    instants: list[int]
    offsets: list[int]


def read_transitions(data: bytes, last_year: int) -> Transitions:
    """Every change of offset in a TZif file of version 2 or later, up to the end of ``last_year``.

    Raises ValueError when the footer is not a POSIX TZ string.
    """
    first_offset, changes, footer = _read_table(data)
    instants: list[int] = []
    offsets = [first_offset]
    after = changes[-1][0] if changes else -(2**40)
    for instant, offset in [*changes, *(rule for rule in _footer_changes(footer, after, last_year))]:
        if offset != offsets[-1]:
            instants.append(instant)
            offsets.append(offset)
    return Transitions(instants, offsets)


def _read_table(data: bytes) -> tuple[int, list[tuple[int, int]], str]:
    """Offset before the first change, the explicit changes (instant, new offset), and the footer."""
    *_, leaps, times, types, chars = header = struct.unpack(">6l", data[20:44])
    start = 44 + times * 5 + types * 6 + chars + leaps * 8 + header[1] + header[0]
    is_ut, is_std, leaps, times, types, chars = struct.unpack(">6l", data[start + 20 : start + 44])
    start += 44
    instants = struct.unpack(f">{times}q", data[start : start + 8 * times])
    start += 8 * times
    indices = data[start : start + times]
    start += times
    kinds = [struct.unpack(">lBB", data[start + 6 * i : start + 6 * i + 6]) for i in range(types)]
    start += 6 * types + chars + leaps * 12 + is_std + is_ut
    footer = data[start:].decode("ascii").strip("\n")
    first = next((kind for kind in kinds if not kind[1]), kinds[0])
    return first[0], [(instant, kinds[index][0]) for instant, index in zip(instants, indices, strict=True)], footer


def _footer_changes(footer: str, after: int, last_year: int) -> Iterator[tuple[int, int]]:
    """The changes that the footer rule makes after ``after``: it holds from the last explicit change on."""
    match = _FOOTER.fullmatch(footer)
    if match is None:
        raise ValueError(f"{footer!r} is not a POSIX TZ string")
    standard_text, summer_text, begin, begin_time, end, end_time = match.groups()
    standard = -_seconds(standard_text)
    if begin is None:
        yield after + 1, standard
        return
    summer = -_seconds(summer_text) if summer_text else standard + 3600
    first_year = max(1970 + after // 31_556_952 - 1, 1968)
    for year in range(first_year, last_year + 1):
        changes = [
            (_rule_day(begin, year) * DAY + _seconds(begin_time or "2") - standard, summer),
            (_rule_day(end, year) * DAY + _seconds(end_time or "2") - summer, standard),
        ]
        yield from sorted(change for change in changes if change[0] > after)


def _seconds(text: str) -> int:
    """``[+-]h[h][:mm[:ss]]`` in seconds."""
    sign = -1 if text.startswith("-") else 1
    return sign * sum(int(part) * unit for part, unit in zip(text.lstrip("+-").split(":"), (3600, 60, 1), strict=False))


def _rule_day(rule: str, year: int) -> int:
    """The day (from 1970-01-01) that a rule means in a year: ``Mm.w.d``, ``Jn`` (never 29 February) or ``n``."""
    new_year = date(year, 1, 1).toordinal() - _EPOCH_ORDINAL
    if rule.startswith("J"):
        leap = date(year, 12, 31).timetuple().tm_yday == 366
        number = int(rule[1:])
        return new_year + number - 1 + (leap and number >= 60)
    if not rule.startswith("M"):
        return new_year + int(rule)
    month, week, weekday = map(int, rule[1:].split("."))
    first = date(year, month, 1).toordinal() - _EPOCH_ORDINAL
    day = first + (weekday - first - 4) % 7 + (week - 1) * 7
    if week == 5:
        following = date(year + month // 12, month % 12 + 1, 1).toordinal() - _EPOCH_ORDINAL
        day -= 7 * (day >= following)
    return day
