"""Audits and calibrations as text, Markdown and JSON: each whole once, and each sentence."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pytest_mlschedule import CronTrigger, JobSchedule, Plan, ServiceProfile, plan_runs
from pytest_mlschedule.history.history import History
from pytest_mlschedule.planning.audit import audit_runs
from pytest_mlschedule.planning.audit_result import Audit
from pytest_mlschedule.planning.calibration import calibrate_profile
from pytest_mlschedule.planning.calibration_result import Calibration, Evidence, KnobVerdict
from pytest_mlschedule.report.audit_calibration_text import write_text as write_calibration_text
from pytest_mlschedule.report.audit_calibration_words import describe_verdict
from pytest_mlschedule.report.audit_json import write_json
from pytest_mlschedule.report.audit_markdown import write_audit, write_calibration
from pytest_mlschedule.report.audit_text import write_text
from pytest_mlschedule.report.audit_words import describe_deviations, describe_remarks, short_length, summarize

START, END = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 12, tzinfo=UTC)
PACIFIC = "Pacific Standard Time"


def schedule(name: str, expression: str, time_zone: str = "UTC") -> JobSchedule:
    return JobSchedule(name=name, trigger=CronTrigger(expression, "2026-01-01T00:00:00", None, time_zone))


def plan(*schedules: JobSchedule) -> Plan:
    return plan_runs(schedules, START, END, created_at=START)


def job(name: str, time: str, late: int = 5, /, **changes: Any) -> dict[str, Any]:
    instant = datetime.fromisoformat(time).replace(tzinfo=UTC)
    return {
        "name": f"{name}-{instant:%d%H%M}",
        "display_name": f"{name}-{instant:%Y%m%dT%H%M%SZ}",
        "creation_context": {"created_at": (instant + timedelta(seconds=late)).isoformat()},
        "properties": {"runSource": "Schedule"},
        **changes,
    }


def audit(planned: Plan, *entities: dict[str, Any]) -> Audit:
    return audit_runs(planned, History.from_data(list(entities)).between(START, END))


def of_days(name: str, clock: str, days: range) -> list[dict[str, Any]]:
    return [job(name, f"2026-03-{day:02d}T{clock}") for day in days]


def an_audit() -> Audit:
    return audit(
        plan(
            schedule("nightly", "0 3 * * *", PACIFIC), schedule("report", "0 9 * * *"), schedule("quiet", "0 6 * * *")
        ),
        *of_days("nightly", "11:00", range(2, 8)),
        job("nightly", "2026-03-09T10:00", 3_700),
        *(job("nightly", "2026-03-10T10:00", 5, name=name) for name in ("first", "second")),
        job("nightly", "2026-03-11T09:00"),
        *of_days("report", "09:00", range(2, 6)),
        job("other", "2026-03-02T00:00"),
        {"name": "notebook", "creation_context": {"created_at": "2026-03-03T00:00:00Z"}},
        *of_days("quiet", "06:00", range(2, 12)),
    )


TEXT = """\
schedule  due  on time  late  missing  extra  manual  delay p50   p95   max
nightly    10        7     1        2      1       1         5s  1h1m  1h1m
quiet      10       10     0        0      0       0         5s    5s    5s
report     10        4     0        6      0       0         5s    5s    5s
all        30       21     1        8      1       1         5s    5s  1h1m

nightly:
  2026-03-08T10:00:00Z (Sun 2026-03-08 03:00 -07:00): missing
  2026-03-09T10:00:00Z (Mon 2026-03-09 03:00 -07:00): late by 1 h 1 min 40 s, job nightly-091000
  2026-03-10T10:00:00Z (Tue 2026-03-10 03:00 -07:00): manual, job second
  2026-03-11T09:00:00Z (Wed 2026-03-11 02:00 -07:00): extra, nothing was due, job nightly-110900
  2026-03-11T10:00:00Z (Wed 2026-03-11 03:00 -07:00): missing

