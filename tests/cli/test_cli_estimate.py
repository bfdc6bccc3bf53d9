"""``mlschedule estimate``: each format, what is unknown, history and trials."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from cli_runs import run
from cost_files import CONFIG, HOURLY, MARCH, PRICES, TRIGGER, document, estimate, ran, write, write_estate


@pytest.fixture(autouse=True)
def _estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_estate()


ASSUMED = [
    "prices: prices.json as of 2021-11-01, USD, those that count on 2026-03-01, without taxes",
    "cpu: 0.36 a node and hour: Virtual Machines A Series, A, eastus, from 2021-11-01",
    "Logic Apps: 2 built-in actions each time a schedule fires (assumed)",
    "Logic Apps: Logic Apps, Consumption Built-in Actions, eastus, from 2021-11-01",
    "Logic Apps: the first 4,000 executions of a month are free by the price list, in each calendar month of UTC "
    "that the window touches, and nothing else uses them",
    "nodes: 1 a run where neither the job nor nodes_per_run says how many: nightly",
]


def test_the_contract_of_the_document() -> None:
    found = document()
    # 31 runs x 2,700 s x 0.0001 = 8.37; 62 executions are free.
    assert found["window"] == {"start": "2026-03-01T00:00:00Z", "end": "2026-04-01T00:00:00Z"}
    assert (found["currency"], found["total"]) == ("USD", "8.37")
    (one,) = found["schedules"]
    assert (one["name"], one["runs"], one["total"]) == ("nightly", 31, "8.37")
    assert (one["compute"]["node_hours"], one["compute"]["cost"]) == (23.25, "8.37")
    assert one["logic_app"] == {"executions": 62, "cost": "0.00"}
    assert found["assumptions"] == ASSUMED


def test_a_table() -> None:
    result = estimate("--prices", "prices.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "schedule     runs  duration  compute  nodes  node hours  compute cost  logic app  total",
        "nightly        31       45m  cpu          1       23.25          8.37       0.00   8.37",
        "---------------------------------------------------------------------------------------",
        "total (USD)    31                                 23.25          8.37       0.00   8.37",
        "",
        "from 2026-03-01T00:00:00Z to 2026-04-01T00:00:00Z",
        "",
        "computes:",
        "- cpu: at most 1 node asked for at a time: first at 2026-03-01T02:30:00Z, by nightly",
        "",
        "taken for granted:",
        *(f"- {sentence}" for sentence in ASSUMED),
    ]


def test_markdown() -> None:
    lines = estimate("--prices", "prices.json", "-o", "markdown").stdout.splitlines()
    assert lines[:8] == [
        "### Estimate: 8.37 USD for 31 runs",
        "",
        "From 2026-03-01T00:00:00Z to 2026-04-01T00:00:00Z.",
        "",
        "| schedule | runs | duration | compute | nodes | node hours | compute cost | logic app | total |",
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |",
        "| `nightly` | 31 | 45m | cpu | 1 | 23.25 | 8.37 | 0.00 | 8.37 |",
        "| `total (USD)` | 31 |  |  |  | 23.25 | 8.37 | 0.00 | 8.37 |",
    ]
    assert "- nodes: 1 a run where neither the job nor nodes\\_per\\_run says how many: nightly" in lines


def test_csv() -> None:
    text = estimate("--prices", "prices.json", "-o", "csv").stdout
    (row,) = csv.DictReader(io.StringIO(text))
    assert row == {
        "schedule": "nightly",
        "runs": "31",
        "computes": "cpu",
        "nodes": "1",
        "duration_seconds": "2700",
        "node_hours": "23.25",
        "idle_node_hours": "0.0",
        "compute_cost": "8.37",
        "logic_app_executions": "62",
        "logic_app_cost": "0.00",
        "total": "8.37",
        "currency": "USD",
        "region": "eastus",
        "prices_as_of": "2021-11-01",
        "reason": "",
    }


def test_cents_are_rounded_from_exact_amounts() -> None:
    # A run of 135 s costs 0.0135, which is shown as 0.01; three of them cost 0.0405, and not 0.03.
    for name in "abc":
        write(f"schedules/{name}.yml", HOURLY.replace("hourly", name).replace("0 * * * *", "0 5 * * *"))
    write("mlschedule.toml", CONFIG.replace('nightly = "45m"', '"?" = "135s"'))
    result = run(
        "estimate",
        *(f"schedules/{name}.yml" for name in "abc"),
        "--from",
        "2026-03-01",
        "--for",
        "1d",
        "--prices",
        "prices.json",
    )
    totals = [line.split()[-1] for line in result.stdout.splitlines()[1:6] if not line.startswith("---")]
    assert totals == ["0.01", "0.01", "0.01", "0.04"]


def test_unknown_is_no_failure() -> None:
    write("schedules/other.yml", f"name: other\n{TRIGGER}create_job: azureml:somewhere\n")
    result = estimate("--prices", "prices.json")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[2].split() == ["other", "31", *["unknown"] * 5, "0.00", "unknown"]
    assert lines[4].split() == ["total", "(USD)", "62", "unknown", "unknown", "0.00", "8.37", "+", "unknown"]
    assert (
        "- other: the job 'somewhere' of the workspace is not known here; hint: say what it is (--jobs on the command line)"
        in lines
    )
    found = document()
    other = found["schedules"][1]
    assert (other["compute"]["cost"], other["total"], found["total"], found["known_total"]) == (
        None,
        None,
        None,
        "8.37",
    )
    assert other["compute"]["reason"] == "the job 'somewhere' of the workspace is not known here"


def test_without_anything_the_runs_are_counted() -> None:
    result = run("estimate", "schedules", *MARCH, "--no-config")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    # 62 executions are free, whatever one costs.
    assert lines[1].split() == ["nightly", "31", "unknown", "cpu", *["unknown"] * 3, "0.00", "unknown"]
    assert lines[7:14] == [
        "not known:",
        '- nightly: no duration of its runs is known; hint: add it to [durations], as "nightly" = "45m", or give a history of jobs',
        "",
        "taken for granted:",
        "- Logic Apps: 2 built-in actions each time a schedule fires (assumed)",
        "- Logic Apps: the first 4,000 executions of a month are taken as free, in each calendar month of UTC that the window "
        "touches, and nothing else uses them",
        "- cpu: runs of nightly are not in its load, nobody knows how long they take",
    ]


def test_a_price_file_without_logic_apps() -> None:
    write("prices.json", {"Items": [PRICES["Items"][0]], "NextPageLink": None})  # type: ignore[index]
    found = document()
    (one,) = found["schedules"]
    assert (one["logic_app"], found["total"]) == ({"executions": 62, "cost": "0.00"}, "8.37")
    # Every 5 minutes of March: 8,928 x 2 executions are more than 4,000; of April, nothing is known to run.
    write("schedules/often.yml", HOURLY.replace("hourly", "often").replace("0 * * * *", "*/5 * * * *"))
    write("mlschedule.toml", CONFIG + 'often = "30s"\n')
    found = document()
    (often,) = (one for one in found["schedules"] if one["name"] == "often")
    assert (often["runs"], often["logic_app"]["executions"], often["logic_app"]["cost"]) == (8_928, 17_856, None)
    assert often["logic_app"]["reason"] == (
        "no price for an execution of a built-in action of Logic Apps (Consumption) in eastus"
    )
    # All share the grant: nobody knows what the executions of nightly cost then. Of compute it is known: 26.784 + 8.37.
    assert (often["compute"]["cost"], found["total"], found["known_total"]) == ("26.784", None, "35.154")


def test_nodes_that_are_always_on_and_idle() -> None:
    write(
        "mlschedule.toml",
        CONFIG.replace("[durations]", "min_nodes = 1\nidle_minutes = 10\nnodes_per_run = 2\n[durations]"),
    )
    found = document()
    (one,), (load,) = found["schedules"], found["computes"]
    # 31 x (2 x 2,700 s + 600 s) = 186,000 s; the second node stays for ten minutes. Always on: 31 days less what is used.
    assert (one["compute"]["cost"], one["compute"]["idle_node_hours"]) == ("18.60", 31 / 6)
    assert load["waiting_cost"] == "259.47"  # (2,678,400 - 83,700) x 0.0001
    assert found["total"] == "278.07"
    lines = estimate("--prices", "prices.json").stdout.splitlines()
    assert lines[2].split() == ["(cpu", "always", "on)", "cpu", "720.75", "259.47", "259.47"]


def test_durations_are_learnt_from_a_history() -> None:
    write("mlschedule.toml", CONFIG.replace('nightly = "45m"', ""))
    write(
        "jobs.json", [ran("nightly", day=1), ran("nightly", day=2), ran("nightly", day=3, minutes=5, status="Failed")]
    )
    found = document("--history", "jobs.json")
    assert found["total"] == "8.37"
    assert found["schedules"][0]["compute"]["duration_from"] == "measured, 2 runs of nightly"
    assert [text for text in found["assumptions"] if text.startswith("history")] == [
        "history: 2 completed runs were measured; 1 failed and 0 canceled ones are left out, every planned run is taken to complete"
    ]
    # What is configured counts more.
    write("mlschedule.toml", CONFIG.replace("45m", "90m"))
    assert document("--history", "jobs.json")["total"] == "16.74"


def test_histories_and_prices_may_be_several_and_configured() -> None:
    write("history/a.json", [ran("nightly")])
    write("history/b.json", [ran("hourly", minutes=10)])
    write("schedules/hourly.yml", HOURLY)
    write("more/prices.json", PRICES)
    listed = 'prices = ["more"]\nhistory = ["history/a.json", "history/b.json"]\n'
    write("mlschedule.toml", listed + CONFIG.partition("[durations]")[0])
    # 8.37 + 744 x 600 s x 0.0001 = 53.01
    configured = json.loads(estimate("-o", "json").stdout)
    assert configured["total"] == "53.01"
    assert configured["prices"]["files"] == ["more/prices.json"]
    asked = document("--history", "history/a.json", "--history", "history/b.json")
    assert (asked["total"], asked["prices"]["files"]) == ("53.01", ["prices.json"])
    # Options count before the configuration.
    alone = document("--history", "history/a.json")
    assert alone["schedules"][0]["reason"] == "no duration of its runs is known"


def test_a_misspelt_name_in_durations_is_told_where_a_pattern_fits() -> None:
    write("mlschedule.toml", CONFIG.replace('nightly = "45m"', 'nighly = "1h"\n"night*" = "45m"'))
    found = document()
    assert found["total"] == "8.37"
    assert "durations: 'nighly' is used for no run; did you mean 'nightly'?" in found["assumptions"]


def spread(*arguments: str) -> Any:
    return document(*arguments)["simulation"]


def test_trials() -> None:
    assert spread() is None  # nothing differs
    write("mlschedule.toml", CONFIG.replace('"45m"', '{p50 = "45m", p95 = "2h"}'))
    by_default = spread()
    assert (by_default["trials"], by_default["seed"]) == (200, 0)
    assert spread("--trials", "0") is None
    few = spread("--trials", "50", "--seed", "3")
    assert (few["trials"], few["seed"]) == (50, 3)
    assert spread("--trials", "50", "--seed", "3") == few
    assert spread("--trials", "50", "--seed", "4") != few
    assert float(few["bill"]["p50"]) < float(few["bill"]["p95"])
    assert document("--trials", "0")["total"] == document()["total"] == "8.37"


def test_trials_of_what_does_not_differ() -> None:
    assert spread("--trials", "5")["bill"] == {"p50": "8.37", "p95": "8.37"}


def test_trials_are_shown() -> None:
    write("mlschedule.toml", CONFIG.replace('"45m"', '{p50 = "45m", p95 = "2h"}'))
    lines = estimate("--prices", "prices.json", "--trials", "50", "--seed", "3").stdout.splitlines()
    bill = spread("--trials", "50", "--seed", "3")["bill"]
    at = lines.index("spread:")
    assert lines[at + 1 : at + 4] == [
        "- 50 trials with seed 3: at most the first figure in half of them, the second in 95 of 100",
        f"- bill: {float(bill['p50']):.2f} / {float(bill['p95']):.2f} USD",
        "- cpu: peak of 1 / 1 nodes asked for; longest wait 0s / 0s",
    ]
    assert "spread:" not in estimate("--prices", "prices.json", "--trials", "0").stdout


def test_many_runs_are_not_tried_unless_asked() -> None:
    write("schedules/often.yml", HOURLY.replace("hourly", "often").replace("0 * * * *", "* * * * *"))
    write("mlschedule.toml", CONFIG.replace('nightly = "45m"', '"*" = {p50 = "45s", p95 = "2m"}'))
    assert spread() is None  # 44,671 runs
    assert spread("--trials", "1")["trials"] == 1


def test_the_window() -> None:
    def of(*arguments: str) -> Any:
        result = run(
            "estimate", "schedules", "--prices", "prices.json", "-o", "json", "--now", "2026-03-01", *arguments
        )
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    assert of()["window"] == {"start": "2026-03-01T00:00:00Z", "end": "2026-03-31T00:00:00Z"}  # 30 days from now on
    assert of("--for", "1d")["schedules"][0]["runs"] == 1
    assert of("--from", "2028-02-01", "--to", "2028-03-01")["schedules"][0]["runs"] == 29
    assert (
        of("--zone", "Asia/Tokyo", "--from", "2026-03-01", "--for", "1d")["window"]["start"] == "2026-02-28T15:00:00Z"
    )
    write("mlschedule.toml", 'window = "2d"\n' + CONFIG)
    assert of()["window"]["end"] == "2026-03-03T00:00:00Z"
    nothing = of("--from", "2026-03-01", "--to", "2026-03-01")
    assert (nothing["total"], nothing["schedules"][0]["runs"]) == ("0.00", 0)


def test_disabled_schedules_are_said_and_cost_nothing() -> None:
    exported = {
        "name": "stopped",
        "is_enabled": False,
        "provisioning_state": "Succeeded",
        "trigger": {"type": "cron", "expression": "0 5 * * *", "start_time": "2026-01-01T00:00:00", "time_zone": "UTC"},
        "create_job": "azureml:train",
    }
    write("schedules/stopped.json", exported)
    found = document()
    (stopped,) = (one for one in found["schedules"] if one["name"] == "stopped")
    assert (stopped["runs"], stopped["total"]) == (0, "0.00")
    assert found["total"] == "8.37"


def test_schedules_may_come_from_stdin() -> None:
    text = Path("schedules/nightly.yml").read_text().replace("../pipelines", "pipelines")
    result = run("estimate", "-", *MARCH, "--prices", "prices.json", "-o", "json", text=text)
    assert json.loads(result.stdout)["total"] == "8.37"


def test_currencies() -> None:
    euros = [{**item, "currencyCode": "EUR", "retailPrice": item["retailPrice"] * 2} for item in PRICES["Items"]]  # type: ignore[index]
    write("prices.json", {"Items": [*PRICES["Items"], *euros]})  # type: ignore[misc]
    assert (document("--currency", "eur")["currency"], document("--currency", "EUR")["total"]) == ("EUR", "16.74")
    write("mlschedule.toml", 'currency = "USD"\n' + CONFIG)
    assert document()["total"] == "8.37"
    assert document("--currency", "EUR")["total"] == "16.74"  # the option counts more


def test_a_price_factor_and_the_terms_of_logic_apps() -> None:
    terms = 'price_factor = "0.5"\n' + CONFIG + "[logic_app]\nactions_per_run = 10\nfree_executions = 110\n"
    write("mlschedule.toml", terms)
    found = document()
    # 310 executions, 200 of them at 0.000025, the half: 0.0025; and half of 8.37.
    assert found["schedules"][0]["logic_app"] == {"executions": 310, "cost": "0.0025"}
    assert found["total"] == "4.1875"
    assert "Logic Apps: 10 built-in actions each time a schedule fires" in found["assumptions"]
    assert "prices: multiplied by 0.5 (price_factor)" in found["assumptions"]
