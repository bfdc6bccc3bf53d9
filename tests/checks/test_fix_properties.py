"""Files in any layout: the fixed text is known beforehand, because the mistakes were put in on purpose."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import chain

from fixing_runs import CRON, MemoryFiles, check_in, fix_all, fix_text
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.diagnostics import Severity
from pytest_mlschedule.schedules.loader import load_schedule
from pytest_mlschedule.triggers.ncrontab import MONTHS, WEEKDAYS, parse_ncrontab

quick = settings(deadline=None, max_examples=120)

COMMENTS = st.sampled_from(["", "# plain", "#é😀 'quoted' \"too\"", "# time_zone: Europe/Paris", "# a # b: [c, {d"])
QUOTES = st.sampled_from(["", "'", '"'])


@dataclass(frozen=True)
class Slot:
    """A part of the text: with its mistake, and as it is after fixing."""

    bad: str
    good: str


def same(text: str) -> Slot:
    return Slot(text, text)


@st.composite
def values(draw: st.DrawFn, pairs: list[tuple[str, str]]) -> Slot:
    quote = draw(QUOTES)
    bad, good = draw(st.sampled_from(pairs))
    return Slot(f"{quote}{bad}{quote}", f"{quote}{good}{quote}")


KEYS = {
    "start_time": ["start_time", "startTime", "Start-Time", "start_times"],
    "time_zone": ["time_zone", "timezone", "TimeZone", "time-zone"],
    "schedule": ["schedule", "pattern", "Schedule"],
    "week_days": ["week_days", "weekdays", "weekDay"],
    "hours": ["hours", "hour", "Hours"],
    "minutes": ["minutes", "minute"],
}
ZONES = [("Europe/Paris", "Romance Standard Time"), ("Tokyo", "Tokyo Standard Time"), ("UTC", "UTC"), ("japan", "Tokyo Standard Time")]  # fmt: skip
DAYS = [("Mon", "monday"), ("fridays", "friday"), ("sunday", "sunday"), ("Thurs", "thursday")]
EXPRESSIONS = [
    ("0 22-2 * * *", "0 2-22 * * *"),
    ("0 9 * * 5-7", "0 9 * * 5-6,0"),
    ("30 2 * * S", "30 2 * * SUN"),
    ("5-3 9 ? * t-7", "3-5 9 * * tue-6,0"),
    ("0 9 * * *", "0 9 * * *"),
]
STARTS = [("2026-03-01 10:00:00", '"2026-03-01T10:00:00"'), ("'2026-03-01t10:00'", "'2026-03-01T10:00'"), ("'2026-01-01T00:00:00'", "'2026-01-01T00:00:00'")]  # fmt: skip
JOBS = [("AZUREML:score", "azureml:score"), ("azureml:score", "azureml:score")]


@st.composite
def lines(draw: st.DrawFn, key: str, value: Slot, indent: str) -> list[Slot]:
    """A key and its value with what people put around them."""
    around = draw(st.lists(COMMENTS.map(lambda comment: same(f"{indent}{comment}".rstrip() + "\n")), max_size=2))
    name = draw(st.sampled_from(KEYS.get(key, [key])))
    gap, comment = draw(st.sampled_from([" ", "   "])), draw(COMMENTS)
    end = f"{draw(st.sampled_from([' ', '  ']))}{comment}\n" if comment else "\n"
    return [*around, Slot(f"{indent}{name}:{gap}{value.bad}{end}", f"{indent}{key}:{gap}{value.good}{end}")]


@st.composite
def triggers(draw: st.DrawFn, indent: str) -> list[list[Slot]]:
    shared = [
        draw(lines("start_time", Slot(*draw(st.sampled_from(STARTS))), indent)),
        draw(lines("time_zone", draw(values(ZONES)), indent)),
    ]
    if draw(st.booleans()):
        kind = [draw(lines("type", same("cron"), indent)), draw(lines("expression", draw(values(EXPRESSIONS)), indent))]
    else:
        day = draw(values(DAYS))
        hours, minutes, week_days = (draw(st.sampled_from(KEYS[key])) for key in ("hours", "minutes", "week_days"))
        pattern = Slot(
            f"{{{hours}: [9, 1], {minutes}: 0 , {week_days}: [{day.bad}] }}",
            f"{{hours: [9, 1], minutes: 0 , week_days: [{day.good}] }}",
        )
        frequency = draw(values([("weeks", "week"), ("Weekly", "week"), ("week", "week")]))
        kind = [
            draw(lines("type", same("recurrence"), indent)),
            draw(lines("frequency", frequency, indent)),
            draw(lines("interval", same("1"), indent)),
            draw(lines("schedule", pattern, indent)),
        ]
    return list(draw(st.permutations([*shared, *kind])))


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A schedule file with mistakes, and what it is to become."""
    indent = draw(st.sampled_from(["  ", "    "]))
    trigger = [same("trigger:\n"), *chain.from_iterable(draw(triggers(indent)))]
    job = Slot(*draw(st.sampled_from(JOBS)))
    blocks = [draw(lines("name", same("nightly"), "")), trigger, draw(lines("create_job", job, ""))]
    slots = list(chain.from_iterable(draw(st.permutations(blocks))))
    ending, mark = draw(st.sampled_from(["\n", "\r\n"])), draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    complete = draw(st.booleans())

    def assemble(parts: list[str]) -> bytes:
        text = "".join(parts).replace("\n", ending)
        return mark + (text if complete else text.removesuffix(ending)).encode()

    return assemble([slot.bad for slot in slots]), assemble([slot.good for slot in slots])


