"""Listings of plans, read back by the libraries that people read them with."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, Plan, RecurrenceTrigger, plan_runs
from pytest_mlschedule.report.listing import Listing, summarize
from pytest_mlschedule.report.plan_csv import write_csv
from pytest_mlschedule.report.plan_ics import write_ics
from pytest_mlschedule.report.plan_json import write_json
from pytest_mlschedule.report.plan_markdown import show_code, write_markdown
from pytest_mlschedule.report.plan_table import write_table
from pytest_mlschedule.triggers.zones import tzdata_version, zone

START, END = datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC)
NASTY = 'a|b, "c"; \\ [red] `x` \n\té€ <b> *_~ ' + "long " * 30
TZDATA = f"(tzdata {tzdata_version()})"


def build(name="nightly", trigger=None, **inputs) -> JobSchedule:
    trigger = trigger or CronTrigger("30 2 * * *", time_zone="Pacific Standard Time", start_time="2026-01-01T00:00:00")
    job = PipelineJob(inputs={"date": "${{creation_context.trigger_time}}", **inputs}, tags={"t": "x"}, compute="cpu")
    return JobSchedule(name=name, trigger=trigger, create_job=job)


@pytest.fixture
def plan() -> Plan:
    return plan_runs(
        [
            build(),
            build("weekly", CronTrigger("0 0 * * 0"), note=NASTY),
            build("never", is_it="x").replace(is_enabled=False),
        ],
        START,
        END,
    )


@pytest.fixture
def empty() -> Plan:
    return plan_runs(build(), START, START + timedelta(hours=1))


def test_table() -> None:
    plan = plan_runs([build(), build("w", CronTrigger("0 0 * * 0"), n=1)], START, END)
    assert "".join(write_table(Listing(plan=plan))) == (
        "schedule  local time                   UTC                   inputs\n"
        "nightly   Sat 2026-03-07 02:30 -08:00  2026-03-07T10:30:00Z  date=2026-03-07T10:30:00Z\n"
        "w         Sun 2026-03-08 00:00 +00:00  2026-03-08T00:00:00Z  date=2026-03-08T00:00:00Z n=1\n"
        "nightly   Sun 2026-03-08 03:30 -07:00  2026-03-08T10:30:00Z  date=2026-03-08T10:30:00Z\n"
        "nightly   Mon 2026-03-09 02:30 -07:00  2026-03-09T09:30:00Z  date=2026-03-09T09:30:00Z\n"
        "\n"
        f"4 runs of 2 schedules from 2026-03-07T00:00:00Z to 2026-03-10T00:00:00Z {TZDATA}\n"
        "nightly 3, w 1\n"
    )


def test_table_in_another_zone_with_a_limit() -> None:
    berlin = zone("Europe/Berlin").tzinfo
    listing = Listing(plan=plan_runs(build(), START, END), limit=1, zone=berlin, zone_name="Europe/Berlin")
    assert "".join(write_table(listing)) == (
        "schedule  local time                   UTC                   Europe/Berlin                inputs\n"
        "nightly   Sat 2026-03-07 02:30 -08:00  2026-03-07T10:30:00Z  Sat 2026-03-07 11:30 +01:00  date=2026-03-07T10:30:00Z\n"
        "\n"
        "... and 2 more: --limit 0 shows all, -o csv, json and ics hold all\n"
        f"3 runs of 1 schedule from 2026-03-07T00:00:00Z to 2026-03-10T00:00:00Z {TZDATA}\n"
    )


def test_seconds_are_shown_where_there_are_any() -> None:
    trigger = RecurrenceTrigger("day", 1, start_time="2026-03-07T10:00:30")
    (line, *_) = list(write_table(Listing(plan=plan_runs(build("a", trigger), START, END))))[1:]
    assert line.startswith("a         Sat 2026-03-07 10:00:30 +00:00  2026-03-07T10:00:30Z  date=")


def test_summaries(plan, empty) -> None:
    window = "from 2026-03-07T00:00:00Z to 2026-03-07T01:00:00Z"
    assert summarize(Listing(plan=empty)) == [f"no runs of 1 schedule {window} {TZDATA}"]
    assert summarize(Listing(plan=plan))[1] == "never 0, nightly 3, weekly 1"
    coming = [
        summarize(Listing(plan=which, limit=limit, kind="next")) for which, limit in ((plan, 9), (plan, 1), (empty, 1))
    ]
    assert coming == [
        [f"the next 4 runs of 3 schedules from 2026-03-07T00:00:00Z on {TZDATA}"],
        [f"the next run of 3 schedules from 2026-03-07T00:00:00Z on {TZDATA}"],
        [f"no more runs of 1 schedule from 2026-03-07T00:00:00Z on {TZDATA}"],
    ]
    (one,) = summarize(Listing(plan=plan.for_schedule("weekly")))
    assert one.startswith("1 run of 1 schedule from")


def test_an_empty_plan_in_every_format(empty) -> None:
    listing = Listing(plan=empty)
    summary = summarize(listing)[0]
    assert "".join(write_table(listing)) == f"{summary}\n"
    assert "".join(write_markdown(listing)) == f"{summary}\n"
    assert len("".join(write_csv(listing)).splitlines()) == 1
    assert Plan.from_dict(json.loads("".join(write_json(listing)))) == empty
    assert icalendar.Calendar.from_ical("".join(write_ics(listing, START))).walk("VEVENT") == []


def test_csv(plan) -> None:
    text = "".join(write_csv(Listing(plan=plan, zone=zone("Asia/Tokyo").tzinfo, zone_name="Tokyo")))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["display_name"] for row in rows] == [run.display_name for run in plan]
    for row, run in zip(rows, plan, strict=True):
        assert datetime.fromisoformat(row["trigger_time"]) == run.trigger_time
        assert row["local_time"] == run.local_time.isoformat()
        assert datetime.fromisoformat(row["zone_time"]) == run.trigger_time
        assert row["zone_time"].endswith("+09:00")
        assert {name: json.loads(row[name]) for name in ("inputs", "outputs", "settings", "tags")} == {
            "inputs": run.inputs,
            "outputs": {},
            "settings": {},
            "tags": {"t": "x"},
        }
        assert (row["schedule"], row["job_name"], row["experiment_name"]) == (run.schedule, run.job_name, "Default")
        assert (row["compute"], row["time_zone"], row["anchor_assumed"]) == ("cpu", run.time_zone, "false")


def test_csv_says_what_hangs_on_a_guess_and_comes_in_pieces() -> None:
    plan = plan_runs(build("a", RecurrenceTrigger("minute", 5)), START, END)
    pieces = list(write_csv(Listing(plan=plan)))
    assert len(pieces) > 10
    rows = list(csv.DictReader(io.StringIO("".join(pieces))))
    assert len(rows) == len(plan) == 864
    assert {row["anchor_assumed"] for row in rows} == {"true"}


def test_json_is_the_document_of_the_plan(plan) -> None:
    text = "".join(write_json(Listing(plan=plan)))
    assert json.loads(text) == plan.to_dict()
    assert Plan.from_dict(json.loads(text)) == plan
    assert text.endswith("\n  ]\n}\n")


def cells(line: str) -> list[str]:
    """The cells of a row of GitHub-flavoured Markdown: a bar with a backslash before it is text, in code too."""
    parts = line.replace("\\|", "\0").strip().strip("|").split("|")
    return [part.strip().replace("\0", "|") for part in parts]


def test_markdown(plan) -> None:
    lines = "".join(write_markdown(Listing(plan=plan))).splitlines()
    assert lines[:3] == [
        "| schedule | local time | UTC | inputs |",
        "| --- | --- | --- | --- |",
        "| `nightly` | Sat 2026-03-07 02:30 -08:00 | 2026-03-07T10:30:00Z | `date=2026-03-07T10:30:00Z` |",
    ]
    assert all(len(cells(line)) == 4 for line in lines[:6])
    (note,) = [cells(line)[3] for line in lines if "weekly`" in line]
    assert note.startswith("``date=")
    assert note.endswith("``")
    assert json.loads(note.strip("` ").split(" note=", 1)[1]) == NASTY
    assert lines[7] == f"4 runs of 3 schedules from 2026-03-07T00:00:00Z to 2026-03-10T00:00:00Z {TZDATA}  "


def test_markdown_takes_names_for_text() -> None:
    plan = plan_runs([build("a_b_c", start=1), build("x")], START, END)
    text = "".join(write_markdown(Listing(plan=plan)))
    assert "| `a_b_c` |" in text
    assert "a\\_b\\_c 3, x 3" in text
    bare = plan_runs(JobSchedule(name="bare", trigger=CronTrigger("0 3 * * *"), action={}), START, END)
    assert "| 2026-03-07T03:00:00Z |  |" in "".join(write_markdown(Listing(plan=bare)))


@pytest.mark.parametrize(
    ("text", "code"),
    [("x", "`x`"), ("`", "`` ` ``"), ("a``b", "```a``b```"), ("`a``", "``` `a`` ```"), ("a|b", "`a\\|b`")],
)
def test_code_spans_hold_any_text(text: str, code: str) -> None:
    assert show_code(text) == code


def test_ics(plan) -> None:
    text = "".join(write_ics(Listing(plan=plan), datetime(2026, 3, 1, 12, tzinfo=UTC)))
    calendar = icalendar.Calendar.from_ical(text)
    assert (calendar["version"], calendar["prodid"]) == ("2.0", "-//pytest-mlschedule//plan//EN")
    events = calendar.walk("VEVENT")
    assert [str(event["summary"]) for event in events] == [run.schedule for run in plan]
    for event, run in zip(events, plan, strict=True):
        assert event["dtstart"].dt == run.trigger_time
        assert event["dtstamp"].dt == datetime(2026, 3, 1, 12, tzinfo=UTC)
        assert str(event["uid"]) == f"{run.job_name}@mlschedule"
        assert str(event["description"]).splitlines()[0] == run.display_name
        assert not event.errors
    (weekly,) = [event for event in events if str(event["summary"]) == "weekly"]
    assert json.loads(str(weekly["description"]).split(" note=", 1)[1]) == NASTY


@pytest.mark.parametrize("shift", range(4))
def test_ics_never_cuts_a_character(shift: int) -> None:
    text = "y" * shift + "€😀é" * 60
    plan = plan_runs(build("a", wide=text), START, START + timedelta(days=1))
    octets = "".join(write_ics(Listing(plan=plan), START)).encode()
    lines = octets.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)
    (event,) = icalendar.Calendar.from_ical(octets).walk("VEVENT")
    assert f'wide="{text}"' in str(event["description"])


def test_ics_lines_are_folded_at_75_octets(plan) -> None:
    text = "".join(write_ics(Listing(plan=plan), START))
    assert text.replace("\r\n", "").isprintable()
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert max(len(line.encode()) for line in lines) == 75
    assert any(line.startswith(" ") for line in lines)
