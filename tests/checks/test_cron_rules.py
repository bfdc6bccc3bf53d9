"""MLS107: what standard cron would do, held against croniter minute by minute."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from croniter import croniter
from croniter.croniter import CroniterBadDateError, CroniterError
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule import DefinitionError, check_schedules, load_schedule
from pytest_mlschedule.checks.standard_cron import reads_alike
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.ncrontab import parse_ncrontab

NOW = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
YAML = """\
name: nightly
trigger:
  type: cron
  expression: "{}"
  start_time: "{}"
  time_zone: "Pacific Standard Time"{}
create_job: azureml:score
"""


def findings(expression: str, *, start: str = "2026-01-01T00:00:00", more: str = "", now: datetime = NOW):
    schedule = load_schedule(io.StringIO(YAML.format(expression, start, more)))
    return [item for item in check_schedules(schedule, now=now) if item.code == "MLS107"]


@pytest.mark.parametrize(
    ("expression", "column", "message", "hint"),
    [
        (
            "0 16 1 * *",
            21,
            "standard cron would run this 12 times in the 365 days from 2026-01-04 on, Azure ML runs it 365 times; "
            "first differences (Pacific): Azure ML alone: Sun 2026-01-04 16:00, Mon 2026-01-05 16:00, Tue 2026-01-06 16:00 ...",
            "for what standard cron does use a recurrence trigger: frequency month, interval 1, month_days [1], "
            "hours [16] and minutes [0]",
        ),
        (
            "0 16 1 6 *",
            21,
            "standard cron would run this 1 time in the 365 days from 2026-01-04 on, Azure ML runs it 365 times; "
            "first differences (Pacific): Azure ML alone: Sun 2026-01-04 16:00, Mon 2026-01-05 16:00, Tue 2026-01-06 16:00 ...",
            "for what standard cron does use a recurrence trigger: frequency month, interval 12, a start_time in June, "
            "month_days [1], hours [16] and minutes [0]",
        ),
    ],
)
def test_cr_4_standard_cron_keeps_to_days_and_months(expression, column, message, hint):
    (found,) = findings(expression)
    assert (found.message, found.hint) == (message, hint)
    assert str(found.severity) == "note"
    assert (found.location.line, found.location.column) == (4, column)


def test_cr_4_days_or_weekdays_is_the_rule_of_cron():
    """2026: February 13, March 13 and November 13 are Fridays, on which both run."""
    (found,) = findings("0 9 13 * FRI")
    assert found.message == (
        "standard cron would run this 61 times in the 365 days from 2026-01-04 on, Azure ML runs it 52 times; first differences "
        "(Pacific): standard cron alone: Tue 2026-01-13 09:00, Mon 2026-04-13 09:00, Wed 2026-05-13 09:00 ..."
    )
    assert found.hint.startswith("standard cron runs on the days of DAYS and on those of DAYS-OF-WEEK: ")


def test_cr_4_weekdays_of_a_month():
    (found,) = findings("0 9 * 6 MON,FRI")
    assert found.hint == (
        "for what standard cron does use a recurrence trigger: frequency month, interval 12, a start_time in June, "
        "week_days [monday, friday], hours [9] and minutes [0]"
    )


def test_cr_4_every_day_of_a_month():
    assert "a start_time in June, month_days 1 to 31, hours [9]" in findings("0 9 * 6 *")[0].hint


@pytest.mark.parametrize(
    ("expression", "theirs", "ours", "cron_alone", "plain"),
    [
        ("0 22-2 * * *", "1,825", "7,665", "Sun 2026-01-04 23:00, Mon 2026-01-05 00:00, Mon 2026-01-05 01:00 ...", "0 0-2,22,23 * * *"),
        ("0 0 * * FRI-MON", "209", "260", "Sat 2026-01-10 00:00, Sun 2026-01-11 00:00, Sat 2026-01-17 00:00 ...", "0 0 * * 0,1,5,6"),
        ("0 9 * * Mon-Sun", "365", "105", "Tue 2026-01-06 09:00, Wed 2026-01-07 09:00, Thu 2026-01-08 09:00 ...", "0 9 * * *"),
    ],
)  # fmt: skip
def test_cr_2_standard_cron_wraps_ranges_around(expression, theirs, ours, cron_alone, plain):
    (found,) = findings(expression)
    assert found.message.startswith(
        f"standard cron would run this {theirs} times in the 365 days from 2026-01-04 on, Azure ML runs it {ours} times; "
    )
    assert found.message.endswith(f"standard cron alone: {cron_alone}")
    assert found.hint == f'for what standard cron does write "{plain}", which both read alike'


def test_cr_2_other_times_as_often():
    (found,) = findings("45-15 9 * * *")  # NCrontab: 15 to 45; cron: 45 to 59 and 0 to 15
    assert found.message == (
        "standard cron would run this at other times, 11,315 times in the 365 days from 2026-01-04 on as Azure ML; first "
        "differences (Pacific): Azure ML alone: Mon 2026-01-05 09:16, Mon 2026-01-05 09:17, Mon 2026-01-05 09:18 ...; "
        "standard cron alone: Mon 2026-01-05 09:00, Mon 2026-01-05 09:01, Mon 2026-01-05 09:02 ..."
    )
    assert (found.location.line, found.location.column) == (4, 16)


def test_cr_2_what_croniter_rejects_as_a_whole(monkeypatch):
    monkeypatch.setattr("pytest_mlschedule.checks.cron.read_standard_cron", lambda expression: None)
    (found,) = findings("0 9 1 * *")
    assert found.message == "standard cron would reject '0 9 1 * *'; Azure ML takes it"


@pytest.mark.parametrize("expression", ["0 9 * * *,1", "5-5 9 * * *", "009 9 * * *", "0 9 * * xyz"])
def test_cr_2_where_it_is_not_plain_croniter_is_asked(expression):
    assert not reads_alike(expression)


def test_cr_3_standard_cron_knows_names_of_three_letters_alone():
    (found,) = findings("0 9 * * Monday")
    assert found.message == "standard cron would reject 'Monday' in DAYS-OF-WEEK; Azure ML takes it"
    assert found.hint == 'both read "0 9 * * 1" as Azure ML reads this'
    assert (found.location.line, found.location.column) == (4, 24)


def test_cr_2_standard_cron_rejects_a_step_of_zero():
    (found,) = findings("0-2/0 9 * * 1-3,5")
    assert found.message == "standard cron would reject '0-2/0' in MINUTES; Azure ML takes it"
    assert found.hint == 'both read "0-2 9 * * 1-3,5" as Azure ML reads this'


@pytest.mark.parametrize(
    "expression",
    ["0 9 * * *", "*/5 9-17 * * MON-FRI", "5/15 */2 * * sun,sat", "0 9 1-31 * *", "0 9 * jan-dec *", "0 9 */1 1/1 0-6", "0 9 * * 0,2-4/2"],
)  # fmt: skip
def test_cr_5_nothing_to_say_where_both_agree(expression):
    assert findings(expression) == []


def test_st_5_differences_after_the_end_do_not_count():
    december = "0 9 * 1-11 *"
    assert findings(december)[0].message.endswith(
        "Azure ML alone: Tue 2026-12-01 09:00, Wed 2026-12-02 09:00, Thu 2026-12-03 09:00 ..."
    )
    assert findings(december, more='\n  end_time: "2026-12-01T08:59:59"') == []
    (found,) = findings(december, more='\n  end_time: "2026-12-02T09:00:00"')
    assert found.message.endswith("Azure ML alone: Tue 2026-12-01 09:00, Wed 2026-12-02 09:00")


def test_st_5_the_year_begins_with_a_start_ahead():
    (found,) = findings("0 9 31 * *", start="2027-03-30T09:00:01")
    assert found.message.endswith(
        "Azure ML alone: Thu 2027-04-01 09:00, Fri 2027-04-02 09:00, Sat 2027-04-03 09:00 ..."
    )


def test_cr_4_recurrences_are_no_cron():
    schedule = load_schedule(
        {"name": "n", "trigger": {"type": "recurrence", "frequency": "day", "interval": 1}, "create_job": "azureml:j"}
    )
    assert "MLS107" not in {item.code for item in check_schedules(schedule, now=NOW)}


def test_croniter_is_imported_for_expressions_that_need_it_alone():
    """It costs a tenth of a second."""
    code = (
        "import sys, io\n"
        "from datetime import UTC, datetime\n"
        "from pytest_mlschedule import check_schedules, load_schedule\n"
        "text = 'name: n\\ntrigger: {type: cron, expression: \"%s\"}\\ncreate_job: azureml:j\\n'\n"
        "for expression in ('*/5 9-17 * * MON-FRI', '0 9 1 * *'):\n"
        "    check_schedules(load_schedule(io.StringIO(text % expression)), now=datetime(2026, 1, 1, tzinfo=UTC))\n"
        "    print('croniter' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def cron_field(low: int, high: int, names: tuple[str, ...] = ()) -> st.SearchStrategy[str]:
    value = st.integers(low, high).map(str) | (st.sampled_from(names) if names else st.nothing())
    item = st.one_of(
        st.just("*"),
        value,
        st.tuples(value, value).map("-".join),
        st.tuples(st.just("*") | value | st.tuples(value, value).map("-".join), st.integers(0, 70).map(str)).map(
            "/".join
        ),
    )
    return st.lists(item, min_size=1, max_size=2).map(",".join)


NAMES = ("sun", "MON", "Tue", "wed", "thu", "FRI", "sat", "Monday", "t")
EXPRESSIONS = st.tuples(
    st.sampled_from(
        ["0", "30", "5-5", "1-3", "3-1", "50/9", "59-1/2", "4,2", "*/40", "0-2/0"]
    ),  # few: times are compared one by one
    cron_field(0, 23),
    st.just("*") | cron_field(1, 31),
    st.just("*") | cron_field(1, 12, ("jan", "Jul", "DEC", "ju")),
    st.just("*") | cron_field(0, 6, NAMES),
).map(" ".join)
FIRST, LAST = datetime(2026, 1, 5), datetime(2027, 1, 4)  # 365 days, the last one included


def by_croniter(expression: str) -> set[datetime] | None:
    """Every naive wall time of the year, as croniter itself steps through it day by day; None where it rejects it.

    A field of minutes or hours does not depend on the date, so one day tells its times, and the first time of a day that runs
    tells the day.
    """
    try:
        iterator = croniter(expression, FIRST - timedelta(minutes=1), ret_type=datetime)
    except CroniterError:
        return None
    times: list[timedelta] | None = None
    found = set()
    try:
        moment = iterator.get_next()
        while moment < LAST + timedelta(days=1):
            day = datetime(moment.year, moment.month, moment.day)
            if times is None:
                times = []
                while moment < day + timedelta(days=1):
                    times.append(moment - day)
                    moment = iterator.get_next()
            found |= {day + time for time in times}
            iterator.set_current(day + timedelta(days=1, minutes=-1), force=True)
            moment = iterator.get_next()
    except CroniterBadDateError:  # never, or not any more
        pass
    return found


@settings(max_examples=60, deadline=None)
@given(EXPRESSIONS)
def test_cr_4_a_difference_is_reported_if_and_only_if_croniter_differs(expression):
    if parse_ncrontab(expression)[0] is None:
        with pytest.raises(DefinitionError):
            CronTrigger(expression)
        return
    trigger = CronTrigger(expression, start_time="2026-01-05T00:00:00")
    schedule = load_schedule(
        {"name": "n", "trigger": {"type": "cron", "expression": expression, "start_time": trigger.start_time}, "create_job": "azureml:j"}
    )  # fmt: skip
    found = [item for item in check_schedules(schedule, now=NOW) if item.code == "MLS107"]
    theirs = by_croniter(expression)
    if theirs is None:
        assert "would reject" in found[0].message
        return
    table = trigger.timetable(created_at=NOW)
    ours = {moment.replace(tzinfo=None) for moment in table.between(NOW, NOW + timedelta(days=365))}
    assert bool(found) == (ours != theirs)
    for item in found:
        assert not reads_alike(expression)
        for who, alone in (("Azure ML alone: ", ours - theirs), ("standard cron alone: ", theirs - ours)):
            first = ", ".join(f"{wall:%a %Y-%m-%d %H:%M}" for wall in sorted(alone)[:3])
            assert (who + first in item.message) if alone else (who not in item.message)
