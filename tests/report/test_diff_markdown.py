"""The comment on a pull request: as a Markdown renderer sees it, within the limit, whatever files hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, Plan, PlanDiff, diff_plans, plan_runs
from pytest_mlschedule.diagnostics import Location, error, note
from pytest_mlschedule.report.diff_markdown import LIMIT, MARKER, write_markdown

START = datetime(2026, 3, 1, tzinfo=UTC)
HTML = {"<details>", "</details>", MARKER}


def build(name: str, expression: str = "0 9 * * *", end: str | None = None, **job: object) -> JobSchedule:
    return JobSchedule(
        name=name, trigger=CronTrigger(expression, "2026-01-01T00:00:00", end), create_job=PipelineJob(**job)
    )


def plan(*schedules: JobSchedule, days: int = 30) -> Plan:
    return plan_runs(schedules, START, START + timedelta(days=days))


def size(text: str) -> int:
    """As GitHub counts."""
    return len(text.encode("utf-16-le")) // 2


def parse(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(text)


def tables(text: str) -> Iterator[list[list[str]]]:
    """Every table as rows of cells; code as the code's content."""
    rows: list[list[str]] = []
    for token in parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows and token.level > 0:
            children = token.children or []
            rows[-1].append("".join(child.content for child in children if child.type in ("text", "code_inline")))
        elif token.type == "table_close":
            yield rows
            rows = []


BEFORE = (
    build("nightly", inputs={"date": "${{creation_context.trigger_time}}", "q": "a|b"}, compute="cpu"),
    build("gone"),
    build("kept"),
    build("ending", end="2027-01-01T00:00:00"),
)
AFTER = (
    build("nightly", "0 10 * * 1-5", inputs={"date": "${{name}}", "q": "`c` | d"}, compute="gpu"),
    build("fresh", "0 1 1 * 1"),
    build("kept"),
    build("ending", end="2028-01-01T00:00:00"),
)
WHOLE = """\
<!-- mlschedule-diff -->
### Schedules: 1 added, 1 removed, 2 changed, 1 unchanged; runs 120 → 86 (-34)

Runs from 2026-03-01T00:00:00Z to 2026-03-31T00:00:00Z.

| | schedule | change | runs | |
| --- | --- | --- | --- | --- |
| `~` | `ending` | changed | 30 | no run changes in this window; after it some do, first at 2027-01-01T09:00:00Z |
| `+` | `fresh` | added | 0 → 5 (+5) | runs every Monday at 01:00 UTC (the 1 in DAYS is ignored by Azure ML: 52 runs a year, not 1.7) |
| `-` | `gone` | removed | 30 → 0 (-30) | runs every day at 09:00 UTC |
| `~` | `nightly` | changed | 30 → 21 (-9) | 21 runs moved by 1 h (later), 9 runs lost |

<details>
<summary><code>ending</code> changed: runs 30</summary>

- no run changes in this window; after it some do, first at 2027-01-01T09:00:00Z

| field | old | new |
| --- | --- | --- |
| `trigger.end_time` | `2027-01-01T00:00:00` | `2028-01-01T00:00:00` |

</details>

<details>
<summary><code>fresh</code> added: runs 0 → 5 (+5)</summary>

- when: runs every Monday at 01:00 UTC (the 1 in DAYS is ignored by Azure ML: 52 runs a year, not 1.7)

First runs:

- Mon 2026-03-02 01:00 UTC (2026-03-02T01:00:00Z)
- Mon 2026-03-09 01:00 UTC (2026-03-09T01:00:00Z)
- Mon 2026-03-16 01:00 UTC (2026-03-16T01:00:00Z)
- Mon 2026-03-23 01:00 UTC (2026-03-23T01:00:00Z)
- Mon 2026-03-30 01:00 UTC (2026-03-30T01:00:00Z)

</details>

<details>
<summary><code>gone</code> removed: runs 30 → 0 (-30)</summary>

- when: runs every day at 09:00 UTC

First runs:

- Sun 2026-03-01 09:00 UTC (2026-03-01T09:00:00Z)
- Mon 2026-03-02 09:00 UTC (2026-03-02T09:00:00Z)
- Tue 2026-03-03 09:00 UTC (2026-03-03T09:00:00Z)
- Wed 2026-03-04 09:00 UTC (2026-03-04T09:00:00Z)
- Thu 2026-03-05 09:00 UTC (2026-03-05T09:00:00Z)

</details>

<details>
<summary><code>nightly</code> changed: runs 30 → 21 (-9)</summary>

- before: runs every day at 09:00 UTC
- after: runs Monday to Friday at 10:00 UTC
- 21 runs moved by 1 h (later), 9 runs lost

| field | old | new |
| --- | --- | --- |
| `trigger.expression` | `"0 9 * * *"` | `"0 10 * * 1-5"` |
| `inputs.date` | `${{creation_context.trigger_time}}` | `${{name}}` |
| `inputs.q` | `"a\\|b"` | ``"`c` \\| d"`` |
| `compute` | `cpu` | `gpu` |

First changes:

- Sun 2026-03-01 09:00 UTC → no run (2026-03-01T09:00:00Z)
- Mon 2026-03-02 09:00 UTC → Mon 2026-03-02 10:00 UTC (2026-03-02T09:00:00Z → 2026-03-02T10:00:00Z)
- Tue 2026-03-03 09:00 UTC → Tue 2026-03-03 10:00 UTC (2026-03-03T09:00:00Z → 2026-03-03T10:00:00Z)
- Wed 2026-03-04 09:00 UTC → Wed 2026-03-04 10:00 UTC (2026-03-04T09:00:00Z → 2026-03-04T10:00:00Z)
- Thu 2026-03-05 09:00 UTC → Thu 2026-03-05 10:00 UTC (2026-03-05T09:00:00Z → 2026-03-05T10:00:00Z)

</details>

1 schedule unchanged.
"""


