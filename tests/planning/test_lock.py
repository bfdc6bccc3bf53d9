"""Locks: what they hold, what changes them, what they say when behaviour changed."""

from __future__ import annotations

import calendar
import io
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pytest_mlschedule import CronTrigger, DefinitionError, JobSchedule, PipelineJob, load_schedules, plan_runs
from pytest_mlschedule.planning.lock import Lock, compare_locks, make_lock
from pytest_mlschedule.planning.lock_document import default_window, read_lock, write_lock
from pytest_mlschedule.triggers.window import Window

ROOT = Path(__file__).parents[2]
YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
NIGHTLY = JobSchedule(
    name="nightly",
    trigger=CronTrigger("0 9 * * *", start_time="2026-01-01T00:00:00"),
    create_job=PipelineJob(
        compute="azureml:cpu", inputs={"date": "${{creation_context.trigger_time}}", "limit": 5}, settings={"x": 1}
    ),
)


def lock_of(*schedules: JobSchedule, window: Window = YEAR) -> Lock:
    return make_lock(plan_runs(schedules, window.start, window.end))


def changed_job(**changes: object) -> JobSchedule:
    job = NIGHTLY.create_job
    assert isinstance(job, PipelineJob)
    return NIGHTLY.replace(create_job=job.model_copy(update=changes))


def said(before: Lock, after: Lock) -> list[str]:
    return [f"{item.code} {item.message}" for _, item in compare_locks(before, after)]


def test_counts_by_month_are_those_of_the_calendar() -> None:
    entry = lock_of(NIGHTLY).schedules["nightly"]
    assert entry.runs == {f"2026-{month:02}": calendar.monthrange(2026, month)[1] for month in range(1, 13)}
    assert entry.next == ("2026-01-01T09:00:00Z", "2026-01-02T09:00:00Z", "2026-01-03T09:00:00Z")


def test_months_that_the_window_cuts_count_what_lies_in_it() -> None:
    window = Window(datetime(2026, 1, 30, 12, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert lock_of(NIGHTLY, window=window).schedules["nightly"].runs == {"2026-01": 1, "2026-02": 28, "2026-03": 1}


def test_the_text_reads_back_and_is_the_same_in_any_order() -> None:
    other = NIGHTLY.replace(name="another")
    text = write_lock(lock_of(NIGHTLY, other))
    assert read_lock(io.StringIO(text)) == lock_of(other, NIGHTLY)
    assert text == write_lock(lock_of(other, NIGHTLY))
    assert "tzdata:" in text


def test_tz_3_the_version_of_the_zone_data_is_stored() -> None:
    plan = plan_runs(NIGHTLY, YEAR.start, YEAR.end)
    assert f"\ntzdata: {plan.tzdata_version}\n" in write_lock(make_lock(plan))


def test_a_lock_is_the_same_in_another_folder(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "quickstart", tmp_path / "elsewhere")
    here, there = (
        load_schedules(folder / "schedules") for folder in (ROOT / "examples/quickstart", tmp_path / "elsewhere")
    )
    assert write_lock(lock_of(*here)) == write_lock(lock_of(*there))


def test_nothing_is_said_where_behaviour_is_the_same() -> None:
    same = NIGHTLY.replace(
        trigger=CronTrigger("00 9 * * 0-6", start_time="2026-01-01T00:00:00"), description="spelt otherwise"
    )
    assert said(lock_of(NIGHTLY), lock_of(same)) == []


@pytest.mark.parametrize(
    ("after", "text"),
    [
        (
            NIGHTLY.replace(trigger=CronTrigger("0 9 * * 1", start_time="2026-01-01T00:00:00")),
            "MLS801 nightly behaves otherwise than locked: runs 365 → 52 "
            "(2026-01 31 → 4, 2026-02 28 → 4, 2026-03 31 → 5, 2026-04 30 → 4, and 8 more months)",
        ),
        (
            NIGHTLY.replace(trigger=CronTrigger("0 10 * * *", start_time="2026-01-01T00:00:00")),
            "MLS801 nightly behaves otherwise than locked: as many runs at other times "
            "(2026-01-01T09:00:00Z → 2026-01-01T10:00:00Z)",
        ),
        (
            NIGHTLY.replace(
                trigger=CronTrigger("0 9 * * *", start_time="2026-01-01T00:00:00", time_zone="GMT Standard Time")
            ),
            "MLS801 nightly behaves otherwise than locked: time_zone UTC → GMT Standard Time; as many runs, some at other times",
        ),
        (changed_job(inputs={"date": "x", "limit": 5}), "MLS801 nightly behaves otherwise than locked: inputs changed"),
        (changed_job(settings={"x": 2}), "MLS801 nightly behaves otherwise than locked: settings changed"),
        (changed_job(properties={"a": "b"}), "MLS801 nightly behaves otherwise than locked: content changed"),
        (
            changed_job(compute="gpu"),
            "MLS801 nightly behaves otherwise than locked: compute cpu → gpu",
        ),
        (
            changed_job(compute=None),
            "MLS801 nightly behaves otherwise than locked: compute cpu → (none)",
        ),
        (
            NIGHTLY.replace(is_enabled=False),
            "MLS801 nightly behaves otherwise than locked: disabled; runs 365 → 0 "
            "(2026-01 31 → 0, 2026-02 28 → 0, 2026-03 31 → 0, 2026-04 30 → 0, and 8 more months)",
        ),
        (NIGHTLY.replace(name="weekly"), "MLS803 nightly is locked, and no file has it"),
    ],
)  # fmt: skip
def test_what_changed_is_said(after: JobSchedule, text: str) -> None:
    assert text in said(lock_of(NIGHTLY), lock_of(after))


def test_a_schedule_that_is_enabled_again_is_said() -> None:
    off = NIGHTLY.replace(is_enabled=False)
    assert said(lock_of(off), lock_of(NIGHTLY))[0].startswith("MLS801 nightly behaves otherwise than locked: enabled;")
    assert read_lock(io.StringIO(write_lock(lock_of(off)))) == lock_of(off)


def test_new_schedules_are_said() -> None:
    assert said(lock_of(), lock_of(NIGHTLY)) == ["MLS802 nightly is not in the lock file"]


@pytest.mark.parametrize(
    ("before", "after"),
    [("azureml:a", "azureml:b"), ("azureml:a", PipelineJob(id="b"))],
)
def test_another_job_of_the_workspace_is_a_change(before: object, after: object) -> None:
    one, other = (NIGHTLY.replace(create_job=job) for job in (before, after))
    assert (
        said(lock_of(one), lock_of(other))[0]
        .split("; ")[-1]
        .startswith(("MLS801 nightly behaves otherwise than locked: ", "job a → b"))
    )
    assert any("job a → b" in text for text in said(lock_of(one), lock_of(other)))


def test_other_actions_are_locked_too() -> None:
    one, other = (
        NIGHTLY.replace(create_job=None, action={"actionType": "InvokeBatchEndpoint", "n": n}) for n in (1, 2)
    )
    assert said(lock_of(one), lock_of(other)) == ["MLS801 nightly behaves otherwise than locked: action changed"]


def test_other_zone_data_are_named() -> None:
    lock = lock_of(NIGHTLY)
    older = Lock(lock.window, "2020a", lock.schedules)
    assert said(older, lock) == []
    (text,) = said(older, lock_of(changed_job(settings={})))
    assert text.endswith(f"settings changed (locked with tzdata 2020a, this is {lock.tzdata_version})")


def test_what_is_gone_is_placed_in_the_lock_file(tmp_path: Path) -> None:
    path = tmp_path / "schedules.lock.yml"
    path.write_text(write_lock(lock_of(NIGHTLY)), encoding="utf-8")
    ((_, found),) = compare_locks(read_lock(path), lock_of())
    assert found.location is not None
    line = path.read_text(encoding="utf-8").splitlines()[found.location.line - 1]
    assert line == "  nightly:"


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("version: 1", "version: 2", ":3:10: MLS009 version: is a lock of version 2; this release reads version 1"),
        ("tzdata:", "tzdate:", "MLS006"),
        ("2027-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "MLS009 window.end: the window ends at 2025-01-01T00:00:00Z, not after"),
        ("2027-01-01T00:00:00Z", "soon", "MLS009 window.end: 'soon' is not an instant"),
        ("2026-01: 31", "2026-01: many", "MLS008 schedules.nightly.runs.2026-01: "),
        ("schedules:\n", "schedules:\n<<<<<<< HEAD\n", "MLS003 is not valid YAML"),
    ],
)  # fmt: skip
def test_broken_locks_say_where(old: str, new: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "schedules.lock.yml"
    content = write_lock(lock_of(NIGHTLY))
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        read_lock(path)
    assert text in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "3"])
