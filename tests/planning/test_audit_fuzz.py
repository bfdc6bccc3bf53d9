"""Jobs of any times against schedules of any kind: an audit and a calibration come out, and their counts add up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_mlschedule import JobSchedule, load_schedule
from pytest_mlschedule.history.history import History
from pytest_mlschedule.planning.audit import audit_runs
from pytest_mlschedule.planning.audit_plan import plan_history
from pytest_mlschedule.planning.calibration import calibrate_profile
from pytest_mlschedule.schedules.models import CreationContext

ZONES = ["UTC", "Pacific Standard Time", "AUS Eastern Standard Time"]
DAYS = st.datetimes(datetime(2026, 2, 25), datetime(2026, 4, 10))
MOMENTS = DAYS.map(lambda moment: moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0))
ENDS = st.sampled_from([datetime(2026, 4, 11, hour, 30) for hour in (2, 9)])


@st.composite
def schedules(draw: st.DrawFn) -> list[JobSchedule]:
    made = []
    for name in ("a", "b"):
        zone = draw(st.sampled_from(ZONES))
        start = draw(
            st.one_of(
                st.none(), MOMENTS.map(lambda at: at.isoformat()), MOMENTS.map(lambda at: f"{at.isoformat()}+02:00")
            )
        )
        end = draw(st.one_of(st.none(), st.just("2026-04-11T02:30:00"), st.just("2026-04-11T02:30:00Z")))
        trigger: dict[str, Any] = draw(
            st.sampled_from(
                [
                    {"type": "cron", "expression": "30 2 * * *"},
                    {"type": "cron", "expression": "*/30 * * * 1-5"},
                    {"type": "recurrence", "frequency": "hour", "interval": 7},
                    {"type": "recurrence", "frequency": "day", "interval": 2},
                    {
                        "type": "recurrence",
                        "frequency": "week",
                        "interval": 2,
                        "schedule": {"hours": [2], "minutes": [30], "week_days": ["sunday", "monday"]},
                    },
                ]
            )
        )
        trigger = {**trigger, "time_zone": zone}
        trigger |= {key: value for key, value in (("start_time", start), ("end_time", end)) if value is not None}
        inputs = {"when": "${{creation_context.trigger_time}}"}
        one = load_schedule(
            {"name": name, "trigger": trigger, "create_job": {"type": "pipeline", "job": "azureml:j", "inputs": inputs}}
        )
        created = draw(st.one_of(st.none(), DAYS))
        if created is not None:
            one = one.replace(creation_context=CreationContext(created_at=created.replace(tzinfo=UTC)))
        made.append(one)
    return made


@st.composite
def jobs(draw: st.DrawFn) -> dict[str, Any]:
    due, created = draw(st.one_of(MOMENTS, DAYS, ENDS)), draw(DAYS)
    return {
        "name": draw(st.sampled_from("abcdefgh")) + str(draw(st.integers(0, 50))),
        "display_name": f"{draw(st.sampled_from(['a', 'b', 'c']))}-{due:%Y%m%dT%H%M%SZ}"
        if draw(st.booleans())
        else draw(st.text(max_size=4)),
        "status": draw(st.sampled_from(["Completed", "Running", None])),
        "creation_context": {"created_at": created.isoformat() if draw(st.booleans()) else None},
        "inputs": {"when": draw(st.sampled_from([due.isoformat(), f"{due:%Y-%m-%dT%H:%M:%SZ}", f"{due:%d}"]))},
        "properties": draw(
            st.sampled_from([{}, {"runSource": "Schedule"}, {"runSource": "MFE"}, {"azureml.genericTriggerName": "a"}])
        ),
    }


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schedules(), st.lists(jobs(), max_size=30))
def test_any_history(planned: list[JobSchedule], ran: list[dict[str, Any]]) -> None:
    history = History.from_data(ran)
    if history.window is not None:
        plan = plan_history(planned, history)
        audit = audit_runs(plan, history)
        start, end = audit.window.epochs
        for part in plan.parts:
            found = audit[part.source.schedule]
            assert found.due + found.pending == part.occurrences.count_between(start, end)
            counted = [
                job
                for job in history.of(found.name)
                if job.trigger_time is not None and start <= job.trigger_time < end
            ]
            assert sum(entry.job is not None for entry in found.entries) == len(counted)
        assert audit.to_dict()["as_planned"] == bool(audit)
    calibration = calibrate_profile(planned, history)
    assert calibration.suggested is not None
    for verdict in calibration:
        assert (verdict.verdict == "undecided") or verdict.evidence
        assert verdict.verdict != "contradicted" or verdict.assumed not in verdict.values
        assert verdict.verdict != "supported" or verdict.assumed in verdict.values
