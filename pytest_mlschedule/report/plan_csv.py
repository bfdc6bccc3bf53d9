"""A plan as CSV, one run a row, for spreadsheets and data frames."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from pytest_mlschedule.planning.run import PlannedRun
from pytest_mlschedule.report.listing import Listing
from pytest_mlschedule.report.time_words import show_utc
from pytest_mlschedule.report.value_words import show_json

COLUMNS = (
    "schedule",
    "trigger_time",
    "local_time",
    "time_zone",
    "job_name",
    "display_name",
    "experiment_name",
    "compute",
)
CHUNK = 1 << 11  # characters
MAPPINGS = ("inputs", "outputs", "settings", "tags")


def write_csv(listing: Listing) -> Iterator[str]:
    """The text in pieces, heading first. Times are ISO 8601, mappings are JSON; lines end in a line feed."""
    extra = ["zone_time"] if listing.zone else []
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, *MAPPINGS, "anchor_assumed", *extra])
    for run in listing.runs():
        writer.writerow(_cells(run, listing))
        if text.tell() > CHUNK:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _cells(run: PlannedRun, listing: Listing) -> list[Any]:
    extra = [run.trigger_time.astimezone(listing.zone).isoformat()] if listing.zone else []
    return [
        run.schedule,
        show_utc(run.trigger_time),
        run.local_time.isoformat(),
        run.time_zone,
        run.job_name,
        run.display_name,
        run.experiment_name,
        run.compute,
        *(show_json(getattr(run, name)) for name in MAPPINGS),
        str(run.anchor_assumed).lower(),
        *extra,
    ]