def test_what_is_no_lock_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError):
        read_lock(io.StringIO(text))


def test_a_new_lock_starts_with_the_month() -> None:
    window = default_window(datetime(2026, 3, 31, 23, 59, tzinfo=UTC))
    assert window == Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC))


def test_what_makes_no_difference_to_runs_passes(tmp_path: Path) -> None:
    component = tmp_path / "component.yml"

    def lock_with(*, component_says: str, step_says: str, retries: str, zone: str) -> Lock:
        component.write_text(
            f"type: command\ndisplay_name: {component_says}\ndescription: {component_says}\n"
            "inputs:\n  n: {type: integer}\ncommand: echo\nenvironment: azureml:e@latest\n"
        )
        (tmp_path / "job.yml").write_text(
            f"type: pipeline\ninputs: {{retries: {retries}}}\n"
            f"jobs: {{a: {{type: command, display_name: {step_says}, component: ./component.yml, inputs: {{n: 1}}}}}}\n"
        )
        path = tmp_path / "s.yml"
        path.write_text(
            f"name: s\ntrigger: {{type: cron, expression: '0 6 * * *', time_zone: {zone}, start_time: '2026-01-01T00:00:00'}}\n"
            "create_job: ./job.yml\n"
        )
        return lock_of(*load_schedules(path))

    before = lock_with(component_says="one", step_says="two", retries="3", zone="UTC")
    after = lock_with(component_says="other", step_says="words", retries='"3"', zone="Greenwich Standard Time")
    assert said(before, after) == []
    other = lock_with(component_says="one", step_says="two", retries="4", zone="UTC")
    assert said(before, other) == ["MLS801 s behaves otherwise than locked: inputs changed"]


@pytest.mark.parametrize("edit", [{"runs": {"2026-01": 31}}, {"next": ("2026-01-01T09:01:00Z",)}])
def test_an_edited_lock_is_told(edit: dict[str, object]) -> None:
    actual = lock_of(NIGHTLY)
    edited = replace(actual, schedules={"nightly": replace(actual.schedules["nightly"], **edit)})  # type: ignore[arg-type]
    (text,) = said(edited, actual)
    assert text.endswith("the runs that the lock file shows are not those that it was made of: it was edited")
