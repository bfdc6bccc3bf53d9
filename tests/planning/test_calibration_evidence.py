"""What counts as evidence: where a history can be trusted, where it cannot, and what stays open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from audit_histories import at, history_of, job_of

from pytest_mlschedule import JobSchedule, PipelineJob, PlannedRun, ServiceProfile, load_job, load_schedule, plan_runs
from pytest_mlschedule.history.history import History
from pytest_mlschedule.planning.calibration import KNOBS, calibrate_profile
from pytest_mlschedule.planning.calibration_result import Calibration
from pytest_mlschedule.schedules.models import CreationContext

START, END = at("2026-03-01T00:00"), at("2026-04-01T00:00")
LONG_AGO = at("2026-01-01T00:00")
PACIFIC = "Pacific Standard Time"
GAP_RUN = at("2026-03-08T10:30")  # 02:30 in Los Angeles does not exist on that day; 03:30 is 10:30Z


def schedule(
    trigger: dict[str, Any], name: str = "s", created: datetime | None = None, job: Any = "azureml:job"
) -> JobSchedule:
    made = load_schedule({"name": name, "trigger": trigger, "create_job": job})
    return made if created is None else made.replace(creation_context=CreationContext(created_at=created))


def cron(expression: str, **more: str) -> dict[str, Any]:
    return {"type": "cron", "expression": expression, "start_time": "2026-01-01T00:00:00", **more}


NIGHT = schedule(cron("30 2 * * *", time_zone=PACIFIC))


def runs(
    schedules: JobSchedule | Iterable[JobSchedule], created: datetime = LONG_AGO, **knobs: Any
) -> list[PlannedRun]:
    return list(plan_runs(schedules, START, END, created_at=created, profile=ServiceProfile(**knobs)))


def calibrate(
    schedules: JobSchedule | list[JobSchedule],
    ran: Iterable[PlannedRun],
    keep: Callable[[PlannedRun], bool] = lambda run: True,
    **more: Any,
) -> Calibration:
    return calibrate_profile(schedules, history_of(ran, keep).between(START, END), **more)


def test_a_history_without_jobs_tells_nothing() -> None:
    found = calibrate_profile(NIGHT, History())
    assert found
    assert found.window is None
    assert {verdict.knob for verdict in found} == set(KNOBS)
    assert {(verdict.verdict, verdict.remark) for verdict in found} == {("undecided", "the history has no jobs")}
    assert found.to_dict()["window"] is None


def test_what_hangs_on_nothing_says_so() -> None:
    quiet = schedule(cron("0 3 * * *", time_zone="India Standard Time"))
    found = calibrate(quiet, runs(quiet))
    assert {verdict.knob: verdict.remark for verdict in found} == {
        "first_run": "no schedule without start_time is known to be created in this window",
        "start_time_offset": "no start_time or end_time here has a UTC offset",
        "end_time": "no end_time lies in this window",
        "gap": "no clock of these schedules goes forward in this window",
        "fold": "no clock of these schedules goes back in this window",
        "week_start": "no schedule here runs every second week or less often",
        "provisioning_delay": "no schedule that is known to be created in this window was to run within an hour of it",
        "trigger_time_format": "no input of these jobs is known to hold ${{creation_context.trigger_time}}",
        "default_experiment": "no schedule here runs a job that is known and names no experiment",
    }
    assert found.contradicted == ()


def test_elapsed_time_knows_no_clock_changes() -> None:
    hours = {
        "type": "recurrence",
        "frequency": "hour",
        "interval": 1,
        "time_zone": PACIFIC,
        "start_time": "2026-01-01T00:30:00",
    }
    assert calibrate(schedule(hours), runs(schedule(hours)))["gap"].seen == 0


def test_the_evidence_is_told() -> None:
    verdict = calibrate(NIGHT, runs(NIGHT, gap="skip"))["gap"]
    assert (verdict.verdict, verdict.values, verdict.seen) == ("contradicted", ("skip",), 1)
    assert verdict.to_dict() == {
        "knob": "gap",
        "assumed": "shift",
        "verdict": "contradicted",
        "points_to": "skip",
        "values": ["skip"],
        "seen": 1,
        "evidence": [
            {
                "schedule": "s",
                "instant": "2026-03-08T10:30:00Z",
                "predicted": {"shift": "a run", "skip": "no run"},
                "found": "no run",
            }
        ],
        "remark": "",
    }


@pytest.mark.parametrize(
    ("lost", "verdict"),
    [
        ((8,), "contradicted"),
        ((7, 8), "contradicted"),  # one more may be missing on a side
        ((8, 9), "contradicted"),
        ((6, 7, 8), "undecided"),
        ((8, 9, 10), "undecided"),
        (range(8, 32), "undecided"),
        (range(1, 9), "undecided"),
    ],
)
def test_a_run_that_is_not_there_counts_where_its_schedule_ran_around_it(lost: Iterable[int], verdict: str) -> None:
    found = calibrate(NIGHT, runs(NIGHT), lambda run: run.trigger_time.day not in lost)["gap"]
    assert found.verdict == verdict
    if verdict == "undecided":
        assert found.remark == "its values differ nowhere that this history tells of"


def test_a_run_that_is_there_counts_whatever_is_around_it() -> None:
    found = calibrate(NIGHT, runs(NIGHT), lambda run: run.trigger_time == GAP_RUN)["gap"]
    assert (found.verdict, found.seen) == ("supported", 1)


def test_a_run_at_the_edge_of_the_window_may_still_come() -> None:
    before = history_of(runs(NIGHT), lambda run: run.trigger_time < GAP_RUN)
    assert calibrate_profile(NIGHT, before)["gap"].seen == 0
    others = {"name": "other", "creation_context": {"created_at": "2026-03-08T10:33:00Z"}}
    still = [job_of(run) for run in runs(NIGHT) if run.trigger_time < GAP_RUN]
    assert calibrate_profile(NIGHT, History.from_data([*still, others]))["gap"].seen == 0
    assert (
        calibrate_profile(NIGHT, before.between(START, GAP_RUN + timedelta(seconds=1)))["gap"].verdict == "contradicted"
    )


def test_a_schedule_that_never_ran_tells_nothing() -> None:
    other = schedule(cron("0 * * * *"), "other")
    assert calibrate([NIGHT, other], runs(other))["gap"].seen == 0


def test_what_somebody_submitted_is_no_evidence() -> None:
    entities = [job_of(run) for run in runs(NIGHT, gap="skip")]
    by_hand = job_of(next(run for run in runs(NIGHT) if run.trigger_time == GAP_RUN), properties={"runSource": "MFE"})
    history = History.from_data([*entities, by_hand]).between(START, END)
    assert calibrate_profile(NIGHT, history).contradicted == ("gap",)


def test_a_history_at_odds_with_itself_decides_nothing() -> None:
    nights = [NIGHT.replace(name=name) for name in ("a", "b")]
    ran = [*runs(nights[0]), *runs(nights[1], gap="skip")]
    found = calibrate(nights, ran)["gap"]
    assert (found.verdict, found.seen) == ("undecided", 2)
    assert found.remark == "the history is at odds with itself: shift fits 1 of 2 places"
    assert [(item.schedule, item.found) for item in found.evidence] == [("a", "a run"), ("b", "no run")]


def test_one_exception_in_many_is_an_accident() -> None:
    nights = [NIGHT.replace(name=f"n{number}") for number in range(10)]
    ran = [*runs(nights[:9]), *runs(nights[9], gap="skip")]
    found = calibrate(nights, ran)["gap"]
    assert (found.verdict, found.seen) == ("supported", 10)


def test_knobs_that_explain_the_same_stay_open_together() -> None:
    # Until 05:00Z, included, as documented; or until 06:00Z, excluded, with the offset dropped.
    ends = schedule(cron("0 * * * *", end_time="2026-03-05T06:00:00+01:00"))
    found = calibrate(ends, runs(ends))
    assert [found[knob].verdict for knob in ("start_time_offset", "end_time")] == ["undecided", "undecided"]
    assert found["end_time"].remark == "another knob explains what there was as well"
    # With another schedule that decides one of them, the other is decided too.
    more = schedule(cron("0 4 * * *", end_time="2026-03-20T04:00:00"), "more")
    found = calibrate([ends, more], runs([ends, more]))
    assert [found[knob].verdict for knob in ("start_time_offset", "end_time")] == ["supported", "supported"]


def test_several_values_may_explain_a_history() -> None:
    late = schedule(cron("30 1 * * *", time_zone="AUS Eastern Standard Time"), "sydney")
    dense = schedule(cron("0,30 2 * * *", time_zone="AUS Eastern Standard Time"))
    window = at("2026-04-01T00:00"), at("2026-04-10T00:00")
    ran = plan_runs([late, dense], *window, created_at=LONG_AGO, profile=ServiceProfile(fold="both"))
    first = at("2026-04-04T15:30")  # 02:30 before the clocks go back, then 16:00 and 16:30 once more
    kept = [run for run in ran if run.trigger_time >= first + timedelta(minutes=1)]
    found = calibrate_profile([late, dense], history_of(kept).between(*window))["fold"]
    assert (found.verdict, found.values, found.points_to) == ("contradicted", ("second", "both"), None)
    assert found.remark == ""


# Creation.

DAILY = {"type": "cron", "expression": "0 4 * * *"}
CREATED = at("2026-03-10T09:17:42")


@pytest.mark.parametrize("shift", [-5, 0, 1, 120])
def test_a_run_at_creation_has_the_time_of_the_service(shift: int) -> None:
    known = schedule(DAILY, created=CREATED)
    ran = runs(known, CREATED + timedelta(seconds=shift), first_run="instant")
    found = calibrate(known, ran)["first_run"]
    assert (found.verdict, found.seen, found.remark) == ("contradicted", 1, "")


@pytest.mark.parametrize("shift", [-6, 121])
def test_a_run_long_after_creation_is_none_at_creation(shift: int) -> None:
    known = schedule(DAILY, created=CREATED)
    ran = runs(known, CREATED + timedelta(seconds=shift), first_run="instant")
    assert calibrate(known, ran)["first_run"].verdict == "supported"


def test_without_a_known_creation_the_first_job_is_taken_for_it() -> None:
    unknown = schedule(DAILY)
    found = calibrate(unknown, runs(unknown, CREATED, first_run="instant"))["first_run"]
    assert (found.verdict, found.points_to) == ("contradicted", "instant")
    assert (
        found.remark
        == "when the schedules were created is not known: their first jobs, at which nothing was due, are taken for it"
    )
    assert calibrate(unknown, runs(unknown, CREATED))["first_run"].seen == 0
    told = calibrate(unknown, runs(unknown, CREATED, first_run="instant"), created_at=CREATED)["first_run"]
    assert (told.verdict, told.remark) == ("contradicted", "")


def test_st_3_an_export_shows_the_start_that_the_service_stored() -> None:
    exported = schedule({**DAILY, "start_time": "2026-03-10T09:17:42"}, created=CREATED)
    ran = runs(schedule(DAILY), CREATED, first_run="instant")
    assert calibrate(exported, ran)["first_run"].points_to == "instant"


def test_a_first_run_before_the_history_begins_is_not_known() -> None:
    known = schedule(DAILY, created=LONG_AGO)
    assert calibrate(known, runs(known))["first_run"].seen == 0


# Provisioning.

MINUTES = cron("* * * * *", end_time="2026-03-10T12:00:30")


@pytest.mark.parametrize(
    ("delay", "value", "remark"),
    [
        # 09:18:00 is 18 s after the creation, 09:19:00 is 78 s after it.
        (0, 0, "at most 18 s"),
        (60, 60, "over 18 s, at most 78 s"),
        (78, 60, "over 18 s, at most 78 s"),
        (79, 120, "over 78 s, at most 138 s"),
        (3_000, 3_000, "over 2958 s, at most 3018 s"),
    ],
)
def test_how_long_provisioning_took(delay: int, value: int, remark: str) -> None:
    made = schedule(MINUTES, created=CREATED)
    ran = runs(made, CREATED, provisioning_delay=timedelta(seconds=delay))
    found = calibrate(made, ran)["provisioning_delay"]
    assert found.verdict == ("contradicted" if delay else "supported")
    assert (found.points_to, found.remark) == (timedelta(seconds=value), remark)


def test_provisioning_that_no_whole_minute_fits() -> None:
    dense = schedule(
        {
            "type": "recurrence",
            "frequency": "minute",
            "interval": 1,
            "start_time": "2026-03-10T08:00:52",
            "time_zone": "UTC",
        },
        created=CREATED,
    )
    second = schedule({**MINUTES}, "t", created=CREATED)
    # Runs 10, 70, 130 s after the creation, and 18, 78, 138 s after it; 72 s lie between 70 and 78.
    ran = runs([dense, second], CREATED, provisioning_delay=timedelta(seconds=72))
    found = calibrate([dense, second], [run for run in ran if run.trigger_time < at("2026-03-11T00:00")])
    assert found["provisioning_delay"].remark == "over 70 s, at most 78 s"
    assert found["provisioning_delay"].points_to == timedelta(seconds=78)
    assert found.to_dict()["profile"] == {"provisioning_delay": "78s"}
    assert [(item.schedule, item.found) for item in found["provisioning_delay"].evidence] == [
        ("s", "a run"),
        ("s", "no run"),
        ("t", "a run"),
        ("t", "no run"),
    ]


def test_beginnings_at_odds() -> None:
    both = [schedule(MINUTES, name, CREATED) for name in ("a", "b")]
    ran = [*runs(both[0], CREATED), *runs(both[1], CREATED, provisioning_delay=timedelta(minutes=5))]
    found = calibrate(both, ran)["provisioning_delay"]
    assert (found.verdict, found.seen) == ("undecided", 2)
    assert (
        found.remark
        == "the history is at odds with itself: a run was lost 258 s after a creation, and one was there after 18 s"
    )


def test_beginnings_that_tell_nothing() -> None:
    late = schedule(cron("0 4 * * *"), created=CREATED)  # 18 hours after the creation
    assert calibrate(late, runs(late, CREATED))["provisioning_delay"].seen == 0
    by_hand = schedule(cron("0 10 * * *"), created=CREATED)
    ran = runs(schedule(cron("30 9 * * *")), CREATED)  # nothing was due then
    assert calibrate(by_hand, ran)["provisioning_delay"].seen == 0


# Experiments.

TRAIN = {"type": "pipeline", "name": "job", "inputs": {"a": 1}, "jobs": {}}


def known_job(**fields: Any) -> PipelineJob:
    made = load_job({**TRAIN, **fields})
    assert isinstance(made, PipelineJob)
    return made


@pytest.mark.parametrize(
    ("planted", "assumed", "verdict", "values"),
    [
        ("by_source", "by_source", "supported", ("by_source", "schedule_name")),
        ("default", "by_source", "contradicted", ("default",)),
        ("schedule_name", "default", "contradicted", ("by_source", "schedule_name")),
    ],
)
def test_jb_7_experiments_of_a_job_by_reference(
    planted: str, assumed: str, verdict: str, values: tuple[str, ...]
) -> None:
    ran = plan_runs(NIGHT, START, END, jobs=known_job(), profile=ServiceProfile(default_experiment=planted))  # type: ignore[arg-type]
    found = calibrate(NIGHT, ran, jobs=known_job(), profile=ServiceProfile(default_experiment=assumed))[
        "default_experiment"
    ]  # type: ignore[arg-type]
    assert (found.verdict, found.values) == (verdict, values)
    assert found.points_to == (values[0] if len(values) == 1 else None)


def test_jb_7_experiments_of_a_job_in_a_file() -> None:
    made = NIGHT.replace(create_job=known_job())
    ran = plan_runs(made, START, END)
    assert calibrate(made, ran)["default_experiment"].values == ("by_source", "default")
    found = calibrate(made, ran, profile=ServiceProfile(default_experiment="schedule_name"))
    assert found.contradicted == ("default_experiment",)
    assert found.suggested.default_experiment == "by_source"


def test_jb_7_experiments_that_tell_nothing() -> None:
    named = NIGHT.replace(create_job=known_job(experiment_name="mine"))
    assert calibrate(named, runs(named))["default_experiment"].seen == 0
    overridden = schedule(cron("0 3 * * *"), job={"type": "pipeline", "job": "azureml:job", "inputs": {"a": 2}})
    assert (
        calibrate(overridden, runs(overridden))["default_experiment"].seen == 0
    )  # what the job itself names is not known
    entities = [job_of(run, experiment_name=None) for run in plan_runs(NIGHT, START, END, jobs=known_job())]
    silent = History.from_data(entities).between(START, END)
    assert calibrate_profile(NIGHT, silent, jobs=known_job())["default_experiment"].seen == 0


def test_jb_7_experiments_at_odds() -> None:
    nights = [NIGHT.replace(name=name, create_job=known_job()) for name in ("a", "b")]
    ran = [
        job_of(run, experiment_name="Default" if run.schedule == "a" else "other")
        for run in plan_runs(nights, START, END)
    ]
    found = calibrate_profile(nights, History.from_data(ran).between(START, END))["default_experiment"]
    assert found.verdict == "undecided"
    assert found.remark == "the history is at odds with itself: by_source fits 1 of 2 schedules"


def test_the_whole_as_plain_data() -> None:
    found = calibrate(NIGHT, runs(NIGHT, gap="skip"))
    data = found.to_dict()
    assert [verdict["knob"] for verdict in data.pop("knobs")] == list(KNOBS)
    assert data == {
        "window": {"start": "2026-03-01T00:00:00Z", "end": "2026-04-01T00:00:00Z"},
        "contradicted": ["gap"],
        "profile": {"gap": "skip"},
    }
    assert found["gap"].evidence[0].instant == GAP_RUN
    with pytest.raises(KeyError, match="iana_zones"):
        found["iana_zones"]