report:
  2026-03-06T09:00:00Z to 2026-03-11T09:00:00Z: 6 missing in a row

- jobs of schedules that no file has: other 1
- 1 job that no schedule made

Audit of 2026-03-02T00:00:00Z to 2026-03-12T00:00:00Z: 30 due: 21 on time, 1 late, 8 missing; 1 extra, 1 manual
"""


def test_an_audit_as_text() -> None:
    assert "".join(write_text(an_audit())) == TEXT


def test_a_narrow_terminal_does_without_percentiles() -> None:
    lines = "".join(write_text(an_audit(), 60)).splitlines()
    assert lines[0] == "schedule  due  on time  late  missing  extra  manual"
    assert max(map(len, lines)) <= 60
    assert "  2026-03-09T10:00:00Z (Mon 2026-03-09 03:00 -07:00): late" in lines


def test_times_in_another_zone() -> None:
    lines = "".join(write_text(an_audit(), None, ZoneInfo("Europe/Paris")))
    assert "  2026-03-08T10:00:00Z (Sun 2026-03-08 11:00 +01:00): missing\n" in lines


def test_an_audit_as_markdown() -> None:
    text = "".join(write_audit(an_audit()))
    assert text.startswith(
        "**Audit** of 2026-03-02T00:00:00Z to 2026-03-12T00:00:00Z: 30 due: 21 on time, 1 late, 8 missing; 1 extra, 1 manual\n\n"
        "| schedule | due | on time | late | missing | extra | manual | delay p50 | p95 | max |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        "| `nightly` | 10 | 7 | 1 | 2 | 1 | 1 | 5s | 1h1m | 1h1m |\n"
    )
    assert "- `report` 2026-03-06T09:00:00Z to 2026-03-11T09:00:00Z: 6 missing in a row\n" in text
    assert text.endswith("- jobs of schedules that no file has: other 1\n- 1 job that no schedule made\n")


def test_an_audit_as_json() -> None:
    text = write_json(an_audit())
    assert json.loads(text) == an_audit().to_dict()
    assert text.endswith("}\n")


def test_schedules_that_ran_as_planned_share_a_row() -> None:
    names = [f"s{number}" for number in range(7)]
    planned = plan(*(schedule(name, "0 6 * * *") for name in names))
    good = [entity for name in names for entity in of_days(name, "06:00", range(2, 12))]
    rows = "".join(write_text(audit(planned, *good))).splitlines()
    assert [row.split("  ")[0] for row in rows[:2]] == ["schedule", "7 as planned"]
    assert rows[-1].endswith("70 due: 70 on time")
    rows = "".join(write_text(audit(planned, *good[1:]))).splitlines()
    assert [row.split("  ")[0] for row in rows[:4]] == ["schedule", "s0", "6 others as planned", "all"]


def test_very_much_is_not_all_told() -> None:
    planned = plan(*(schedule(f"s{number:02d}", "0 * * * *") for number in range(45)))
    late = [job("s00", f"2026-03-0{2 + hour // 24}T{hour % 24:02d}:00", 400) for hour in range(30)]
    text = "".join(write_text(audit(planned, *late)))
    # 30 late ones in s00, then 210 missing in a row: 31 lines, of which 20 are shown.
    assert "  and 11 more: -o json holds all\n" in text
    assert "\n5 more schedules:\n  -o json holds all\n" in text


def test_what_to_know() -> None:
    planned = plan(schedule("a", "0 3 * * *"), schedule("b", "0 3 * * *"), schedule("c", "59 23 * * *"))
    entities = [
        job("a", "2026-03-05T03:00"),
        job(
            "a",
            "2026-03-06T03:00",
            display_name="renamed",
            properties={"runSource": "Schedule", "azureml.genericTriggerName": "a"},
        ),
        job("a", "2026-03-07T03:00", display_name="renamed too"),
        job("c", "2026-03-10T23:59"),
        {"name": "x", "creation_context": {"created_at": "2026-03-12T00:00:00Z"}},
        {"name": "y", "creation_context": {"created_at": "2026-03-02T00:00:00Z"}},
        *(job(f"u{number}", "2026-03-04T00:00") for number in range(10)),
    ]
    found = audit_runs(planned, History.from_data(entities))
    assert list(describe_remarks(found)) == [
        "no job at all: b",
        "missing before the first job of a schedule: a 3 and c 8; if it was created later, say so: --created-at, or audit an export of the "
        "workspace (az ml schedule list -o json), which knows",
        "jobs without a trigger time in their display name: a 1; what seems missing may be these",
        "jobs of schedules that edited display names no longer tell: 1; what seems missing may be these",
        "1 run due at the very end may still come",
        "jobs of schedules that no file has: u0 1, u1 1, u2 1, u3 1, u4 1, u5 1, u6 1, u7 1 and 2 more",
        "1 job that no schedule made",
    ]


def test_summaries() -> None:
    assert summarize(an_audit()) == "30 due: 21 on time, 1 late, 8 missing; 1 extra, 1 manual"
    assert describe_deviations(an_audit()) == "1 late, 8 missing, 1 extra"
    nothing = audit(plan(schedule("yearly", "0 3 * * *").replace(is_enabled=False)))
    assert (summarize(nothing), describe_deviations(nothing)) == ("0 due", "")
    assert "".join(write_text(nothing)).splitlines()[1] == "yearly      0        0     0        0      0       0"


def test_a_job_without_a_name() -> None:
    entity = job("nightly", "2026-03-02T11:00", 400)
    del entity["name"]
    found = audit(plan(schedule("nightly", "0 3 * * *", PACIFIC)), entity)
    assert "(Mon 2026-03-02 03:00 -08:00): late by 6 min 40 s\n" in "".join(write_text(found))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (6, "6s"),
        (60, "1m"),
        (2_530, "42m10s"),
        (3_600, "1h"),
        (3_601, "1h"),
        (90_000, "1d1h"),
        (86_400, "1d"),
        (86_460, "1d"),
    ],
)
def test_lengths(seconds: int, text: str) -> None:
    assert short_length(seconds) == text


# Calibration.


def calibrated(**planted: Any) -> Calibration:
    nights = [schedule("nightly", "30 2 * * *", PACIFIC), schedule("ends", "0 6 * * *")]
    window = START, datetime(2026, 3, 12, tzinfo=UTC)
    ran = plan_runs(nights, *window, created_at=START, profile=ServiceProfile(**planted))
    entities = [job(run.schedule, f"{run.trigger_time:%Y-%m-%dT%H:%M:%S}") for run in ran]
    return calibrate_profile(nights, History.from_data(entities).between(*window))


CALIBRATION = """\
What ran from 2026-03-02T00:00:00Z to 2026-03-12T00:00:00Z says of the service profile:

