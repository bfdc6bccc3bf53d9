"""``calibrate_profile``: a service that deviates is found out, knob by knob and two at a time."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from audit_histories import at, history_of

from pytest_mlschedule import (
    FakeWorkspace,
    JobSchedule,
    Scheduler,
    ServiceProfile,
    SimulatedClock,
    load_job,
    load_schedule,
    plan_runs,
)
from pytest_mlschedule.history.history import History
from pytest_mlschedule.planning.calibration import KNOBS, calibrate_profile
from pytest_mlschedule.planning.calibration_result import Calibration
from pytest_mlschedule.profile import DEFAULT_PROFILE
from pytest_mlschedule.schedules.models import CreationContext

START, END = at("2026-01-01T00:00"), at("2026-12-31T00:00")
CREATED = at("2026-02-02T10:07:33")
PACIFIC, EASTERN = "Pacific Standard Time", "Eastern Standard Time"
TRAIN = {"type": "pipeline", "name": "train", "inputs": {"rows": 5}, "jobs": {}}


def schedule(name: str, trigger: dict[str, Any], job: Any = "azureml:train") -> JobSchedule:
    made = load_schedule({"name": name, "trigger": trigger, "create_job": job})
    return made.replace(creation_context=CreationContext(created_at=CREATED))


def cron(expression: str, **more: str) -> dict[str, Any]:
    return {"type": "cron", "expression": expression, "start_time": "2026-01-01T00:00:00", **more}


def every(frequency: str, interval: int, **more: Any) -> dict[str, Any]:
    return {"type": "recurrence", "frequency": frequency, "interval": interval, **more}


def estate() -> list[JobSchedule]:
    """For each knob a schedule that it matters for."""
    return [
        schedule(
            "night-gap",
            cron("30 2 * * *", time_zone=PACIFIC),
            {
                "type": "pipeline",
                "job": "azureml:train",
                "inputs": {"when": "at ${{creation_context.trigger_time}} by ${{name}}"},
            },
        ),
        schedule("night-fold", cron("30 1 * * *", time_zone=PACIFIC)),
        schedule("ends", cron("0 6 * * *", end_time="2026-05-20T06:00:00")),
        schedule("no-start", {"type": "cron", "expression": "0 4 * * *"}),
        schedule("offset", every("day", 1, start_time="2026-01-05T10:15:00-05:00", time_zone="UTC")),
        schedule(
            "fortnight",
            every(
                "week",
                2,
                start_time="2026-01-07T00:00:00",
                schedule={"hours": 8, "minutes": 0, "week_days": ["sunday", "wednesday"]},
            ),
        ),
        schedule("dense", cron("* * * * *", end_time="2026-02-03T00:00:30")),
    ]


DEVIATIONS: dict[str, Any] = {
    "first_run": "instant",
    "start_time_offset": "dropped",
    "end_time": "exclusive",
    "gap": "skip",
    "fold": "second",
    "week_start": "sunday",
    "provisioning_delay": timedelta(minutes=10),
    "trigger_time_format": "%d.%m.%Y at %H:%M",
    "default_experiment": "default",
}


def calibrate(planted: ServiceProfile, assumed: ServiceProfile = DEFAULT_PROFILE) -> Calibration:
    jobs = load_job(TRAIN)
    plan = plan_runs(estate(), START, END, created_at=CREATED, jobs=jobs, profile=planted)
    history = history_of(plan).between(START, END)
    return calibrate_profile(estate(), history, jobs=jobs, profile=assumed)


def test_every_knob_that_a_history_tells_has_a_deviation() -> None:
    assert set(DEVIATIONS) == set(KNOBS)


def test_a_service_as_assumed_is_supported() -> None:
    found = calibrate(ServiceProfile())
    assert {verdict.knob: verdict.verdict for verdict in found} == dict.fromkeys(KNOBS, "supported")
    assert found
    assert found.suggested == ServiceProfile()


@pytest.mark.parametrize("knob", KNOBS)
def test_a_service_that_deviates_is_told_by_its_knob(knob: str) -> None:
    planted = ServiceProfile(**{knob: DEVIATIONS[knob]})
    found = calibrate(planted)
    assert found.contradicted == (knob,)
    assert found[knob].points_to == DEVIATIONS[knob]
    assert found.suggested == planted
    open_knobs = {verdict.knob for verdict in found if verdict.verdict == "undecided"}
    assert open_knobs == ({"first_run"} if knob == "provisioning_delay" else set())
    back = calibrate(ServiceProfile(), planted)
    assert back.contradicted == (knob,)
    assert back.suggested == ServiceProfile()


ALIKE = ("first_run", "provisioning_delay")
"""A run at creation that is lost to provisioning looks like one that never was to be."""


@pytest.mark.parametrize("pair", [pair for pair in combinations(KNOBS, 2) if pair != ALIKE], ids="-".join)
def test_two_deviations_are_told_apart(pair: tuple[str, str]) -> None:
    planted = ServiceProfile(**{knob: DEVIATIONS[knob] for knob in pair})
    found = calibrate(planted)
    assert {verdict.knob: verdict.verdict for verdict in found if verdict.verdict == "contradicted"}.keys() == set(pair)
    assert found.suggested == planted


def test_a_first_run_that_provisioning_loses_stays_undecided() -> None:
    found = calibrate(ServiceProfile(**{knob: DEVIATIONS[knob] for knob in ALIKE}))
    assert found.contradicted == ("provisioning_delay",)
    assert found["first_run"].verdict == "undecided"


def test_an_export_of_a_workspace_that_deviates() -> None:
    planted = ServiceProfile(first_run="instant", gap="skip", trigger_time_format="%Y%m%d")
    workspace = FakeWorkspace(clock=SimulatedClock(at("2026-02-02T10:07:33.500")), profile=planted)
    job = {"type": "pipeline", "job": "azureml:train", "inputs": {"when": "${{creation_context.trigger_time}}"}}
    trigger = {"type": "cron", "expression": "30 2 * * *", "time_zone": PACIFIC}
    workspace.schedules.begin_create_or_update(
        load_schedule({"name": "nightly", "trigger": trigger, "create_job": job})
    )
    Scheduler(workspace).run_until(at("2026-04-01T00:00"))
    history = History.from_data([one.to_dict() for one in workspace.jobs.list()]).between(START, at("2026-04-01T00:00"))
    found = calibrate_profile(workspace.schedules.list(), history)
    assert found.contradicted == ("first_run", "gap", "trigger_time_format")
    assert found.suggested == planted
