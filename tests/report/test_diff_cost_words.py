"""What a change costs, as people read it: text, Markdown as a renderer sees it, JSON. Prices are those of priced_files.

Runs take an hour; in March a daily schedule on a node of 0.36 costs 31 x 0.36 = 11.16, on one of 1.80 it costs 55.80.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from markdown_it import MarkdownIt
from priced_files import PAGE

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, Plan, diff_plans, plan_runs
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.estimate import Estimate
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.rates import Rates
from pytest_mlschedule.costs.run_durations import RunDurations, read_duration
from pytest_mlschedule.costs.settings import CostSettings
from pytest_mlschedule.diagnostics import error
from pytest_mlschedule.planning.diff_costs import Cost, CostChange, CostDiff, diff_costs
from pytest_mlschedule.report.diff_cost_words import CostWords
from pytest_mlschedule.report.diff_json import write_json
from pytest_mlschedule.report.diff_markdown import LIMIT, MARKER, write_markdown
from pytest_mlschedule.report.diff_text import write_text

CPU = Compute(name="cpu", size="Standard_A", region="eastus")
GPU = Compute(name="gpu", size="Standard_B", region="eastus")
PRICES = PriceList.from_data(PAGE, source="prices.json")
REMARK = "both sides are counted alike"


def rates(*computes: Compute, durations: Mapping[str, str] | None = None, prices: PriceList | None = PRICES) -> Rates:
    known = {"*": "1h"} if durations is None else durations
    return Rates(
        prices=prices,
        durations=RunDurations(configured={key: read_duration(value) for key, value in known.items()}),
        settings=CostSettings(computes={one.name: one for one in computes or (CPU, GPU)}),
    )


HOURLY = rates()


def daily(name: str, expression: str = "0 3 * * *", compute: str = "cpu", **job: object) -> JobSchedule:
    trigger = CronTrigger(expression, "2026-01-01T00:00:00", None, "UTC")
    return JobSchedule(name=name, trigger=trigger, create_job=PipelineJob(compute=compute, **job))


def march(*schedules: JobSchedule) -> Plan:
    return plan_runs(schedules, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))


BEFORE = march(daily("gone", "0 3 * * MON"), daily("kept"), daily("moved"))
AFTER = march(daily("fresh", "0 3 * * MON", compute="tpu"), daily("kept"), daily("moved", compute="gpu"))


def words(old: Plan = BEFORE, new: Plan = AFTER, made_with: Rates = HOURLY) -> CostWords:
    return CostWords(diff_costs(old, new, made_with, REMARK))


def text(old: Plan = BEFORE, new: Plan = AFTER, made_with: Rates = HOURLY) -> str:
    costs = words(old, new, made_with)
    return "".join([*write_text(diff_plans(old, new), None, costs), *costs.write_notes()])


def markdown(old: Plan = BEFORE, new: Plan = AFTER, made_with: Rates = HOURLY, **more: Any) -> str:
    return write_markdown(diff_plans(old, new), costs=words(old, new, made_with), **more)


WHOLE = """\
From 2026-03-01T00:00:00Z to 2026-04-01T00:00:00Z:
  + added   - removed   ~ changed   o disabled

+ fresh: runs 0 → 5 (+5)
    cost 0.00 USD → unknown, node hours 0.00 → 5.00 (+5.00): the compute 'tpu' is not described
    when: runs every Monday at 03:00 UTC
    first runs:
      Mon 2026-03-02 03:00 UTC (2026-03-02T03:00:00Z)
      Mon 2026-03-09 03:00 UTC (2026-03-09T03:00:00Z)
      Mon 2026-03-16 03:00 UTC (2026-03-16T03:00:00Z)
      Mon 2026-03-23 03:00 UTC (2026-03-23T03:00:00Z)
      Mon 2026-03-30 03:00 UTC (2026-03-30T03:00:00Z)

- gone: runs 5 → 0 (-5)
    cost 1.80 → 0.00 USD (-1.80), node hours 5.00 → 0.00 (-5.00)
    when: runs every Monday at 03:00 UTC
    first runs:
      Mon 2026-03-02 03:00 UTC (2026-03-02T03:00:00Z)
      Mon 2026-03-09 03:00 UTC (2026-03-09T03:00:00Z)
      Mon 2026-03-16 03:00 UTC (2026-03-16T03:00:00Z)
      Mon 2026-03-23 03:00 UTC (2026-03-23T03:00:00Z)
      Mon 2026-03-30 03:00 UTC (2026-03-30T03:00:00Z)