@quick
@given(files())
def test_mistakes_are_mended_and_every_other_byte_stays(case: tuple[bytes, bytes]) -> None:
    bad, good = case
    fixed = fix_all({"a.yml": bad})
    after = fixed.files[0].after if fixed.files else bad
    assert after == good
    assert [item for item in fixed.checked.result.findings if item.severity is Severity.ERROR] == []
    again = fix_all({"a.yml": after})
    assert again.files == again.fixes == ()


RANDOM_ITEMS = st.one_of(
    st.integers(0, 8).map(str),
    st.tuples(st.integers(0, 8), st.integers(0, 8), st.sampled_from(["", "/2"])).map(lambda it: f"{it[0]}-{it[1]}{it[2]}"),
    st.tuples(*[st.sampled_from([name[:length] for name in (*WEEKDAYS, *MONTHS) for length in (1, 2, 3)])] * 2).map("-".join),
    st.sampled_from(["*", "?", "s", "M", "ju", "*/3"]),
)  # fmt: skip
RANDOM_FIELDS = st.lists(RANDOM_ITEMS, min_size=1, max_size=3).map(",".join)


@quick
@given(st.lists(RANDOM_FIELDS, min_size=5, max_size=5).map(" ".join))
def test_rewriting_ranges_and_names_never_changes_what_an_expression_means(expression: str) -> None:
    before, _ = parse_ncrontab(expression)
    text = CRON.format(f'"{expression}"')
    fixed = fix_text(text)
    if before is not None:  # only MLS104 and MLS105 have a fix in what loads
        after, said = parse_ncrontab(fixed.split('"')[1])
        assert after == before
        assert {item.code for item in said} <= {"MLS103"}
        loaded = [load_schedule(io.StringIO(one)).trigger for one in (text, fixed)]
        assert [trigger.fields for trigger in loaded] == [before, before]
    errors = [count_errors(one) for one in (text, fixed)]
    assert errors[1] <= errors[0]
    assert fix_text(fixed) == fixed


def count_errors(text: str) -> int:
    found = check_in(MemoryFiles({"a.yml": text}), "a.yml").result.findings
    return sum(item.severity is Severity.ERROR for item in found)


@quick
@given(st.text("abc:{}[]#&*!|>'\"%@,- \t\n?$07", max_size=40), st.text("abc:{}[]#&*!|>'\"%@,- \t\n?$07", max_size=40))
def test_odd_texts_are_fixed_to_something_that_is_no_worse(first: str, last: str) -> None:
    text = f"{first}\nname: n\ntrigger: {{type: cron, expression: '0 22-2 * * S', timezone: Pacific}}\ncreate_job: azureml:x\n{last}"
    before, after = (text, fix_text(text))
    assert count_errors(after) <= count_errors(before)
    assert fix_text(after) == after
