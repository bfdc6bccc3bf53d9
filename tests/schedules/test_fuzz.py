"""Whatever a file holds, the loader answers with a schedule or with diagnostics that have a place."""

from __future__ import annotations

import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.loader import load_job, load_schedule

KEYS = st.sampled_from(
    "name display_name description tags properties trigger type expression frequency interval schedule hours minutes week_days "
    "month_days start_time end_time time_zone create_job job jobs inputs outputs settings default_compute compute identity "
    "component command environment path mode value version create_monitor import_data source connection trial limits is_enabled "
    "$schema resources experiment_name a step_1".split()
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 70),
    st.just(10**40),
    st.floats(),
    st.sampled_from(
        "cron recurrence day week month minute pipeline command spark sweep uri_file mltable ro_mount serverless managed "
        "azureml:x azureml: ./job.yml ./ file:./x monday Mon UTC".split()
    ),
    st.sampled_from(
        ["0 3 * * *", "61 * * * *", "Pacific Standard Time", "2026-01-01T00:00:00", "2026-03-08T02:30:00-08:00", "${{name}}",
         "${{parent.inputs.a}}", "${{parent.jobs.a.outputs.b}}", "${{parent.outputs.a}}", "", " ", "\u0663", "\ud7ff", "a" * 300]
    ),
    st.text(max_size=8),
    st.just(datetime.datetime(2026, 1, 1, 3)),
    st.just(datetime.date(2026, 1, 1)),
    st.just(b"\xff"),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.integers(0, 3) | st.none(), inner, max_size=5)
    ),
    max_leaves=14,
)
TRIGGERS = st.fixed_dictionaries(
    {},
    optional={
        "type": SCALARS | st.just("cron") | st.just("recurrence"),
        "expression": VALUES | st.just("0 3 * * *"),
        "frequency": VALUES,
        "interval": VALUES | st.just(1),
        "schedule": VALUES,
        "start_time": VALUES,
        "end_time": VALUES,
        "time_zone": VALUES,
    },
)
SCHEDULES = st.fixed_dictionaries(
    {"name": st.just("x") | VALUES, "trigger": TRIGGERS | VALUES},
    optional={
        "create_job": VALUES,
        "create_monitor": VALUES,
        "import_data": VALUES,
        "tags": VALUES,
        "properties": VALUES,
    },
)
JOBS = st.fixed_dictionaries(
    {"type": st.just("pipeline") | VALUES},
    optional={"inputs": VALUES, "outputs": VALUES, "settings": VALUES, "compute": VALUES,
              "jobs": st.dictionaries(KEYS, VALUES, max_size=3) | VALUES, "component": VALUES, "tags": VALUES, "identity": VALUES},
)  # fmt: skip


def check(load: Any, data: Any, folder: Path) -> None:
    text = yaml.safe_dump(data, allow_unicode=True)
    try:
        load(io.StringIO(text), base=folder)
    except DefinitionError as failure:
        assert failure.diagnostics
        for found in failure.diagnostics:
            assert found.location is not None, found
            assert found.message


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fuzz")
    (path / "job.yml").write_text("type: pipeline\ninputs: {a: 1}\njobs: {a: {command: x, environment: azureml:e}}\n")
    return path


@settings(max_examples=300, deadline=None)
@given(SCHEDULES)
def test_any_schedule_is_loaded_or_explained(folder: Path, data: Any) -> None:
    check(load_schedule, data, folder)


@settings(max_examples=200, deadline=None)
@given(JOBS)
def test_any_job_is_loaded_or_explained(folder: Path, data: Any) -> None:
    check(load_job, data, folder)


@settings(max_examples=150, deadline=None)
@given(SCHEDULES)
def test_any_mapping_and_json_is_loaded_or_explained(folder: Path, data: Any) -> None:
    plain = json.loads(json.dumps(data, default=str, skipkeys=True))
    for source in (plain, io.StringIO(json.dumps(plain))):
        try:
            load_schedule(source, base=folder)
        except DefinitionError as failure:
            assert failure.diagnostics