~ moved: runs 31
    cost 11.16 → 55.80 USD (+44.64), node hours 31.00
    compute  cpu → gpu

1 schedule unchanged
Plan: 1 added, 1 removed, 1 changed, 1 unchanged; runs 67; cost 24.12 → 66.96 + unknown USD (+42.84 of what is known on both sides)

Not known:
  - fresh: the compute 'tpu' is not described

Taken for granted:
"""


def test_the_whole_text() -> None:
    shown = text()
    assert shown.startswith(f"{WHOLE}  - {REMARK}\n  - prices: prices.json")
    assert shown.count("\n  - ") == 1 + len(words().assumptions)


def test_lines_are_wrapped_to_a_terminal() -> None:
    notes = list(words().write_notes(60))
    assert max(map(len, notes)) <= 61
    assert "".join(notes).split() == "".join(words().write_notes()).split()


# Markdown.


def tables(shown: str) -> Iterator[list[list[str]]]:
    """Every table as rows of cells, as a renderer has them."""
    rows: list[list[str]] = []
    for token in MarkdownIt("commonmark").enable("table").parse(shown):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows and token.level > 0:
            rows[-1].append("".join(child.content for child in token.children or []))
        elif token.type == "table_close":
            yield rows
            rows = []


def test_the_table_of_a_comment() -> None:
    table = next(tables(markdown()))
    assert table == [
        ["", "schedule", "change", "runs", "cost (USD)", ""],
        ["+", "fresh", "added", "0 → 5 (+5)", "0.00 → unknown", "runs every Monday at 03:00 UTC"],
        ["-", "gone", "removed", "5 → 0 (-5)", "1.80 → 0.00 (-1.80)", "runs every Monday at 03:00 UTC"],
        ["~", "moved", "changed", "31", "11.16 → 55.80 (+44.64)", "1 field changed"],
        ["", "total", "", "67", "24.12 → 66.96 + unknown (+42.84 of what is known on both sides)", ""],
    ]


def test_the_parts_of_a_comment_in_their_order() -> None:
    shown = markdown()
    parts = [
        MARKER,
        "### Schedules: 1 added, 1 removed, 1 changed, 1 unchanged; runs 67; cost 24.12 → 66.96 + unknown USD (+42.84 of what",
        "Costs are estimates for these runs: old → new (difference). What they take for granted stands below.",
        "| | schedule | change | runs | cost (USD) | |\n| --- | --- | --- | --- | --- | --- |\n",
        "- cost 0.00 USD → unknown, node hours 0.00 → 5.00 (+5.00): `the compute 'tpu' is not described`\n",
        "1 schedule unchanged.",
        "\nNot known:\n\n- `fresh: the compute 'tpu' is not described`\n",
        f"<details>\n<summary>What the costs take for granted</summary>\n\n- `{REMARK}`\n- `prices: prices.json as of 2021-11-01, USD,",
    ]
    assert [shown.index(part) for part in parts] == sorted(shown.index(part) for part in parts)
    assert shown.endswith("`\n\n</details>\n")
    blocks = [token.content for token in MarkdownIt().parse(shown) if token.type == "html_block"]
    assert blocks[-2:] == ["<details>\n<summary>What the costs take for granted</summary>\n", "</details>\n"]


def test_without_costs_nothing_is_said_of_them() -> None:
    found = diff_plans(BEFORE, AFTER)
    for shown in (write_markdown(found), "".join(write_text(found)), write_json(found)):
        assert "cost" not in shown.lower()
        assert "granted" not in shown


def test_what_costs_more_without_being_changed_stands_below() -> None:
    """A node that waits for half an hour is paid by whom it was left (see test_diff_money): 16.74 → 11.16."""
    idling = rates(replace(CPU, idle_seconds=1800, min_nodes=1))
    idling = replace(idling, settings=replace(idling.settings, computes={"cpu": replace(CPU, idle_seconds=1800), "gpu": replace(GPU, min_nodes=1)}))  # fmt: skip
    old = march(daily("a"))
    new = march(daily("a"), daily("b", "0 4 * * *"), daily("c", "0 4 * * MON", compute="gpu"))
    shown = text(old, new, idling)
    # The node of gpu that is always on: 744 x 1.80 = 1,339.20, five hours of which c uses.
    assert (
        "Other cost (USD) that changes:\n"
        "    gpu always on: 1,339.20 → 1,330.20 (-9.00), nodes that are on and not used\n"
        "    a: 16.74 → 11.16 (-5.58), shares nodes or free executions with others\n\n"
        "1 schedule unchanged\n"
        "Plan: 2 added, 1 unchanged; runs 31 → 67 (+36); cost 1,355.94 → 1,367.10 USD (+11.16)\n"
    ) in shown
    assert "Not known" not in shown
    rows = next(tables(markdown(old, new, idling)))[3:]
    assert rows == [
        ["", "gpu always on", "", "", "1,339.20 → 1,330.20 (-9.00)", "nodes that are on and not used"],
        ["=", "a", "unchanged", "31", "16.74 → 11.16 (-5.58)", "shares nodes or free executions with others"],
        ["", "total", "", "31 → 67 (+36)", "1,355.94 → 1,367.10 (+11.16)", ""],
    ]


def test_many_of_them_are_cut() -> None:
    names = [f"s{index:02}" for index in range(14)]
    before = estimate_of(dict.fromkeys(names, "1"))
    after = estimate_of(dict.fromkeys(names, "2"))
    plan = march(*(daily(name) for name in names))
    costs = CostWords(CostDiff(before, after))
    shown = "".join(write_text(diff_plans(plan, plan), None, costs))
    assert (
        "    s09: 1.00 → 2.00 (+1.00), shares nodes or free executions with others\n    and 4 more\n\n14 schedules"
        in shown
    )
    comment = write_markdown(diff_plans(plan, plan), costs=costs)
    assert [row[1] for row in next(tables(comment))[-3:]] == ["s09", "and 4 more", "total"]
    assert "\n\nNo schedule changes what it does.\n\n| | schedule |" in comment


def test_nothing_changes() -> None:
    shown = text(BEFORE, BEFORE)
    assert (
        "\n\nNo schedule changes what it does.\n3 schedules unchanged\nPlan: 3 unchanged; runs 67; cost 24.12 USD\n"
        in shown
    )
    comment = markdown(BEFORE, BEFORE)
    assert list(tables(comment)) == []
    assert comment.startswith(f"{MARKER}\n### Schedules: 3 unchanged; runs 67; cost 24.12 USD\n")
    assert not words(BEFORE, BEFORE).differ
    assert words().differ


def test_without_prices_node_hours_stand_for_money() -> None:
    bare = rates(prices=None)
    shown = text(BEFORE, AFTER, bare)
    assert "+ fresh: runs 0 → 5 (+5)\n    node hours 0.00 → 5.00 (+5.00)\n" in shown
    assert "; runs 67; node hours 67.00\n" in shown
    assert "Not known" not in shown
    assert "cost" not in shown.partition("Taken for granted")[0]
    comment = markdown(BEFORE, AFTER, bare)
    table = next(tables(comment))
    assert table[0][4] == "node hours"
    assert [row[4] for row in table[1:]] == ["0.00 → 5.00 (+5.00)", "5.00 → 0.00 (-5.00)", "31.00", "67.00"]
    assert "Node hours are estimates for these runs" in comment
    assert "<summary>What the node hours take for granted</summary>" in comment
    unknown = words(march(daily("a")), march(daily("a"), daily("b")), rates(durations={"a": "1h"}, prices=None))
    assert unknown.summary == "node hours 31.00 → unknown"
    moved = words(march(daily("a")), march(daily("a"), daily("b", "0 4 * * *")), replace_idle(bare))
    assert [(one.name, one.figures) for one in moved.others({"b"})] == [("a", "46.50 → 31.00 (-15.50)")]


def replace_idle(made_with: Rates) -> Rates:
    computes = {"cpu": replace(CPU, idle_seconds=1800)}
    return replace(made_with, settings=replace(made_with.settings, computes=computes))


# Figures.


def estimate_of(amounts: Mapping[str, str | None]) -> Estimate:
    """An estimate in which schedules cost given amounts; None is unknown."""
    from pytest_mlschedule.costs.estimate import ComputeUse, LogicAppUse, ScheduleEstimate

    schedules = tuple(
        ScheduleEstimate(
            name=name,
            runs=1,
            compute=ComputeUse(cost=None if amount is None else Decimal(amount), reason="" if amount else "why"),
            logic_app=LogicAppUse(executions=0, cost=Decimal(0)),
        )
        for name, amount in amounts.items()
    )
    return Estimate(window=BEFORE.window, currency="USD", schedules=schedules, prices=PRICES)


@pytest.mark.parametrize(
    ("old", "new", "figures"),
    [
        ("12.20", "8.80", "12.20 → 8.80 (-3.40)"),
        ("12.20", "12.20", "12.20"),
        ("1234.5", "2000", "1,234.50 → 2,000.00 (+765.50)"),
        (None, "1", "unknown → 1.00"),
        ("1", None, "1.00 → unknown"),
        (None, None, "unknown"),
        ("0", "0.001", "0.00 → <0.01 (+<0.01)"),
        ("0.001", "0", "<0.01 → 0.00 (-<0.01)"),
        ("0.001", "0.002", "<0.01"),
        # What people see is subtracted: 0.0052 more, and 3.65 → 3.66.
        ("3.6549", "3.6601", "3.65 → 3.66 (+0.01)"),
        ("3.6451", "3.6649", "3.65 → 3.66 (+0.01)"),
    ],
)
def test_figures_of_a_schedule(old: str | None, new: str | None, figures: str) -> None:
    found = CostWords(CostDiff(estimate_of({"a": old}), estimate_of({"a": new})))
    assert found.figures_of("a") == figures
    assert found.reason_of("a") == ("why" if None in (old, new) else "")


@pytest.mark.parametrize(
    ("old", "new", "total"),
    [
        ({"a": "1", "b": "2"}, {"a": "1", "b": "3"}, "3.00 → 4.00 USD (+1.00)"),
        ({"a": "1"}, {"a": "1"}, "1.00 USD"),
        ({"a": "1", "b": None}, {"a": "1", "b": None}, "1.00 + unknown USD"),
        ({"a": "1", "b": None}, {"a": "3", "b": None}, "1.00 + unknown → 3.00 + unknown USD (+2.00 of what is known on both sides)"),
        ({"a": None}, {"a": None}, "unknown USD"),
        ({"a": None}, {"a": "5"}, "unknown → 5.00 USD"),
        ({"a": "1", "b": None}, {"a": "2", "b": "7"}, "1.00 + unknown → 9.00 USD (+1.00 of what is known on both sides)"),
        ({"a": "1.006", "b": None}, {"a": "2.004", "b": None}, "1.01 + unknown → 2.00 + unknown USD (+0.99 of what is known on both sides)"),
        ({"a": "1", "b": None}, {"a": "1.001", "b": None}, "1.00 + unknown USD (+<0.01 of what is known on both sides)"),
    ],
)  # fmt: skip
def test_totals(old: dict[str, str | None], new: dict[str, str | None], total: str) -> None:
    assert CostWords(CostDiff(estimate_of(old), estimate_of(new))).total_in_money == total


def test_what_matters_of_what_does_not_change() -> None:
    old = {"a": "1", "b": "1", "c": None, "d": "1", "e": None, "z": "1"}
    new = {"a": "1.009", "b": "1.01", "c": "1", "d": None, "e": None, "z": "9"}
    found = CostWords(CostDiff(estimate_of(old), estimate_of(new)))
    assert [(one.name, one.figures) for one in found.others({"z"})] == [
        ("b", "1.00 → 1.01 (+0.01)"),
        ("c", "unknown → 1.00"),
        ("d", "1.00 → unknown"),
    ]


def test_reasons_are_told_once() -> None:
    names = dict.fromkeys("abcdefg")
    (line,) = CostWords(CostDiff(estimate_of(names), estimate_of(names))).unknown()
    assert line == "a, b, c, d and 3 more: why"
    (line,) = CostWords(CostDiff(estimate_of({"a": None}), estimate_of({}))).unknown()
    assert line == "a: why"


def test_a_currency_that_nobody_knows() -> None:
    bare = replace(estimate_of({"a": "1"}), currency=None)
    found = CostWords(CostDiff(bare, bare))
    assert (found.heading, found.summary) == ("cost", "cost 1.00")


def test_node_hours_are_subtracted_as_they_are_shown() -> None:
    change = CostChange("a", Cost(Decimal(0), 100_500), Cost(Decimal(0), 196_500))  # 27.9167 and 54.5833 hours
    found = CostWords(CostDiff(estimate_of({}), estimate_of({})))
    object.__getattribute__(found, "_costs").__dict__["schedules"] = {"a": change}
    assert found.sentence_of("a") == "cost 0.00 USD, node hours 27.92 → 54.58 (+26.66)"


# What files hold, and limits.

NASTY = ["@octocat", "<script>alert(1)</script>", "a|b", "a\\|b", "`", "</details>", MARKER, "a\nb", "*b* _i_", "[x](http://e.example)"]  # fmt: skip


@pytest.mark.parametrize("nasty", NASTY)
def test_what_files_hold_means_nothing_to_markdown(nasty: str) -> None:
    found = CostDiff(
        replace(estimate_of({"a": None, nasty: "5"}), assumptions=(f"prices: {nasty}",)),
        replace(estimate_of({"a": None, nasty: "7"}), currency=nasty, assumptions=(f"prices: {nasty}",)),
        nasty,
    )
    data = march(daily("x"), daily("y")).to_dict()
    first, second = data["schedules"]
    data["schedules"] = {"a": data["schedules"][first], nasty: data["schedules"][second]}
    for run in data["runs"]:
        run["schedule"] = "a" if run["schedule"] == first else nasty
    plan = Plan.from_dict(data)
    shown = write_markdown(diff_plans(plan, plan), costs=CostWords(found))
    tokens = MarkdownIt("commonmark").enable("table").parse(shown)
    assert [token.type for token in tokens if token.type in ("heading_open", "table_open", "bullet_list_open")] == [
        "heading_open",
        "table_open",
        "bullet_list_open",
        "bullet_list_open",
    ]
    for token in tokens:
        if token.type == "html_block":
            assert token.content.startswith(
                (MARKER, "<details>\n<summary>What the costs take for granted</summary>", "</details>")
            )
            assert token.content.count("<") <= 3
        for child in token.children or []:
            assert child.type != "text" or "@" not in child.content
            assert child.type in (
                "text",
                "code_inline",
                "html_inline",
                "softbreak",
                "text_special",
                "strong_open",
                "strong_close",
            )
    assert {len(row) for row in next(tables(shown))} == {6}


def test_a_comment_stays_within_the_limit() -> None:
    old = [daily(f"schedule-with-a-name-{index:04}", inputs={"x": "old"}) for index in range(600)]
    new = [
        daily(f"schedule-with-a-name-{index:04}", "0 10 * * 1-5", compute=f"tpu{index}", inputs={"x": "new"})
        for index in range(600)
    ]
    plans = march(*old), march(*new)
    found = diff_costs(*plans, HOURLY, REMARK)
    many = replace(found.new, assumptions=tuple(f"{index}: {'word ' * 70}" for index in range(500)))
    costs = CostWords(CostDiff(found.old, many, REMARK))
    for limit in (LIMIT, 10_000):
        shown = write_markdown(
            diff_plans(*plans), [error("MLS701", "x" * 1000)] * 30 if limit == LIMIT else (), limit, costs
        )
        assert len(shown.encode("utf-16-le")) // 2 <= limit
        assert shown.count("<details>") == shown.count("</details>")
        assert " more: `mlschedule estimate` lists them\n" in shown
        assert "\n- and 595 reasons more\n" in shown
        assert "| **total** |" in shown


def test_the_document_has_costs_of_each_schedule_and_in_total() -> None:
    costs = diff_costs(BEFORE, AFTER, HOURLY, REMARK)
    document = json.loads(write_json(diff_plans(BEFORE, AFTER), {"notes": []}, costs))
    assert {one["name"]: one["cost"]["new"] for one in document["schedules"]} == {
        "fresh": None,
        "gone": "0.00",
        "kept": "11.16",
        "moved": "55.80",
    }
    assert document["total"]["runs"] == {"old": 67, "new": 67}
    assert document["total"]["known_cost"] == {"old": "24.12", "new": "66.96", "difference": "42.84"}
    assert (document["currency"], document["always_on"], document["notes"]) == ("USD", [], [])
    assert document["assumptions"][0] == REMARK
