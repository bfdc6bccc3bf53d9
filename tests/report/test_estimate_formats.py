"""An estimate as a table, as Markdown, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from estimate_values import CPU, always_on, crowded, estimate, known, outlook, unknown

from pytest_mlschedule.costs.estimate import ComputeEstimate, Estimate
from pytest_mlschedule.report.estimate_csv import COLUMNS, write_csv
from pytest_mlschedule.report.estimate_json import write_json
from pytest_mlschedule.report.estimate_markdown import write_markdown
from pytest_mlschedule.report.estimate_table import write_table
from pytest_mlschedule.report.estimate_words import HEADINGS

SMALL = estimate(known(), unknown(), computes=(always_on(),), assumptions=("this", "that `x` and nodes_per_run"))


def table(found: Estimate, width: int | None = None) -> list[str]:
    return "".join(write_table(found, width)).split("\n")


def test_a_table() -> None:
    assert table(SMALL) == [
        "schedule         runs  duration  compute    nodes  node hours  compute cost  logic app            total",
        "nightly            31       45m  cpu            1       28.42         12.35      <0.01            12.35",
        "weekly              4   unknown  unknown  unknown     unknown       unknown    unknown          unknown",
        "(cpu always on)                  cpu                   100.00          5.00                        5.00",
        "-------------------------------------------------------------------------------------------------------",
        "total (USD)        35                                 unknown       unknown    unknown  17.35 + unknown",
        "",
        "from 2026-03-01T00:00:00Z to 2026-04-01T00:00:00Z",
        "",
        "not known:",
        "- weekly: nobody knows; hint: ask",
        "- weekly: no price of actions; hint: fetch it",
        "",
        "taken for granted:",
        "- this",
        "- that `x` and nodes_per_run",
        "",
    ]


def test_a_table_of_nothing() -> None:
    assert table(estimate()) == [
        "schedule     runs  duration  compute  nodes  node hours  compute cost  logic app  total",
        "---------------------------------------------------------------------------------------",
        "total (USD)     0                                  0.00          0.00       0.00   0.00",
        "",
        "from 2026-03-01T00:00:00Z to 2026-04-01T00:00:00Z",
        "",
    ]


@pytest.mark.parametrize(
    ("width", "left_out"),
    [
        (103, []),
        (102, ["nodes"]),
        (93, ["duration", "nodes"]),
        (80, ["duration", "nodes", "logic app"]),
        (70, ["duration", "nodes", "compute cost", "logic app"]),
        (58, ["duration", "compute", "nodes", "compute cost", "logic app"]),
        (45, ["duration", "compute", "nodes", "node hours", "compute cost", "logic app"]),
    ],
)
def test_a_narrow_terminal_does_without_columns_and_says_so(width: int, left_out: list[str]) -> None:
    lines = table(SMALL, width)
    assert max(map(len, lines)) <= width
    assert re.split("  +", lines[0]) == [heading for heading in HEADINGS if heading not in left_out]
    hint = f"; left out: {', '.join(left_out)}" if left_out else ""
    assert " ".join("\n".join(lines).split()).count(f"from 2026-03-01T00:00:00Z to 2026-04-01T00:00:00Z{hint}") == 1


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_long_names_are_shortened_in_a_terminal_and_whole_elsewhere(width: int) -> None:
    name = "a" * 60 + "-" + "z" * 60
    found = estimate(known(name), known("short"), computes=(always_on("c" * 100),))
    lines = table(found, width)
    assert max(map(len, lines)) <= width
    assert re.match("a{5,}…z{5,} ", lines[1])
    assert lines[2].startswith("short ")
    assert table(found)[1].split()[:3] == [name, "31", "45m"]


def test_a_terminal_too_narrow_for_anything() -> None:
    lines = table(estimate(known("n" * 30)), 5)
    assert lines[1].split() == ["nnnnnn…nnnnn", "31", "12.35"]


def test_names_of_any_script_do_not_break_a_table() -> None:
    found = estimate(known("nachtlauf-ü"), replace(known(), name="夜間"), computes=(always_on("グループ"),))
    assert any(line.startswith("(グループ always on)") for line in table(found, 80))


def test_markdown() -> None:
    found = replace(
        SMALL,
        outlook=outlook(),
        computes=(*SMALL.computes, ComputeEstimate(name="c", compute=CPU, load=crowded(), waiting_cost=Decimal(0))),
    )
    assert write_markdown(found) == (
        "### Estimate: 17.35 + unknown USD for 35 runs\n"
        "\n"
        "From 2026-03-01T00:00:00Z to 2026-04-01T00:00:00Z.\n"
        "\n"
        "| schedule | runs | duration | compute | nodes | node hours | compute cost | logic app | total |\n"
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |\n"
        "| `nightly` | 31 | 45m | cpu | 1 | 28.42 | 12.35 | \\<0.01 | 12.35 |\n"
        "| `weekly` | 4 | unknown | unknown | unknown | unknown | unknown | unknown | unknown |\n"
        "| `(cpu always on)` |  |  | cpu |  | 100.00 | 5.00 |  | 5.00 |\n"
        "| `total (USD)` | 35 |  |  |  | unknown | unknown | unknown | 17.35 + unknown |\n"
        "\n"
        "Not known:\n"
        "\n"
        "- weekly: nobody knows; hint: ask\n"
        "- weekly: no price of actions; hint: fetch it\n"
        "\n"
        "Computes:\n"
        "\n"
        "- c: at most 3 nodes asked for at a time, of 2 that it has: first at 2026-03-01T00:00:30Z, by a (2) and b\n"
        "- c: 1 of 3 runs wait for nodes, at most 59m30s (a, 2026-03-01T00:00:30Z)\n"
        "- c: 3 runs start in one minute, once, first at 2026-03-01T00:00:00Z: a (2) and b\n"
        "\n"
        "Spread:\n"
        "\n"
        "- 50 trials with seed 7: at most the first figure in half of them, the second in 95 of 100\n"
        "- bill: 10.00 / 1,234.57 USD\n"
        "- cpu: peak of 3 / 5 nodes asked for; longest wait 0s / 1h30m\n"
        "\n"
        "Taken for granted:\n"
        "\n"
        "- this\n"
        "- that \\`x\\` and nodes\\_per\\_run\n"
    )


def test_markdown_of_one_run_without_a_currency() -> None:
    one = replace(known(), runs=1)
    assert write_markdown(estimate(one, currency=None)).startswith("### Estimate: 12.35 for 1 run\n")


def test_markdown_of_names_that_mean_something_there() -> None:
    text = write_markdown(estimate(replace(known(), compute=replace(known().compute, names=("a|b", "*c*")))))
    assert "| a\\|b, \\*c\\* |" in text


def test_csv_reads_back_with_exact_money() -> None:
    found = estimate(
        known(), unknown(), computes=(always_on(), always_on("gpu", None, waiting=None, reason="no price"))
    )
    rows = list(csv.DictReader(io.StringIO(write_csv(found))))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0] == {
        "schedule": "nightly",
        "runs": "31",
        "computes": "cpu",
        "nodes": "1",
        "duration_seconds": "2700",
        "node_hours": str(31 * 3_300 / 3_600),
        "idle_node_hours": str(31 * 600 / 3_600),
        "compute_cost": "12.3456",
        "logic_app_executions": "62",
        "logic_app_cost": "0.001",
        "total": "12.3466",
        "currency": "USD",
        "region": "",
        "prices_as_of": "",
        "reason": "",
    }
    empty = (
        "computes",
        "nodes",
        "duration_seconds",
        "node_hours",
        "idle_node_hours",
        "compute_cost",
        "logic_app_cost",
        "total",
    )
    assert {rows[1][name] for name in empty} == {""}
    assert (rows[1]["runs"], rows[1]["logic_app_executions"], rows[1]["reason"]) == ("4", "8", "nobody knows")
    assert [(row["schedule"], row["computes"], row["node_hours"], row["total"], row["reason"]) for row in rows[2:]] == [
        ("compute cpu", "cpu", "100.0", "5.00", ""),
        ("compute gpu", "gpu", "", "", "no price"),
    ]


def test_csv_has_no_row_for_computes_that_cost_nothing_of_their_own() -> None:
    found = estimate(known(), computes=(ComputeEstimate(name="cpu", waiting=0, waiting_cost=Decimal(0)),))
    assert write_csv(found).count("\n") == 2


def test_json_is_the_document_as_text() -> None:
    text = write_json(estimate(known("nächtlich"), assumptions=("ü",)))
    assert text.endswith("}\n")
    assert "nächtlich" in text
    assert json.loads(text) == estimate(known("nächtlich"), assumptions=("ü",)).to_dict()