def whole() -> PlanDiff:
    return diff_plans(plan(*BEFORE), plan(*AFTER))


def test_the_whole_comment() -> None:
    assert write_markdown(whole()) == WHOLE
    assert write_markdown(whole()).splitlines()[0] == MARKER


def test_the_same_plans_give_the_same_bytes() -> None:
    again = diff_plans(plan(*reversed(BEFORE)), plan(*reversed(AFTER)))
    assert write_markdown(again).encode() == write_markdown(whole()).encode()


def test_a_renderer_sees_tables_and_folded_parts() -> None:
    text = write_markdown(whole())
    summary, *others = tables(text)
    assert [row[1] for row in summary] == ["schedule", "ending", "fresh", "gone", "nightly"]
    assert {len(row) for row in summary} == {5}
    assert others[-1][3] == ["inputs.q", '"a|b"', '"`c` | d"']
    blocks = [token.content for token in parse(text) if token.type == "html_block"]
    assert blocks[0].strip() == MARKER
    assert [block.split("\n")[0] for block in blocks[1:]] == ["<details>", "</details>"] * 4
    assert all(block.endswith("</summary>\n") for block in blocks[1::2])


def test_months_are_a_table_where_there_are_several() -> None:
    found = diff_plans(plan(build("a"), days=800), plan(build("a", "0 9 * * 1"), days=800))
    _, _, months = tables(write_markdown(found))
    assert months[:2] == [["month (UTC)", "old", "new", ""], ["2026-03", "31", "5", "-26"]]
    assert len(months) == 25
    assert "\nAnd 3 months more.\n" in write_markdown(found)


def test_daylight_saving_time_stands_apart() -> None:
    other = JobSchedule(name="a", trigger=CronTrigger("0 9 * * *", "2026-01-01T00:00:00", None, "GMT Standard Time"), create_job=PipelineJob())  # fmt: skip
    text = write_markdown(diff_plans(plan(build("a")), plan(other)))
    assert "2 runs move by 1 h (earlier) while daylight saving time is on |" in text
    assert "\nFirst change by daylight saving time:\n\n- Sun 2026-03-29 09:00 UTC → Sun 2026-03-29 09:00 BST (" in text
    assert "First changes" not in text


def test_nothing_changes() -> None:
    text = write_markdown(diff_plans(plan(build("a")), plan(build("a"))))
    assert list(tables(text)) == []
    assert text.startswith(f"{MARKER}\n### Schedules: 1 unchanged; runs 30\n")
    assert text.endswith("No schedule changes what it does.\n\n1 schedule unchanged.\n")


def test_a_changed_value_alone_is_counted_in_the_table() -> None:
    text = write_markdown(diff_plans(plan(build("a")), plan(build("a", compute="gpu"))))
    assert "| `~` | `a` | changed | 30 | 1 field changed |\n" in text


def test_many_fields_are_cut() -> None:
    text = write_markdown(
        diff_plans(plan(build("a")), plan(build("a", inputs={f"x{index}": index for index in range(50)})))
    )
    assert "| `inputs.x39` | `(not set)` | `39` |\n\nAnd 10 fields more.\n" in text


def test_findings_stand_above_the_schedules() -> None:
    found = [error("MLS701", "42 runs a day, 10 allowed | <b>").at(Location("a.yml", 3, 1)), note("MLS703", "x" * 1000)]
    text = write_markdown(whole(), found)
    assert "\n- error: `a.yml:3:1: MLS701 42 runs a day, 10 allowed \\| <b>`\n- note: `MLS703 xxx" in text
    assert text.index("MLS701") < text.index("| schedule |")
    assert max(map(len, text.splitlines())) < 500
    many = write_markdown(whole(), [found[0]] * 25)
    assert many.count("MLS701") == 10
    assert "\n- and 15 findings more\n" in many


NASTY = [
    "@octocat", "<script>alert(1)</script>", "a|b", "a\\|b", "\\", "`", "``", "`|`", "[x](http://e.example)", "![x](y)", "</details>",
    "<!-- mlschedule-diff -->", "a\nb", "\n\n# title", "| --- |", "~~~", "```", "*b* _i_", "&lt;", "\u202e", "\x00", "#1", " ", "", "😀",
]  # fmt: skip


