"""What a newcomer gets wrong with ``mlschedule estimate``, and what it prints then: never a traceback, always a way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runs import run
from cost_files import CONFIG, MARCH, NIGHTLY, PRICES, estimate, ran, write, write_estate


@pytest.fixture(autouse=True)
def _estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_estate()


FETCH = "  hint: curl 'https://prices.azure.com/api/retail/prices?$filter=...' > prices.json (docs/how-to/prices.md)"
EXPORT = "  hint: make it with: az ml job list -o json > jobs.json"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not JSON", ["bad.json:1:1: MLS003 is not valid JSON: expecting value",
                      "  hint: save what curl prints as it is; an error page of a proxy is no JSON either"]),
        ("", ["bad.json:1:1: MLS003 is not valid JSON: expecting value",
              "  hint: save what curl prints as it is; an error page of a proxy is no JSON either"]),
        ({"a": 1}, ["bad.json:1:1: MLS009 is no price list but a mapping with a: a page of the Azure Retail Prices API is a mapping with Items", FETCH]),
        ([ran("nightly")], ["bad.json:1:1: MLS009 is no price list but a list of mappings with name, display_name, status, type, "
                            "properties and creation_context: a page of the Azure Retail Prices API is a mapping with Items", FETCH]),
        ({"Items": [{**PRICES["Items"][0], "retailPrice": "cheap"}]},  # type: ignore[index]
         ["bad.json:1:76: MLS008 Items[0].retailPrice: must be a number, not text ('cheap')"]),
    ],
)  # fmt: skip
def test_a_price_file_that_is_none(text: object, said: list[str]) -> None:
    write("bad.json", text)
    result = estimate("--prices", "bad.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == said


def test_an_empty_price_list() -> None:
    write("empty.json", {"Items": []})
    result = estimate("--prices", "empty.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "empty.json:1:11: MLS009 no prices: Items is empty",
        "  hint: the values of a $filter are case-sensitive: 'Virtual Machines', 'eastus', 'Standard_DS3_v2'",
    ]


@pytest.mark.parametrize("option", ["--prices", "--history"])
def test_a_file_that_is_not_there(option: str) -> None:
    result = estimate(option, "nowhere.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "mlschedule: nowhere.json: no such file or directory\n"


def test_an_address_instead_of_a_file() -> None:
    result = estimate("--prices", "https://prices.azure.com/api/retail/prices")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "mlschedule: https://prices.azure.com/api/retail/prices: nothing here goes to the network: "
        "save what the address returns, and give the file\n"
    )


@pytest.mark.parametrize("key", ["prices", "history"])
def test_a_configured_file_that_is_not_there(key: str) -> None:
    write("mlschedule.toml", f'{key} = ["nowhere.json"]\n{CONFIG}')
    result = estimate()
    assert (result.exit_code, result.stderr) == (2, "mlschedule: nowhere.json: no such file or directory\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ({"a": 1}, "jobs.json:1:1: MLS008 must be a list of jobs, not an object without name and display_name"),
        (PRICES, "jobs.json:1:1: MLS008 must be a list of jobs, not prices"),
        (3, "jobs.json:1:1: MLS008 must be a list of jobs, not a number (3)"),
        ("no JSON", "jobs.json:1:1: MLS003 is not valid JSON: expecting value"),
    ],
)
def test_a_history_that_is_none(text: object, said: str) -> None:
    write("jobs.json", text)
    result = estimate("--prices", "prices.json", "--history", "jobs.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [said, EXPORT]


def test_a_history_of_nothing_is_fine_and_said() -> None:
    write("jobs.json", [])
    result = estimate("--prices", "prices.json", "--history", "jobs.json")
    assert result.exit_code == 0
    assert "- history: 0 completed runs were measured" in result.stdout.splitlines()


def test_jobs_that_cannot_be_read_are_noted() -> None:
    broken = {**ran("nightly"), "creation_context": {"created_at": "yesterday"}}
    write("jobs.json", [broken, ran("nightly", day=2)])
    result = estimate("--prices", "prices.json", "--history", "jobs.json")
    assert result.exit_code == 0
    assert result.stderr.startswith("jobs.json:1:2: MLS")
    assert "'yesterday'" in result.stderr


@pytest.mark.parametrize(
    ("currency", "said"),
    [
        (
            "EUR",
            [
                "prices.json:1:11: MLS009 no prices in 'EUR': they are in USD",
                "  hint: fetch them with currencyCode='EUR', or ask for USD",
            ],
        ),
        (
            "dollars",
            [
                "prices.json:1:11: MLS009 no prices in 'DOLLARS': they are in USD",
                "  hint: fetch them with currencyCode='DOLLARS', or ask for USD",
            ],
        ),
    ],
)
def test_a_currency_that_there_is_not(currency: str, said: list[str]) -> None:
    result = estimate("--prices", "prices.json", "--currency", currency)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == said


def test_several_currencies() -> None:
    euros = [{**item, "currencyCode": "EUR"} for item in PRICES["Items"]]  # type: ignore[union-attr]
    write("both.json", {"Items": [*PRICES["Items"], *euros]})  # type: ignore[misc]
    result = estimate("--prices", "both.json")
    assert (result.exit_code, result.stderr.splitlines()) == (
        2,
        [
            "both.json:1:11: MLS009 the prices are in EUR and USD, and none is asked for",
            '  hint: say which: currency = "EUR"',
        ],
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--trials", "-1"), "Error: Invalid value for '--trials': -1 is not in the range 0<=x<=100000."),
        (("--trials", "many"), "Error: Invalid value for '--trials': 'many' is not a valid integer range."),
        (("--trials", "100001"), "Error: Invalid value for '--trials': 100001 is not in the range 0<=x<=100000."),
        (("--seed", "x"), "Error: Invalid value for '--seed': 'x' is not a valid integer."),
        (
            ("-o", "html"),
            "Error: Invalid value for '-o' / '--output': 'html' is not one of 'table', 'json', 'markdown', 'csv'.",
        ),
        (("--for", "1d"), "Error: --to and --for both say where the window ends; give one of them"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], said: str) -> None:
    result = estimate(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "yesterday"), "Error: Invalid value for '--from': 'yesterday' is not a time"),
        (
            ("--from", "2026-04-01", "--to", "2026-03-01"),
            "Error: the window ends at 2026-03-01T00:00:00Z, before it starts at 2026-04-01T00:00:00Z",
        ),
        (
            ("--to", "9999-01-01"),
            "Error: Invalid value for '--to': 9999-01-01T00:00:00+00:00 is outside the supported years",
        ),
        (("--for", "a month"), "Error: Invalid value for '--for': 'a month' is not a duration"),
    ],
)
def test_windows_that_are_none(arguments: tuple[str, ...], said: str) -> None:
    result = run("estimate", "schedules", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1].startswith(said)


def test_no_paths() -> None:
    result = run("estimate", *MARCH)
    assert result.exit_code == 2
    assert (
        "Missing argument 'PATHS...'. Name schedule files or folders, or set paths in mlschedule.toml" in result.stderr
    )


@pytest.mark.parametrize(
    ("path", "code", "said"),
    [
        (
            "pipelines/fit-model.yml",
            1,
            "pipelines/fit-model.yml:1:1: MLS010 this is a job, not a schedule: it has no trigger and no create_job",
        ),
        ("nowhere", 2, "mlschedule: nowhere: no such file or directory"),
        (
            "pipelines",
            2,
            "mlschedule: no schedules in pipelines: a schedule is YAML or JSON with trigger and create_job",
        ),
    ],
)
def test_paths_that_hold_no_schedule(path: str, code: int, said: str) -> None:
    result = run("estimate", path, *MARCH)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.splitlines()[0] == said


def test_a_schedule_with_an_error() -> None:
    write("schedules/nightly.yml", NIGHTLY.replace("30 2", "99 2"))
    result = estimate("--prices", "prices.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "schedules/nightly.yml:3:36: MLS102 trigger.expression: minute 99 is not in 0-59" in result.stderr


def test_schedules_of_the_same_name() -> None:
    write("schedules/other.yml", NIGHTLY)
    result = estimate("--prices", "prices.json")
    assert result.exit_code == 1
    assert "nightly" in result.stderr


def test_a_configuration_with_errors_says_each_at_its_place() -> None:
    write("mlschedule.toml", CONFIG.replace('"45m"', "45").replace("region", "location"))
    result = estimate("--prices", "prices.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "mlschedule.toml:3:1: MLS006 computes.cpu.location: the key 'location' is not known here",
        "  hint: allowed: idle_minutes, max_nodes, min_nodes, nodes_per_run, region, size, tier",
        "mlschedule.toml:6:11: MLS008 durations.nightly: has no unit: a number (45)",
        '  hint: write "45m", or {p50 = "30m", p95 = "1h"}: numbers with d, h, m or s',
    ]


def test_tables_that_belong_into_pyproject() -> None:
    write("mlschedule.toml", "# costs\n" + CONFIG.replace("[", "[tool.mlschedule."))
    result = estimate("--prices", "prices.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "mlschedule.toml:2:2: MLS006 tool: the key 'tool' is not known here",
        "  hint: in mlschedule.toml the tables stand at the top: [computes.cpu], not [tool.mlschedule.computes.cpu]",
    ]


def test_a_size_that_the_prices_do_not_know() -> None:
    write("mlschedule.toml", CONFIG.replace("Standard_A", "Standard_AA"))
    result = estimate("--prices", "prices.json")
    assert result.exit_code == 0
    assert (
        "- nightly: no price for Standard_AA in eastus, tier dedicated; hint: the price files know Standard_A; "
        "fetch it: $filter=armRegionName eq 'eastus' and armSkuName eq 'Standard_AA'"
    ) in result.stdout.splitlines()
