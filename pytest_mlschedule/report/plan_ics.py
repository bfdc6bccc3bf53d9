"""A plan as an iCalendar file (RFC 5545), to lay over a team's calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from pytest_mlschedule.planning.run import PlannedRun
from pytest_mlschedule.report.listing import Listing
from pytest_mlschedule.report.time_words import show_local
from pytest_mlschedule.report.value_words import show_values

LONGEST_LINE = 75  # octets, RFC 5545 3.1
_SPECIAL = re.compile(r"([\\;,])")


def write_ics(listing: Listing, stamped: datetime) -> Iterator[str]:
    """The calendar, an event without duration for every run. ``stamped``: when it was made (aware), which events must say."""
    yield from map(
        _line, ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//pytest-mlschedule//plan//EN", "CALSCALE:GREGORIAN")
    )
    stamp = f"DTSTAMP:{_instant(stamped)}"
    for run in listing.runs():
        yield from map(_line, ("BEGIN:VEVENT", stamp, *_properties(run), "END:VEVENT"))
    yield _line("END:VCALENDAR")


def _properties(run: PlannedRun) -> Iterator[str]:
    yield f"UID:{run.job_name}@mlschedule"
    yield f"DTSTART:{_instant(run.trigger_time)}"
    yield f"SUMMARY:{_text(run.schedule)}"
    facts = (run.display_name, show_local(run.local_time), f"experiment {run.experiment_name}", show_values(run.inputs))
    yield f"DESCRIPTION:{_text(chr(10).join(filter(None, facts)))}"
    yield "TRANSP:TRANSPARENT"


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text).replace("\n", "\\n")


def _line(text: str) -> str:
    """A content line, folded so that no line passes 75 octets and no character is cut in two."""
    octets = text.encode()
    lines = []
    while len(octets) > LONGEST_LINE:
        cut = LONGEST_LINE
        while octets[cut] & 0xC0 == 0x80:  # inside a character
            cut -= 1
        lines.append(octets[:cut])
        octets = b" " + octets[cut:]
    return b"\r\n".join([*lines, octets, b""]).decode()
