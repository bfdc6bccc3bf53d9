"""Anything at all read as a history: jobs, or a DefinitionError, and never anything else."""

from __future__ import annotations

import io
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.history.history import History
from pytest_mlschedule.history.places import find_places
from pytest_mlschedule.history.reading import read_history

KEYS = st.sampled_from(
    ["name", "runId", "display_name", "displayName", "status", "properties", "creation_context", "systemData", "created_at", "createdAt",
     "createdUtc", "StartTimeUtc", "EndTimeUtc", "Duration", "startTimeUtc", "azureml.pipelines.stages", "azureml.parameters",
     "azureml.genericTriggerName", "runSource", "azureml.runLineageType", "inputs", "value", "path", "compute", "computeId", "settings",
     "default_compute", "trigger", "nextLink", "jobType", "experiment_name", "Execution", "StartTime", "EndTime"]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["nightly-20260302T110000Z", "n-99999999T999999Z", "2026-03-02 11:00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59Z", "00:05:37.5",
         "99999.23:59:59", "Schedule", "Completed", '{"Execution": {"StartTime": "x", "EndTime": 5}}', '{"a": 1}', "{", "2026-03-02T11:00:00+99:00",
         "azureml:cpu", "JobStatus.FAILED", "\ud800"]
    ),
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(KEYS, st.text(max_size=5)), inner, max_size=5)
    ),
    max_leaves=20,
)


def use(history: History) -> None:
    """Everything that a history answers."""
    history.window  # noqa: B018
    history.durations()
    history.durations(by="experiment")
    for name in history.schedules:
        assert history.of(name)
    for job in history.jobs:
        assert job.duration is None or job.duration >= 0
    json.dumps([note.message for note in history.notes], ensure_ascii=False).encode()
    json.dumps([[job.display_name, dict(job.inputs)] for job in history.jobs], ensure_ascii=False).encode()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES)
def test_any_data(data: Any) -> None:
    try:
        use(History.from_data(data))
    except DefinitionError as failure:
        assert failure.diagnostics


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=8), max_size=4))
def test_any_text_of_jobs(jobs: list[dict[str, Any]]) -> None:
    text = json.dumps(jobs)
    try:
        use(read_history(io.StringIO(text)))
    except DefinitionError as failure:
        assert all(item.location is not None for item in failure.diagnostics)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200))
def test_any_bytes(raw: bytes) -> None:
    try:
        use(read_history(io.BytesIO(raw)))
    except DefinitionError as failure:
        assert failure.diagnostics


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(VALUES, max_size=6), st.sampled_from([None, 0, 3]), st.sampled_from(["list", "page"]))
def test_places_are_those_of_the_items(items: list[Any], indent: int | None, form: str) -> None:
    text = json.dumps({"a": {"value": [1]}, "value": items} if form == "page" else items, indent=indent)
    lines = text.split("\n")
    places = find_places(text, range(len(items)))
    assert len(places) == len(items)
    for index, (line, column) in places.items():
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        assert json.JSONDecoder().raw_decode(rest)[0] == json.loads(json.dumps(items[index]))