contradicted  gap: shift is assumed, the history shows skip (1 place)
    nightly at 2026-03-08T10:30:00Z: found no run (shift: a run; skip: no run)
undecided     first_run: scheduled is assumed; no schedule without start_time is known to be created in this window
undecided     start_time_offset: documented is assumed; no start_time or end_time here has a UTC offset
undecided     end_time: inclusive is assumed; no end_time lies in this window
undecided     fold: first is assumed; no clock of these schedules goes back in this window
undecided     week_start: monday is assumed; no schedule here runs every second week or less often
undecided     provisioning_delay: 0m is assumed; no schedule that is known to be created in this window was to run within an hour of it
undecided     trigger_time_format: %Y-%m-%dT%H:%M:%SZ is assumed; no input of these jobs is known to hold ${{creation_context.trigger_time}}
undecided     default_experiment: by_source is assumed; no schedule here runs a job that is known and names no experiment

To plan with what the history shows, write into mlschedule.toml:

[profile]
gap = "skip"

A history cannot tell iana_zones, put_without_is_enabled, trigger_when_disabled and trigger_action.
"""


def test_a_calibration_as_text() -> None:
    assert "".join(write_calibration_text(calibrated(gap="skip"))) == CALIBRATION


def test_a_calibration_in_a_terminal() -> None:
    text = "".join(write_calibration_text(calibrated(gap="skip"), 70, lambda verdict, head: f"<{head}>"))
    assert "<contradicted>  gap: shift is assumed, the history shows skip (1 place)\n" in text
    assert (
        "<undecided   >  first_run: scheduled is assumed; no schedule without\n"
        "              start_time is known to be created in this window\n" in text
    )
    assert max(len(line) for line in text.splitlines()) <= 72


def test_a_calibration_that_contradicts_nothing_says_nothing_to_write() -> None:
    text = "".join(write_calibration_text(calibrated()))
    assert "supported     gap: shift, as assumed (1 place)\n" in text
    assert "[profile]" not in text
    empty = calibrate_profile(schedule("s", "0 3 * * *"), History())
    assert "".join(write_calibration_text(empty)).startswith(
        "undecided     first_run: scheduled is assumed; the history has no jobs\n"
    )


def test_a_calibration_that_knows_no_better_value() -> None:
    verdict = KnobVerdict(
        knob="trigger_time_format", assumed="%d", verdict="contradicted", seen=2_624, remark="no format"
    )
    found = Calibration(ServiceProfile(), None, (verdict,))
    text = "".join(write_calibration_text(found))
    assert text.startswith(
        "contradicted  trigger_time_format: %d is assumed, the history shows something else (2,624 places); no format\n\nA history"
    )
    assert "toml" not in "".join(write_calibration(found))


def test_a_calibration_as_markdown() -> None:
    text = "".join(write_calibration(calibrated(gap="skip")))
    assert text.startswith(
        "| verdict | knob | what the history says | evidence |\n"
        "| --- | --- | --- | --- |\n"
        "| contradicted | `gap` | shift is assumed, the history shows skip (1 place) | "
        "nightly at 2026-03-08T10:30:00Z: found no run (shift: a run; skip: no run) |\n"
        "| undecided | `first_run` | scheduled is assumed; no schedule without start\\_time is known to be created in this window |  |\n"
    )
    assert text.endswith(
        '\n```toml\n[profile]\ngap = "skip"\n```\n\n'
        "A history cannot tell `iana_zones`, `put_without_is_enabled`, `trigger_when_disabled` and `trigger_action`.\n"
    )
    assert "toml" not in "".join(write_calibration(calibrated()))


def test_a_calibration_as_json() -> None:
    assert json.loads(write_json(calibrated(gap="skip")))["profile"] == {"gap": "skip"}


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"verdict": "supported", "values": ("first", "both"), "seen": 3}, "first, as assumed (3 places), which both explains as well"),
        ({"verdict": "contradicted", "values": ("second", "both"), "seen": 1}, "first is assumed, the history shows second or both (1 place)"),
        ({"verdict": "contradicted", "values": ("second",), "seen": 1, "remark": "by the way"},
         "first is assumed, the history shows second (1 place); by the way"),
        ({"values": ("first",)}, "first is assumed"),
    ],
)  # fmt: skip
def test_verdicts_in_words(fields: dict[str, Any], text: str) -> None:
    assert describe_verdict(KnobVerdict(knob="fold", assumed="first", **fields)) == text


def test_texts_of_a_service_are_shown_as_what_they_are() -> None:
    odd = Evidence("s", 0, {"%d": "01\n"}, "\x1b[31m")
    verdict = KnobVerdict(
        knob="trigger_time_format", assumed="%d", verdict="contradicted", values=('"\n',), seen=1, evidence=(odd,)
    )
    text = "".join(write_calibration_text(Calibration(ServiceProfile(), None, (verdict,))))
    assert 'found "\\u001b[31m" (%d: "01\\n")' in text
    assert 'trigger_time_format = "\\"\\n"\n' in text
    assert "\x1b" not in text
