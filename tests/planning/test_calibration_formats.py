"""The format of ``${{creation_context.trigger_time}}``, told from the texts that it became."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from audit_histories import at, job_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pytest_mlschedule import JobSchedule, ServiceProfile, load_schedule, plan_runs
from pytest_mlschedule.history.history import History
from pytest_mlschedule.planning.calibration import calibrate_profile
from pytest_mlschedule.planning.calibration_formats import infer_format
from pytest_mlschedule.planning.calibration_result import KnobVerdict

START, END = at("2026-03-02T00:00"), at("2026-04-20T00:00")
MACRO = "${{creation_context.trigger_time}}"
ISO = "%Y-%m-%dT%H:%M:%SZ"
PACIFIC = "Pacific Standard Time"


def schedule(job: Any, **trigger: str) -> JobSchedule:
    given = {"type": "cron", "expression": "30 3,15 * * *", "start_time": "2026-01-01T00:00:00", **trigger}
    return load_schedule({"name": "s", "trigger": given, "create_job": job})


def overriding(**inputs: Any) -> JobSchedule:
    return schedule({"type": "pipeline", "job": "azureml:job", "inputs": inputs})


def judge(made: JobSchedule, form: str = ISO, *, inputs: Any = None, assumed: str = ISO, **changes: Any) -> KnobVerdict:
    """The verdict on a service with a format; ``inputs`` makes what a job shows of its trigger time instead."""
    planned = plan_runs(made, START, END, profile=ServiceProfile(trigger_time_format=form))
    entities = [job_of(run, **changes, **({"inputs": inputs(run.trigger_time)} if inputs else {})) for run in planned]
    history = History.from_data(entities).between(START, END)
    return calibrate_profile(made, history, profile=ServiceProfile(trigger_time_format=assumed))["trigger_time_format"]


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S.0000000Z",
        "%Y-%m-%dT%H:%M:%S+00:00",
        "%m/%d/%Y %H:%M:%S",
        "%m/%d/%Y %I:%M:%S %p",
        "%Y%m%d",
        "%d.%m.%Y",
        "%A, %d. %B %Y %H:%M",
        "%a %b %d %H:%M:%S %Y",
        "%y%j-%H%M",
        "run%%%Y/%m/%d",
    ],
)
def test_formats_are_found(form: str) -> None:
    found = judge(overriding(when=f"at {MACRO}!"), form)
    assert (found.verdict, found.points_to, found.seen) == ("contradicted", form, 98)
    assert found.evidence[0].found == START.replace(hour=3, minute=30).strftime(form)
    assert judge(overriding(when=MACRO), form, assumed=form).verdict == "supported"


def test_the_format_as_assumed() -> None:
    found = judge(overriding(when=MACRO, other=f"{MACRO} and {MACRO} of ${{{{name}}}}", plain="x"))
    assert (found.verdict, found.points_to, found.seen) == ("supported", ISO, 2 * 98)
    assert found.evidence[0].predicted == {ISO: "2026-03-02T03:30:00Z"}


def test_texts_that_are_none_of_the_input_count_for_nothing() -> None:
    made = overriding(when=f"at {MACRO}", twice=f"{MACRO} {MACRO}")

    def shown(time: datetime) -> dict[str, str]:
        return {"when": "today", "twice": f"{time:{ISO}} {time + timedelta(1):{ISO}}"}

    assert judge(made, inputs=shown).seen == 0
    assert judge(made, inputs=lambda time: {}).seen == 0


def test_a_job_without_a_name_has_any() -> None:
    made = overriding(when=f"${{{{name}}}}/{MACRO}")
    assert judge(made, name=None, inputs=lambda time: {"when": f"whoever/{time:{ISO}}"}).verdict == "supported"


def test_jobs_without_a_trigger_time_count_for_nothing() -> None:
    renamed = {"runSource": "Schedule", "azureml.genericTriggerName": "s"}
    made = overriding(when=MACRO)
    planned = plan_runs(made, START, END)
    entities = [
        job_of(run, **({"display_name": "x", "properties": renamed} if index else {}))
        for index, run in enumerate(planned)
    ]
    found = calibrate_profile(made, History.from_data(entities).between(START, END))["trigger_time_format"]
    assert (found.verdict, found.seen) == ("supported", 1)


def test_inputs_that_nobody_knows_may_be_the_trigger_time() -> None:
    found = judge(
        schedule("azureml:job"),
        inputs=lambda time: {"date": f"{time:%Y%m%d}", "rows": "5", "day": f"{time:%d}", "id": str(time.day * 7)},
    )
    assert (found.verdict, found.points_to, found.seen) == ("contradicted", "%Y%m%d", 98)
    assert judge(schedule("azureml:job"), inputs=lambda time: {"date": "2026-03-02"}).seen == 0


def test_the_wall_clock_of_the_schedule_is_no_format() -> None:
    made = schedule({"type": "pipeline", "job": "azureml:job", "inputs": {"when": MACRO}}, time_zone=PACIFIC)

    def shown(time: datetime) -> dict[str, str]:
        return {"when": f"{time - timedelta(hours=8 if time < at('2026-03-08T10:00') else 7):%Y-%m-%dT%H:%M:%S}"}

    found = judge(made, inputs=shown)
    assert (found.verdict, found.values, found.points_to, found.seen) == ("contradicted", (), None, 98)
    assert (
        found.remark
        == "the texts are the wall clock of the schedule (%Y-%m-%dT%H:%M:%S), which no format of UTC can say; what to write instead is not known"
    )


@pytest.mark.parametrize(
    ("show", "remark"),
    [
        (lambda time: f"{time:%Y-%m-%dT%H:%M:%S}.{time.day * 41_771:07d}Z", f"the texts are {ISO} with fractions of a second that no format knows"),
        (lambda time: f"{time:%Y-%m-%d %H:%M:%S}.{time.day + 100}", "the texts are %Y-%m-%d %H:%M:%S with fractions of a second that no format knows"),
        (lambda time: f"{time.timestamp():.0f}", "the texts are seconds since 1970, which no format says alike on every machine"),
        (lambda time: f"{time.timestamp() * 1000 + time.day:.0f}", "the texts are milliseconds since 1970, which no format says alike on every machine"),
        (lambda time: f"day {time.toordinal()}", "no format known to us gives these texts"),
        (lambda time: "x" * (65 + time.day), "no format known to us gives these texts"),
    ],
)  # fmt: skip
def test_texts_that_no_format_gives(show: Callable[[datetime], str], remark: str) -> None:
    found = judge(overriding(when=MACRO), inputs=lambda time: {"when": show(time)})
    assert (found.verdict, found.values, found.seen) == ("contradicted", (), 98)
    assert found.remark == f"{remark}; what to write instead is not known"
    first = START.replace(hour=3, minute=30)
    assert [(item.found, item.predicted) for item in found.evidence] == [(show(first), {ISO: f"{first:{ISO}}"})]


@pytest.mark.parametrize("text", ["now", "2026-03-02T03:30:00Z", "x" * 65])
def test_a_text_that_never_changes_is_no_trigger_time(text: str) -> None:
    found = judge(overriding(when=MACRO), inputs=lambda time: {"when": text})
    assert (found.verdict, found.remark) == ("undecided", "every run shows the same text, so this is no trigger time")
    found = judge(overriding(when=MACRO, then=MACRO), inputs=lambda time: {"when": text, "then": f"{time:%Y%m%d}"})
    assert (found.points_to, found.seen) == ("%Y%m%d", 98)


def test_what_is_no_format_leaves_the_profile_alone() -> None:
    made = overriding(when=MACRO)
    entities = [
        job_of(run, inputs={"when": f"#{run.trigger_time:%H}{index}"})
        for index, run in enumerate(plan_runs(made, START, END))
    ]
    found = calibrate_profile(made, History.from_data(entities).between(START, END))
    assert found.contradicted == ("trigger_time_format",)
    assert not found
    assert (dict(found.changes), found.suggested) == ({}, ServiceProfile())
    assert (found.to_dict()["contradicted"], found.to_dict()["profile"]) == (["trigger_time_format"], {})


def test_texts_of_two_formats_decide_nothing() -> None:
    found = judge(
        overriding(when=MACRO), inputs=lambda time: {"when": f"{time:%Y%m%d}" if time.hour < 12 else f"{time:{ISO}}"}
    )
    assert (found.verdict, found.remark) == (
        "undecided",
        f"the history is at odds with itself: {ISO} fits 49 of 98 places",
    )


def test_a_few_odd_texts_are_an_accident() -> None:
    found = judge(overriding(when=MACRO), inputs=lambda time: {"when": "?" if time.day == 5 else f"{time:{ISO}}"})
    assert (found.verdict, found.seen) == ("supported", 98)


def test_the_search_gives_up() -> None:
    # Sixty zeros, and hours, minutes and seconds that are zero too: more ways to read them than there is time for.
    midnight = int(at("2000-01-01T00:00").timestamp())
    assert infer_format([(midnight, "0" * 60 + "1" * 2)]) is None
    assert infer_format([(midnight, "0" * 65)]) is None
    assert infer_format([(midnight, "no time at all")]) is None


PARTS = st.lists(st.sampled_from(["%Y", "%m", "%d", "%H", "%M", "%S", "%j"]), min_size=1, max_size=6, unique=True)
EPOCHS = st.lists(st.integers(0, 2**32), min_size=1, max_size=12)


@settings(max_examples=100, deadline=None)
@given(PARTS, st.lists(st.sampled_from(["-", "/", ":", "T", " ", "_", "%%", "Z"]), min_size=7, max_size=7), EPOCHS)
def test_whatever_is_inferred_gives_the_texts(parts: list[str], between: list[str], epochs: list[int]) -> None:
    form = "".join(part + separator for part, separator in zip(parts, between, strict=False))
    samples = [(epoch, datetime.fromtimestamp(epoch, UTC).strftime(form)) for epoch in epochs]
    found = infer_format(samples)
    assume(found is not None)
    assert found is not None
    assert [datetime.fromtimestamp(epoch, UTC).strftime(found) for epoch in epochs] == [text for _, text in samples]


@settings(max_examples=100, deadline=None)
@given(EPOCHS)
def test_separated_parts_are_always_found(epochs: list[int]) -> None:
    form = "%d/%m-%Y T%H:%M:%S"
    samples = [(epoch, datetime.fromtimestamp(epoch, UTC).strftime(form)) for epoch in epochs]
    found = infer_format(samples)
    assert found is not None
    assert [datetime.fromtimestamp(epoch, UTC).strftime(found) for epoch in epochs] == [text for _, text in samples]
