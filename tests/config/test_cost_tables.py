"""[computes.NAME], [durations], [logic_app] and what else a configuration says about costs: values, and problems at their place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pytest_mlschedule.config.config import Config
from pytest_mlschedule.config.json_schema import config_schema
from pytest_mlschedule.config.reading import read_config
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.settings import CostSettings
from pytest_mlschedule.errors import DefinitionError

FULL = """\
prices = ["prices.json", "more"]
history = "jobs.json"
currency = "EUR"
price_factor = 0.85

[computes.cpu]
size = "Standard_DS3_v2"
region = "eastus"
nodes_per_run = 2
min_nodes = 1
max_nodes = 4
idle_minutes = 10
tier = "low_priority"

[computes."azureml:gpu"]
size = "Standard_NC6s_v3"

[computes.bare]

[durations]
nightly = "45m"
train = {p50 = "30m", p95 = "1h30m"}
"team=ml" = "90s"
"nightly/load" = {p50 = "1h"}
"score-*" = "1d2h"

[logic_app]
actions_per_run = 3
free_executions = 0
region = "westeurope"
"""
COSTS = CostSettings(
    computes={
        "cpu": Compute(
            name="cpu",
            size="Standard_DS3_v2",
            region="eastus",
            nodes_per_run=2,
            min_nodes=1,
            max_nodes=4,
            idle_seconds=600,
            tier="low_priority",
        ),
        "gpu": Compute(name="gpu", size="Standard_NC6s_v3"),
        "bare": Compute(name="bare"),
    },
    durations={
        "nightly": Duration(2_700),
        "train": Duration(1_800, 5_400),
        "team=ml": Duration(90),
        "nightly/load": Duration(3_600),
        "score-*": Duration(26 * 3_600),
    },
    currency="EUR",
    price_factor=Decimal("0.85"),
    actions_per_run=3,
    free_executions=0,
    region="westeurope",
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(text: str, name: str = "mlschedule.toml") -> Config:
    Path(name).write_text(text)
    return read_config(Path(name))


def problems(text: str, name: str = "mlschedule.toml") -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        read(text, name)
    return [line for item in caught.value.diagnostics for line in str(item).split("\n")]


def test_everything() -> None:
    found = read(FULL)
    assert found.costs == COSTS
    assert (found.prices, found.history) == (("prices.json", "more"), ("jobs.json",))


def test_nothing() -> None:
    assert read("").costs == CostSettings()
    assert read("[computes]\n[durations]\n[logic_app]\n").costs == CostSettings()


def test_dashes_stand_for_underscores() -> None:
    text = FULL
    for key in (
        "price_factor",
        "nodes_per_run",
        "min_nodes",
        "max_nodes",
        "idle_minutes",
        "actions_per_run",
        "free_executions",
        "logic_app",
    ):
        text = text.replace(key, key.replace("_", "-"))
    assert text.count("-") > FULL.count("-") + 7
    assert read(text).costs == COSTS


def test_a_table_of_pyproject() -> None:
    nested = FULL.replace("[computes", "[tool.mlschedule.computes").replace("[durations", "[tool.mlschedule.durations")
    nested = f"[tool.mlschedule]\n{nested.replace('[logic_app', '[tool.mlschedule.logic_app')}"
    assert read(nested, "pyproject.toml").costs == COSTS


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("dedicated", "dedicated"),
        ("Dedicated", "dedicated"),
        ("low_priority", "low_priority"),
        ("LowPriority", "low_priority"),
        ("low-priority", "low_priority"),
        ("Low Priority", "low_priority"),
        ("spot", "spot"),
        ("devtest", "dev_test"),
        ("Reserved-1Y", "reserved_1y"),
        ("reserved_3y", "reserved_3y"),
    ],
)
def test_tiers_as_people_write_them(written: str, meant: str) -> None:
    assert read(f'[computes.cpu]\ntier = "{written}"\n').costs.computes["cpu"].tier == meant


@pytest.mark.parametrize(
    ("minutes", "seconds"), [("0", 0), ("10", 600), ("2.5", 150), ("0.001", 0), ("44640", 2_678_400)]
)
def test_idle_minutes(minutes: str, seconds: int) -> None:
    assert read(f"[computes.cpu]\nidle_minutes = {minutes}\n").costs.computes["cpu"].idle_seconds == seconds


@pytest.mark.parametrize(
    ("written", "factor"),
    [("1", "1"), ("0.85", "0.85"), ('"0.85"', "0.85"), ('" 1.10 "', "1.10"), ("10", "10"), ("0.1", "0.1")],
)
def test_price_factors_are_what_is_written(written: str, factor: str) -> None:
    assert read(f"price_factor = {written}\n").costs.price_factor == Decimal(factor)


TIERS = "tiers are dedicated, low_priority, spot, dev_test, reserved_1y and reserved_3y"
FORM = '  hint: write "45m", or {p50 = "30m", p95 = "1h"}: numbers with d, h, m or s'
KEEP = "  hint: keep one: azureml: and the case of a name make no other compute"
UNITS = "is not a duration: write numbers with y, w, d, h, m or s, for example 30d, 2w, 12h, 1h30m, 90s, 1y"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[computes]\ncpu = "Standard_DS3_v2"\n', ["2:7: MLS008 computes.cpu: must be a table, not text ('Standard_DS3_v2')"]),
        ("computes = 3\n", ["1:12: MLS008 computes: must be a table of computes by name, not a number (3)"]),
        ('[computes.cpu]\nvm_size = "x"\n', ["2:1: MLS006 computes.cpu.vm_size: the key 'vm_size' is not known here", "  hint: did you mean 'size'?"]),
        ('[compute.cpu]\nsize = "x"\n', ["1:2: MLS006 compute: the key 'compute' is not known here", "  hint: did you mean 'computes'?"]),
        ('[computes.cpu]\nnodes_per_run = 0\nmin_nodes = -1\nmax_nodes = "4"\n',
         ["2:17: MLS009 computes.cpu.nodes_per_run: must be 1 or more, not 0",
          "3:13: MLS009 computes.cpu.min_nodes: must be 0 or more, not -1",
          "4:13: MLS008 computes.cpu.max_nodes: must be a whole number, not text ('4')"]),
        ('[computes.cpu]\ntier = "cheap"\n', [f"2:8: MLS009 computes.cpu.tier: 'cheap' is no tier: {TIERS}"]),
        ("[computes.cpu]\ntier = 1\n", [f"2:8: MLS009 computes.cpu.tier: 1 is no tier: {TIERS}"]),
        ('[computes.cpu]\nidle_minutes = "10"\n', ["2:16: MLS008 computes.cpu.idle_minutes: must be a number of minutes, not text ('10')"]),
        ("[computes.cpu]\nidle_minutes = true\n", ["2:16: MLS008 computes.cpu.idle_minutes: must be a number of minutes, not a boolean (true)"]),
        ("[computes.cpu]\nidle_minutes = 44641\n", ["2:16: MLS009 computes.cpu.idle_minutes: must be 0 to 44640 minutes, not 44641"]),
        ("[computes.cpu]\nidle_minutes = -1\n", ["2:16: MLS009 computes.cpu.idle_minutes: must be 0 to 44640 minutes, not -1"]),
        ("[computes.cpu]\nidle_minutes = nan\n", ["2:16: MLS009 computes.cpu.idle_minutes: must be 0 to 44640 minutes, not nan"]),
        ("[computes.cpu]\nmin-nodes = 4\nmax_nodes = 2\n", ["2:13: MLS009 computes.cpu.min-nodes: min_nodes (4) is over max_nodes (2)"]),
        ('[computes.cpu]\nsize = "a"\n[computes."azureml:cpu"]\nsize = "b"\n',
         ["3:11: MLS009 computes.azureml:cpu: the compute 'cpu' is described twice, as 'cpu' and as 'azureml:cpu'", KEEP]),
        ('[computes.cpu]\nsize = "a"\n[computes.CPU]\nsize = "b"\n',
         ["3:11: MLS009 computes.CPU: the compute 'CPU' is described twice, as 'cpu' and as 'CPU'", KEEP]),
        ('[durations]\nnightly = "999999d"\n', ["2:11: MLS009 durations.nightly: a run takes at most 366 days, not 999,999", FORM]),
        ("[durations]\nnightly = 45\n", ["2:11: MLS008 durations.nightly: has no unit: a number (45)", FORM]),
        ('[durations]\nnightly = "45"\n', [f"2:11: MLS009 durations.nightly: '45' {UNITS}"]),
        ('[durations]\nnightly = "45 minutes"\n', [f"2:11: MLS009 durations.nightly: '45 minutes' {UNITS}"]),
        ('[durations]\nnightly = "00:45"\n', [f"2:11: MLS009 durations.nightly: '00:45' {UNITS}"]),
        ('[durations]\nnightly = "0m"\n', ["2:11: MLS009 durations.nightly: a run takes at least a second; leave out what is not known", FORM]),
        ('[durations]\nnightly = "999999999y"\n', ["2:11: MLS009 durations.nightly: '999999999y' is longer than any time there is"]),
        ('[durations]\nnightly = ["45m"]\n',
         ["2:11: MLS008 durations.nightly: must be a length of time as text or a table, not a list", FORM]),
        ('[durations]\nnightly = {p50 = "1h", p95 = "30m"}\n', ["2:11: MLS009 durations.nightly: p95 (30m) is below p50 (1h)", FORM]),
        ("[durations]\nnightly = {p50 = 45}\n",
         ["2:11: MLS009 durations.nightly: a duration is a text such as '45m' or a timedelta, not int: it has a unit", FORM]),
        ('[durations]\nnightly = {p50 = "30m", p90 = "1h"}\n',
         ["2:11: MLS009 durations.nightly: a spread of durations has p50 and p95, such as p50 = '30m', p95 = '1h'; not {'p50': '30m', 'p90': '1h'}", FORM]),
        ('[durations]\nnightly.train = "45m"\n',
         ["2:1: MLS009 durations.nightly: has no p50 but train", '  hint: a step, or a name with a dot, is quoted: "nightly/train" = "45m", "nightly.train" = "45m"']),
        ('durations = "45m"\n', ["1:13: MLS008 durations: must be a table of durations by schedule or pipeline, not text ('45m')"]),
        ("[logic_app]\nactions_per_run = 0\nfree_executions = -1\nregion = 3\n",
         ["2:19: MLS009 logic_app.actions_per_run: must be 1 or more, not 0",
          "3:19: MLS009 logic_app.free_executions: must be 0 or more, not -1",
          "4:10: MLS008 logic_app.region: must be text, not a number (3)", "  hint: quote it"]),
        ("price_factor = 0\n",
         ["1:16: MLS009 price_factor: 0 is not a factor: 0.85 means that 85 % of the list price is paid", "  hint: a discount of 15 % is 0.85"]),
        ('price_factor = "15%"\n',
         ["1:16: MLS009 price_factor: '15%' is not a factor: 0.85 means that 85 % of the list price is paid", "  hint: a discount of 15 % is 0.85"]),
        ("price_factor = inf\n",
         ["1:16: MLS009 price_factor: inf is not a factor: 0.85 means that 85 % of the list price is paid", "  hint: a discount of 15 % is 0.85"]),
        ("price_factor = true\n", ["1:16: MLS008 price_factor: must be a number, not a boolean (true)"]),
        ("[budgets]\nmax_cost_per_month = -1\n",
         ["2:22: MLS009 budgets.max_cost_per_month: -1 is not an amount of money", "  hint: write 500, or 499.50"]),
        ('[budgets]\nmax_cost_per_month = "much"\n',
         ["2:22: MLS009 budgets.max_cost_per_month: 'much' is not an amount of money", "  hint: write 500, or 499.50"]),
    ],
)  # fmt: skip
def test_problems_stand_at_their_place_and_say_the_way_out(text: str, expected: list[str]) -> None:
    assert problems(text) == [line if line.startswith("  ") else f"mlschedule.toml:{line}" for line in expected]


def test_problems_of_pyproject_stand_at_their_place_there() -> None:
    text = '[project]\nname = "x"\n\n[tool.mlschedule.computes.cpu]\nmin_nodes = -1\n[tool.mlschedule.durations]\nnightly = 45\n'
    assert problems(text, "pyproject.toml") == [
        "pyproject.toml:5:13: MLS009 tool.mlschedule.computes.cpu.min_nodes: must be 0 or more, not -1",
        "pyproject.toml:7:11: MLS008 tool.mlschedule.durations.nightly: has no unit: a number (45)",
        FORM,
    ]


@pytest.mark.parametrize("amount", ["0", "500", "499.50", '"499.50"'])
def test_budgets_of_money(amount: str) -> None:
    (budget,) = read(f"[budgets]\nmax_cost_per_month = {amount}\n").budgets
    assert budget.max_cost_per_month == Decimal(amount.strip('"'))


def test_editors_know_the_tables() -> None:
    import tomllib

    schema = Draft202012Validator(config_schema())
    assert list(schema.iter_errors(tomllib.loads(FULL))) == []
    for text in (
        '[computes.cpu]\nvm_size = "x"',
        "[durations]\nnightly = 45",
        "price_factor = 0",
        "[logic_app]\nactions_per_run = 0",
    ):
        assert list(schema.iter_errors(tomllib.loads(text))), text