def check_nothing_gets_out(text: str) -> None:
    """No HTML but ours, no links, no headings, no mentions outside of code."""
    for token in parse(text):
        assert token.type not in ("link_open", "fence", "code_block", "hr", "blockquote_open")
        if token.type == "html_block":
            lines = [
                line
                for line in token.content.splitlines()
                if not re.fullmatch(r"<summary><code>[^<>]*</code>[^<>@]*</summary>", line)
            ]
            assert {*lines} <= HTML
        for child in token.children or []:
            assert child.type in ("text", "code_inline", "html_inline", "softbreak", "hardbreak", "text_special"), child
            if child.type == "html_inline":
                assert child.content in ("<code>", "</code>")
            if child.type == "text":
                assert "@" not in child.content or "<code>" in token.content
    headings = [token for token in parse(text) if token.type == "heading_open"]
    assert len(headings) == 1


def named(name: str, made: Plan) -> Plan:
    """A saved plan whose only schedule has any name at all."""
    data = made.to_dict()
    data["schedules"] = {name: next(iter(data["schedules"].values()))}
    for run in data["runs"]:
        run["schedule"] = name
    return Plan.from_dict(data)


@pytest.mark.parametrize("text", NASTY)
def test_what_files_hold_means_nothing_to_markdown(text: str) -> None:
    old = plan(build("a", inputs={"v": "old"}, tags={"t": text}))
    new = plan(build("a", inputs={"v": text, f"k{text}": 1}, tags={"t": "x"}))
    comment = write_markdown(diff_plans(old, new), [error("MLS701", f"say {text}")])
    check_nothing_gets_out(comment)
    _, fields = tables(comment)
    assert {len(row) for row in fields} == {3}
    assert len(fields) == 4
    renamed = write_markdown(diff_plans(named(text, plan(build("a"))), named(text, plan(build("a", "0 10 * * *")))))
    check_nothing_gets_out(renamed)


def test_a_bar_after_a_backslash_is_written_as_entities() -> None:
    """GitHub ends the cell there, other renderers do not: no back quotes, no bar."""
    comment = write_markdown(diff_plans(plan(build("a")), plan(build("a", inputs={"v": "a\\|b"}))))
    assert "| <code>&#34;a&#92;&#92;&#124;b&#34;</code> |\n" in comment


@given(st.text(st.sampled_from("`|\\<>@*_[]()#\n ab&;"), max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_text_stays_in_its_cell(value: str) -> None:
    comment = write_markdown(diff_plans(plan(build("a"), days=2), plan(build("a", inputs={"v": value}), days=2)))
    check_nothing_gets_out(comment)
    _, fields = tables(comment)
    assert [len(row) for row in fields] == [3, 3]
    assert fields[1][0] == "inputs.v"


@pytest.mark.parametrize("emoji", ["", "😀" * 60])
def test_a_thousand_changed_schedules_fit(emoji: str) -> None:
    old = [build(f"schedule-with-a-name-{index:04}", inputs={"x": f"{emoji}old"}) for index in range(1000)]
    new = [
        build(f"schedule-with-a-name-{index:04}", "0 10 * * 1-5", inputs={"x": f"{emoji}new"}) for index in range(1000)
    ]
    text = write_markdown(diff_plans(plan(*old), plan(*new)), [error("MLS701", "x" * 1000)] * 30)
    assert LIMIT - 3000 < size(text) <= LIMIT
    shown = text.count("\n| `~` |")
    folded = text.count("<details>")
    assert text.count("</details>") == folded > 10
    assert f"{1000 - shown} schedules left out of the table, the details of {1000 - folded}.\n" in text
    assert text.endswith(
        "`mlschedule diff` without `-o markdown` prints all of it, in the log of this job too where it does so.\n"
    )
    assert text.startswith(MARKER)
    summary = next(tables(text))
    assert len(summary) == shown + 1
    check_nothing_gets_out(text)


def test_details_alone_may_be_left_out() -> None:
    old = [build(f"s{index:03}") for index in range(100)]
    new = [
        build(f"s{index:03}", "0 10 * * *", inputs={f"x{number}": "y" * 150 for number in range(20)})
        for index in range(100)
    ]
    text = write_markdown(diff_plans(plan(*old), plan(*new)))
    folded = text.count("<details>")
    assert size(text) <= LIMIT
    assert text.count("\n| `~` |") == 100
    assert f"Too much for one comment: the details of {100 - folded} schedules are left out.\n" in text


def test_another_limit() -> None:
    text = write_markdown(whole(), limit=10_000)
    assert text == WHOLE
    old, new = (
        plan(*(build(f"s{index}") for index in range(200))),
        plan(*(build(f"s{index}", "0 1 * * *") for index in range(200))),
    )
    assert size(write_markdown(diff_plans(old, new), limit=10_000)) <= 10_000


def test_long_names_are_cut() -> None:
    name = "n" * 255
    text = write_markdown(diff_plans(plan(build(name)), plan(build(name, "0 10 * * *"))))
    assert f"`{'n' * 80}…`" in text
    assert f"<code>{'n' * 80}…</code>" in text
