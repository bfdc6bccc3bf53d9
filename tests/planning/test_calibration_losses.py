"""What a missing run is worth: nothing in an outage, under an edited name, or where runs go missing for no reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from audit_histories import at, history_of, job_of

from pytest_mlschedule import JobSchedule, PlannedRun, ServiceProfile, load_schedule, plan_runs
from pytest_mlschedule.history.history import History
from pytest_mlschedule.planning.calibration import calibrate_profile
from pytest_mlschedule.planning.calibration_losses import NO_LOSSES, Losses
from pytest_mlschedule.planning.calibration_result import Calibration
from pytest_mlschedule.schedules.models import CreationContext

START, END = at("2026-03-01T00:00"), at("2026-04-01T00:00")
LONG_AGO = at("2026-01-01T00:00")
CREATED = at("2026-03-10T09:17:42")
GAP_RUN = at("2026-03-08T10:30")  # 02:30 in Los Angeles does not exist on that day; 03:30 is 10:30Z
Keep = Callable[[PlannedRun], bool]


def cron(name: str, expression: str, created: datetime | None = None, /, **more: str) -> JobSchedule:
    trigger = {"type": "cron", "expression": expression, "start_time": "2026-01-01T00:00:00", **more}
    made = load_schedule({"name": name, "trigger": trigger, "create_job": "azureml:job"})
    return made if created is None else made.replace(creation_context=CreationContext(created_at=created))


NIGHT = cron("night", "30 2 * * *", time_zone="Pacific Standard Time")


def runs(schedules: Iterable[JobSchedule], created: datetime = LONG_AGO, **knobs: Any) -> list[PlannedRun]:
    return list(plan_runs(schedules, START, END, created_at=created, profile=ServiceProfile(**knobs)))


def calibrate(
    schedules: list[JobSchedule], ran: Iterable[PlannedRun], keep: Keep = lambda run: True, **more: Any
) -> Calibration:
    return calibrate_profile(schedules, history_of(ran, keep).between(START, END), **more)


def outage(start: str, end: str, *names: str) -> Keep:
    """Keeps all but what was due in a time, of some schedules or of all."""
    return lambda run: not (at(start) <= run.trigger_time < at(end) and (not names or run.schedule in names))


DARK = "its values differ in an outage (2026-03-08T10:30:00Z): other runs due around then are missing too"


@pytest.mark.parametrize(
    ("lost", "verdict"),
    [
        (("2026-03-08T10:00", "2026-03-08T11:00"), "contradicted"),  # nothing else was due then
        (("2026-03-08T05:00", "2026-03-08T11:00"), "undecided"),  # 06:00 is missing too
        (("2026-03-08T10:00", "2026-03-08T13:00"), "undecided"),  # 12:00 is
        (("2026-03-07T10:00", "2026-03-09T09:00"), "undecided"),
        (("2026-03-07T20:00", "2026-03-08T11:00"), "undecided"),
    ],
)
def test_an_outage_tells_nothing(lost: tuple[str, str], verdict: str) -> None:
    estate = [NIGHT, cron("six", "0 */6 * * *")]
    found = calibrate(estate, runs(estate), outage(*lost))["gap"]
    assert found.verdict == verdict
    assert found.remark == (DARK if verdict == "undecided" else "")


@pytest.mark.parametrize(("hours", "verdict"), [("2,14", "undecided"), ("2,15", "contradicted")])
def test_an_outage_that_the_schedule_itself_shows(hours: str, verdict: str) -> None:
    # 14:30 is 21:30Z, eleven hours after the gap; 15:30 is twelve, too far to tell.
    twice = cron("night", f"30 {hours} * * *", time_zone="Pacific Standard Time")
    assert calibrate([twice], runs([twice]), outage("2026-03-08T10:00", "2026-03-09T00:00"))["gap"].verdict == verdict


def test_no_outage_where_anything_ran() -> None:
    estate = [NIGHT, cron("six", "0 */6 * * *"), cron("half", "30 10 * * *")]
    ran = [run for run in runs(estate) if run.trigger_time != GAP_RUN or run.schedule == "half"]
    around = outage("2026-03-08T05:00", "2026-03-08T13:00", "six")
    assert calibrate(estate, ran, around)["gap"].verdict == "contradicted"
    # One schedule that lost a run while another ran was no outage either.
    estate = [NIGHT, cron("six", "0 */6 * * *"), cron("nine", "0 9,11 * * *")]
    assert calibrate(estate, runs(estate, gap="skip"), around)["gap"].verdict == "contradicted"


@pytest.mark.parametrize(
    ("start", "verdict"), [("2026-03-05T00:00", "contradicted"), ("2026-03-08T07:00", "undecided")]
)
def test_a_schedule_that_was_off_for_longer_shows_no_outage(start: str, verdict: str) -> None:
    estate = [NIGHT, cron("six", "0 */6 * * *"), cron("day", "0 7 * * *")]
    found = calibrate(estate, runs(estate, gap="skip"), outage(start, "2026-03-08T13:00", "six"))["gap"]
    assert found.verdict == verdict


def test_runs_that_other_schedules_lose_to_the_same_knob_show_no_outage() -> None:
    nights = [NIGHT.replace(name=f"n{number}") for number in range(5)]
    nights += [cron("early", "15 2 * * *", time_zone="Pacific Standard Time")]
    found = calibrate(nights, runs(nights, gap="skip"))["gap"]
    assert (found.points_to, found.seen) == ("skip", 6)


def test_an_outage_at_the_end_of_a_schedule_and_at_a_creation() -> None:
    ends = cron("ends", "0 6 * * *", end_time="2026-03-20T06:00:00")
    estate = [ends, cron("hourly", "0 * * * *")]
    assert calibrate(estate, runs(estate, end_time="exclusive"))["end_time"].points_to == "exclusive"
    found = calibrate(estate, runs(estate), outage("2026-03-20T05:00", "2026-03-20T08:00"))["end_time"]
    assert (found.verdict, found.seen) == ("undecided", 0)
    # Created at 09:17:42: 09:20 and 09:25 are missing, and so is what another schedule had to run at 09:20.
    estate = [cron("five", "*/5 * * * *", CREATED), cron("other", "*/20 * * * *", LONG_AGO)]
    ran = [*runs(estate[:1], CREATED), *runs(estate[1:])]
    found = calibrate(estate, ran, outage("2026-03-10T09:10", "2026-03-10T09:30"))["provisioning_delay"]
    assert (found.verdict, found.seen) == ("undecided", 0)
    assert (
        found.remark
        == "what is missing after a creation is missing in an outage: other runs due around then are missing too"
    )
    alone = calibrate(estate, ran, outage("2026-03-10T09:10", "2026-03-10T09:30", "five"))["provisioning_delay"]
    assert (alone.points_to, alone.remark) == (timedelta(minutes=8), "over 438 s, at most 738 s")


# Runs that are missing for no reason.


def lose(ran: Iterable[PlannedRun], *places: int) -> list[PlannedRun]:
    """The runs but for some of the hourly schedule."""
    count = -1
    kept = []
    for run in ran:
        count += run.schedule == "hourly"
        if run.schedule != "hourly" or count not in places:
            kept.append(run)
    return kept


@pytest.mark.parametrize(
    ("places", "verdict"),
    [
        ((), "contradicted"),
        ((5,), "contradicted"),  # once is no rate
        ((5, 6, 7, 8, 9, 10, 11, 12, 13, 14), "contradicted"),  # nor is what was lost in a row
        (range(20, 160, 20), "contradicted"),  # 6 more of 773, less than one in a hundred
        (range(20, 720, 20), "undecided"),
    ],
)
def test_one_place_is_too_little_where_runs_go_missing_for_no_reason(places: Iterable[int], verdict: str) -> None:
    estate = [NIGHT, cron("hourly", "0 * * * *")]
    found = calibrate(estate, lose(runs(estate, gap="skip"), *places))["gap"]
    assert (found.verdict, found.seen) == (verdict, 1)
    if verdict == "undecided":
        assert found.remark == "one run in 23 is missing elsewhere too, so this may be an accident"


def test_two_places_are_enough_at_the_same_rate() -> None:
    estate = [NIGHT, NIGHT.replace(name="again"), cron("hourly", "0 * * * *")]
    found = calibrate(estate, lose(runs(estate, gap="skip"), *range(20, 720, 20)))["gap"]
    assert (found.points_to, found.seen) == ("skip", 2)


@pytest.mark.parametrize(("places", "verdict"), [((), "undecided"), (range(20, 720, 20), "supported")])
def test_a_run_that_is_there_counts_for_more_than_one_that_may_be_an_accident(
    places: Iterable[int], verdict: str
) -> None:
    estate = [NIGHT, NIGHT.replace(name="again"), cron("hourly", "0 * * * *")]
    ran = lose(runs(estate), *places)
    keep = outage("2026-03-08T10:00", "2026-03-08T11:00", "again")
    assert calibrate(estate, ran, keep)["gap"].verdict == verdict
    back = calibrate(estate, ran, keep, profile=ServiceProfile(gap="skip"))["gap"]
    assert (back.verdict, back.points_to) == (("contradicted", "shift") if places else ("undecided", None))


def test_one_lost_run_after_a_creation_is_too_little_as_well() -> None:
    estate = [cron("new", "30 * * * *", CREATED), cron("hourly", "0 * * * *", LONG_AGO)]
    ran = [*runs(estate[:1], CREATED, provisioning_delay=timedelta(minutes=20)), *runs(estate[1:])]
    found = calibrate(estate, ran)["provisioning_delay"]
    assert found.remark == "of what was due within an hour of a creation nothing ran, which no provisioning explains"
    estate[0] = cron("new", "*/30 * * * *", CREATED)
    ran = [*runs(estate[:1], CREATED, provisioning_delay=timedelta(minutes=20)), *runs(estate[1:])]
    assert calibrate(estate, ran)["provisioning_delay"].points_to == timedelta(minutes=13)
    found = calibrate(estate, lose(ran, *range(20, 720, 20)))["provisioning_delay"]
    assert (found.verdict, found.seen) == ("undecided", 1)
    assert found.remark.endswith("is missing elsewhere too, so this may be an accident")
    instant = calibrate(
        estate,
        lose([*runs(estate[:1], CREATED), *runs(estate[1:])], *range(20, 720, 20)),
        profile=ServiceProfile(provisioning_delay=timedelta(minutes=20)),
    )["provisioning_delay"]
    assert instant.points_to == timedelta(0)  # a run that was there needs no faith


@pytest.mark.parametrize(
    ("lost", "due", "accident"),
    [
        (0, 5, True),
        (1, 1, True),  # one in ten: as often as that
        (2, 2, False),  # 0.1² = 0.01
        (1, 10, True),
        (3, 10, True),  # KL(0.3 || 0.1) = 0.3 ln 3 + 0.7 ln (0.7 / 0.9) = 0.1537; e^-1.537 = 0.21
        (6, 10, False),  # 0.6 ln 6 + 0.4 ln (0.4 / 0.9) = 0.7507; e^-7.5 = 0.0005
        (500, 1000, False),
        (50_000, 100_000, False),
    ],
)
def test_the_chance_that_it_is_an_accident(lost: int, due: int, accident: bool) -> None:  # noqa: FBT001
    holes = tuple((place + 5,) for place in range(0, 110, 10))
    missing = tuple((hole[0], index) for index, hole in enumerate(holes))
    losses = Losses(ran=tuple(range(0, 1000, 10)), holes=holes, lost=missing, due=101)
    assert losses.rate == 0.1  # ten more than one after 90 runs that were there
    assert losses.may_be_accidents(lost, due) is accident
    assert NO_LOSSES.may_be_accidents(lost, due) is (lost == 0)


# Edited names.


@pytest.mark.parametrize(
    ("properties", "after", "seen"),
    [
        ({"runSource": "Schedule", "azureml.genericTriggerName": "night"}, 4, 0),
        ({"runSource": "Schedule"}, 3_600, 0),  # of nobody knows which schedule
        ({"runSource": "Schedule"}, 3_601, 1),
        ({"runSource": "Schedule"}, -1, 1),
        ({"runSource": "Schedule", "azureml.genericTriggerName": "other"}, 4, 1),
        ({"runSource": "MFE"}, 4, 1),
    ],
)
def test_a_job_with_an_edited_name_may_be_the_run(properties: dict[str, str], after: int, seen: int) -> None:
    entities = [job_of(run) for run in runs([NIGHT], gap="skip")]
    created = GAP_RUN + timedelta(seconds=after)
    edited = {
        "name": "e",
        "display_name": "mine",
        "properties": properties,
        "creation_context": {"created_at": created.isoformat()},
    }
    history = History.from_data([*entities, edited]).between(START, END)
    assert calibrate_profile([NIGHT], history)["gap"].seen == seen


# A run at creation.


@pytest.mark.parametrize(("delay", "limits"), [(0, "at most 138 s"), (500, "over 438 s, at most 738 s")])
def test_st_7_a_run_at_creation_tells_nothing_of_provisioning(delay: int, limits: str) -> None:
    made = load_schedule(
        {"name": "five", "trigger": {"type": "cron", "expression": "*/5 * * * *"}, "create_job": "azureml:job"}
    )
    known = made.replace(creation_context=CreationContext(created_at=CREATED))
    ran = [job_of(run) for run in runs([known], CREATED, provisioning_delay=timedelta(seconds=delay))]
    instant = job_of(next(iter(runs([known], CREATED, first_run="instant"))))
    history = History.from_data([*ran, instant]).between(START, END)
    found = calibrate_profile([known], history)
    assert found["first_run"].points_to == "instant"
    verdict = found["provisioning_delay"]
    if delay:
        limits += "; the run at creation was there all the same, which plans with a delay leave out"
    assert (verdict.verdict, verdict.remark) == ("contradicted" if delay else "supported", limits)


def test_what_was_due_after_a_creation_and_cannot_tell_says_why() -> None:
    weekly = {
        "type": "recurrence",
        "frequency": "week",
        "interval": 2,
        "start_time": "2026-03-03T00:00:00",
        "schedule": {"hours": 9, "minutes": 30, "week_days": ["tuesday"]},
    }
    made = load_schedule({"name": "fortnight", "trigger": weekly, "create_job": "azureml:job"})
    known = made.replace(creation_context=CreationContext(created_at=at("2026-03-03T09:00")))
    found = calibrate([known], runs([known], at("2026-03-03T09:00")))["provisioning_delay"]
    assert found.remark == "another knob may move what was due within an hour of a creation"


def test_most_beginnings_decide() -> None:
    many = [cron(f"s{number:02d}", "*/5 * * * *", CREATED) for number in range(12)]
    ran = runs(many, CREATED, provisioning_delay=timedelta(minutes=5))
    one_more = outage("2026-03-10T09:20", "2026-03-10T09:50", "s00")
    found = calibrate(many, ran, one_more)["provisioning_delay"]
    # 09:20 is 138 s after the creation, 09:25 is 438 s after it.
    assert (found.points_to, found.remark) == (timedelta(minutes=3), "over 138 s, at most 438 s")
    found = calibrate(many, ran, one_more, profile=ServiceProfile(provisioning_delay=timedelta(minutes=6)))
    assert found["provisioning_delay"].verdict == "supported"


@pytest.mark.parametrize(("places", "verdict"), [((), "undecided"), (range(20, 720, 20), "contradicted")])
def test_what_a_beginning_lost_beyond_the_delay_may_be_an_accident(places: Iterable[int], verdict: str) -> None:
    some = [cron(f"s{number}", "*/5 * * * *", CREATED) for number in range(4)]
    estate = [*some, cron("hourly", "0 * * * *", LONG_AGO)]
    slow = [*runs(some, CREATED, provisioning_delay=timedelta(minutes=5)), *runs(estate[4:])]
    one_more = outage("2026-03-10T09:25", "2026-03-10T09:30", "s0")
    found = calibrate(estate, lose(slow, *places), one_more)["provisioning_delay"]
    assert (found.verdict, found.points_to) == (verdict, timedelta(minutes=3) if places else None)
    prompt = [*runs(some, CREATED), *runs(estate[4:])]
    one_lost = outage("2026-03-10T09:20", "2026-03-10T09:25", "s0")
    found = calibrate(estate, lose(prompt, *places), one_lost)["provisioning_delay"]
    assert found.verdict == ("supported" if places else "undecided")
