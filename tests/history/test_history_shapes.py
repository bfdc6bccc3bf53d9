"""Every shape in which Azure's tools print jobs (fixtures/history/README.md), read by hand and by us."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pytest_mlschedule.history.history import History
from pytest_mlschedule.history.job import HistoricJob
from pytest_mlschedule.history.reading import read_history
from pytest_mlschedule.history.shapes import read_stamp

FIXTURES = Path(__file__).parents[2] / "fixtures" / "history"


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def jobs(name: str) -> tuple[HistoricJob, ...]:
    return read_history(FIXTURES / name).jobs


def one(**entity: Any) -> HistoricJob:
    (job,) = History.from_data([{"name": "j", **entity}]).jobs
    return job


def test_entities_of_the_command_line() -> None:
    first, failed, resubmitted, command, bare = jobs("entities.json")
    assert first == HistoricJob(
        name="nightly-0b5f1d7e-0000-4000-8000-000000000001",
        display_name="nightly-20260302T110000Z",
        schedule="nightly",
        trigger_time=epoch("2026-03-02T11:00:00"),
        created=epoch("2026-03-02T11:00:04"),
        started=epoch("2026-03-02T11:00:40"),
        ended=epoch("2026-03-02T11:31:40"),
        status="Completed",
        compute="cpu-cluster",
        experiment="training",
        inputs={"date": "2026-03-02T11:00:00Z", "rows": "5"},
        source="schedule",
        place=(str(FIXTURES / "entities.json"), 0),  # type: ignore[arg-type]
    )
    assert (first.duration, first.outcome) == (31 * 60, "completed")
    assert (failed.duration, failed.outcome, failed.compute) == (90, "failed", None)
    assert (resubmitted.schedule, resubmitted.source, resubmitted.outcome) == ("nightly", "user", "running")
    assert resubmitted.duration is None
    assert resubmitted.inputs == {"date": "2026-03-03", "data": "azureml:sales:3", "flag": "true"}
    assert (command.schedule, command.source, command.compute) == (None, None, "gpu")
    assert (command.duration, command.outcome) == (30, "canceled")
    assert (bare.schedule, bare.trigger_time) == ("nightly-full", epoch("2026-03-04T11:00:00"))
    assert (bare.created, bare.started, bare.ended, bare.duration) == (None, None, None, None)
    assert bare.instant == bare.trigger_time


def test_one_entity() -> None:
    (job,) = jobs("entity.json")
    assert (job.created, job.started) == (epoch("2023-05-10T09:59:58"), epoch("2023-05-10T10:00:00"))
    assert job.duration == 42 * 60 + 37
    assert (job.schedule, job.compute, job.instant) == (None, "gpu", job.created)


def test_a_page_of_the_rest_api() -> None:
    triggered, by_hand, child = jobs("rest.json")
    assert (triggered.schedule, triggered.trigger_time) == ("weekly", epoch("2024-02-19T00:00:00"))
    assert (triggered.created, triggered.duration) == (epoch("2024-02-19T00:00:03"), 3600)
    assert (triggered.status, triggered.experiment, triggered.source) == ("Completed", "Default", "schedule")
    assert triggered.inputs == {"input": triggered.name}
    assert (by_hand.source, by_hand.compute) == ("user", "cpu-cluster")
    assert by_hand.inputs == {"date": "2024-02-18", "raw": "azureml://datastores/raw"}
    assert (child.created, child.status, child.outcome, child.display_name) == (
        epoch("2024-02-19T00:00:13"),
        None,
        None,
        None,
    )


def test_the_run_history_service() -> None:
    (job,) = jobs("runs.json")
    assert (job.name, job.schedule, job.source) == (
        "nightly-0b5f1d7e-0000-4000-8000-000000000006",
        "nightly",
        "schedule",
    )
    assert (job.created, job.duration, job.compute) == (epoch("2023-02-12T03:30:02"), 600, "cpu-cluster")


def test_older_clients() -> None:
    canceling, untimed = jobs("older.json")
    assert (canceling.status, canceling.outcome) == ("CancelRequested", "running")
    assert (canceling.created, canceling.started) == (epoch("2022-11-07T10:00:09"), epoch("2022-11-07T10:01:00"))
    assert canceling.duration == ((24 + 2) * 60 + 3) * 60 + 4
    assert canceling.compute == "cpu-cluster"
    assert (untimed.status, untimed.created, untimed.duration, untimed.compute) == ("Completed", None, None, None)


@pytest.mark.parametrize(
    ("display_name", "schedule", "stamp"),
    [
        ("nightly-20260302T110000Z", "nightly", "2026-03-02T11:00:00"),
        ("nightly-full-20260302T110000Z", "nightly-full", "2026-03-02T11:00:00"),
        ("a_b-20250101T000000Z-20260302T110030Z", "a_b-20250101T000000Z", "2026-03-02T11:00:30"),
        ("20250101T000000Z-20260302T110000Z", "20250101T000000Z", "2026-03-02T11:00:00"),
        ("n" * 255 + "-20260302T110000Z", "n" * 255, "2026-03-02T11:00:00"),
        ("n" * 256 + "-20260302T110000Z", None, None),
        ("-20260302T110000Z", None, None),
        ("20260302T110000Z", None, None),
        ("nightly-20260302T110000", None, None),
        ("nightly-20261302T110000Z", None, None),
        ("nightly-20260230T110000Z", None, None),
        ("nightly-20260302T250000Z", None, None),
        ("nightly-19690302T110000Z", None, None),
        ("nightly-\u0662\u0660260302T110000Z", None, None),
        ("nightly-20260302T110000Z ", None, None),
        ("night ly-20260302T110000Z", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_jb_1_schedule_and_trigger_time_stand_in_the_display_name(
    display_name: str | None, schedule: str | None, stamp: str | None
) -> None:
    assert read_stamp(display_name) == (schedule, None if stamp is None else epoch(stamp))


@pytest.mark.parametrize(
    ("display_name", "maker", "expected"),
    [
        ("nightly-20260302T110000Z", "nightly", ("nightly", epoch("2026-03-02T11:00:00"))),
        ("renamed by somebody", "nightly", ("nightly", None)),
        ("other-20260302T110000Z", "nightly", ("nightly", None)),
        ("nightly-20260302T110000Z", "/subscriptions/s/schedules/nightly", ("nightly", epoch("2026-03-02T11:00:00"))),
        ("nightly-20260302T110000Z", "", ("nightly", epoch("2026-03-02T11:00:00"))),
        ("nightly-20260302T110000Z", 5, ("nightly", epoch("2026-03-02T11:00:00"))),
    ],
)
def test_the_service_knows_the_schedule_better(display_name: str, maker: Any, expected: tuple[str, int | None]) -> None:
    job = one(display_name=display_name, properties={"azureml.genericTriggerName": maker})
    assert (job.schedule, job.trigger_time) == expected


GUID = "5f2b1c9e-0d3a-4e11-9B7c-1a2b3c4d5e6f"


@pytest.mark.parametrize(
    ("name", "source", "schedule"),
    [
        (f"nightly-{GUID}", "Schedule", "nightly"),
        (f"a-{GUID}-{GUID}", "Schedule", f"a-{GUID}"),
        (f"nightly-{GUID}", "MFE", None),
        (f"nightly-{GUID}x", "Schedule", None),
        (f"-{GUID}", "Schedule", None),
        ("nightly-7", "Schedule", None),
        (None, "Schedule", None),
    ],
)
def test_jb_2_the_name_of_a_triggered_job_tells_its_schedule(name: Any, source: str, schedule: str | None) -> None:
    job = one(name=name, display_name="my renamed run", properties={"runSource": source})
    assert (job.schedule, job.trigger_time) == (schedule, None)
    kept = one(name=name, display_name="weekly-20260302T030000Z", properties={"runSource": source})
    assert kept.schedule == "weekly"


@pytest.mark.parametrize(
    ("properties", "source"),
    [
        ({"runSource": "Schedule"}, "schedule"),
        ({"runSource": "MFE", "azureml.runLineageType": "genericTrigger"}, "schedule"),
        ({"azureml.runLineageType": "genericTrigger"}, "schedule"),
        ({"runSource": "MFE"}, "user"),
        ({"runSource": "BatchDeployment", "azureml.runLineageType": "batchDeployment"}, "user"),
        ({}, None),
        (None, None),
        ("text", None),
    ],
)
def test_who_submitted_a_job(properties: Any, source: str | None) -> None:
    assert one(properties=properties).source == source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02 11:00:00", "2026-03-02T11:00:00"),
        ("2026-03-02T11:00:00Z", "2026-03-02T11:00:00"),
        ("2026-03-02T11:00:59.9999999Z", "2026-03-02T11:00:59"),
        ("2026-03-02T12:00:00.5+01:00", "2026-03-02T11:00:00"),
        ("2026-03-02T03:00:00-08:00", "2026-03-02T11:00:00"),
    ],
)
def test_forms_of_times(text: str, expected: str) -> None:
    assert one(properties={"StartTimeUtc": text}).started == epoch(expected)
    assert one(systemData={"createdAt": text}).created == epoch(expected)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("yesterday", "'yesterday' is not a time; it counts as not given"),
        (1683712800000, "1683712800000 is not a time; it counts as not given"),
        (
            "1969-12-31 23:59:59",
            "'1969-12-31 23:59:59' is not a time (the years 1970 to 2200 are supported); it counts as not given",
        ),
        (
            "9999-12-31T23:59:59Z",
            "'9999-12-31T23:59:59Z' is not a time (the years 1970 to 2200 are supported); it counts as not given",
        ),
        ({"a": 1}, "{'a': 1} is not a time; it counts as not given"),
    ],
)
def test_times_that_cannot_be_read_are_noted(value: Any, words: str) -> None:
    history = History.from_data(
        [{"name": "a"}, {"name": "b", "status": "Completed", "properties": {"StartTimeUtc": value}}]
    )
    assert history.jobs[1].started is None
    assert [(note.severity.value, note.message, note.field) for note in history.notes] == [
        ("note", words, (1, "StartTimeUtc"))
    ]


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01 00:00:00", "", None]
)
def test_dates_that_mean_no_date(text: str | None) -> None:
    history = History.from_data(
        {"name": "a", "creation_context": {"created_at": text}, "properties": {"EndTimeUtc": text}}
    )
    assert (history.jobs[0].created, history.jobs[0].ended, history.notes) == (None, None, ())


def test_an_end_before_the_start_is_no_duration() -> None:
    data = {
        "name": "a",
        "status": "Completed",
        "properties": {"StartTimeUtc": "2026-03-02 11:00:01", "EndTimeUtc": "2026-03-02 11:00:00"},
    }
    history = History.from_data(data)
    assert history.jobs[0].duration is None
    assert [note.message for note in history.notes] == [
        "the job ended before it started: how long it took is not known"
    ]


@pytest.mark.parametrize("stages", ["{", "[]", 5, '{"Execution": null}', "[" * 100_000, "null"])
def test_stages_that_say_nothing(stages: Any) -> None:
    job = one(properties={"azureml.pipelines.stages": stages, "azureml.parameters": stages})
    assert (job.started, job.ended) == (None, None)


def test_stages_as_an_object() -> None:
    stages = {"Execution": {"StartTime": "2026-03-02T11:00:00Z", "EndTime": "2026-03-02T11:00:07Z"}}
    assert one(properties={"azureml.pipelines.stages": stages}).duration == 7


@pytest.mark.parametrize("text", ["half an hour", "1:2", "", None, 5])
def test_lengths_that_say_nothing(text: Any) -> None:
    assert one(properties={"StartTimeUtc": "2026-03-02 11:00:00", "Duration": text}).duration is None


@pytest.mark.parametrize(
    ("entity", "compute"),
    [
        ({"compute": "azureml:cpu"}, "cpu"),
        ({"compute": "cpu"}, "cpu"),
        ({"settings": {"default_compute": "azureml:cpu"}}, "cpu"),
        ({"settings": {"default_compute": ""}, "properties": {"azureml.defaultComputeName": "cpu"}}, "cpu"),
        ({"compute": {"target": "cpu"}}, "cpu"),
        ({"compute": 5}, None),
        ({}, None),
    ],
)
def test_computes_by_their_name(entity: dict[str, Any], compute: str | None) -> None:
    assert one(**entity).compute == compute


def test_what_is_no_text_is_not_there() -> None:
    job = one(display_name=5, status=["x"], experiment_name={}, inputs=[], properties={"runSource": 1})
    assert (job.display_name, job.status, job.experiment, job.inputs, job.source) == (None, None, None, {}, None)


def test_halves_of_characters_can_be_written() -> None:
    job = one(display_name="a\ud800b", inputs={"x\udfff": "\ud800", "n": 1.5})
    assert job.display_name == "a?b"
    assert job.inputs == {"x?": "?", "n": "1.5"}
