"""What April may cost, by the prices, the computes and the history in this repository."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_mlschedule import Compute, CostSettings, estimate_runs, load_schedules, plan_runs, read_history

ROOT = Path(__file__).parents[1]
PRICES = ROOT / "prices" / "retail-prices.json"
CONFIG = tomllib.loads((ROOT / "mlschedule.toml").read_text(encoding="utf-8"))
SETTINGS = CostSettings(region=CONFIG["logic_app"]["region"])


@pytest.fixture(scope="module")
def computes():
    found = {}
    for name, table in CONFIG["computes"].items():
        said = {key: value for key, value in table.items() if key != "idle_minutes"}
        found[name] = Compute(name=name, idle_seconds=60 * table["idle_minutes"], **said)
    return found


@pytest.fixture(scope="module")
def history():
    return read_history(ROOT / "history" / "jobs.json")


@pytest.fixture(scope="module")
def april():
    schedules = load_schedules(ROOT / "schedules")
    return plan_runs(schedules, datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))


def choose(plan, *beginnings):
    return plan.for_schedule(*(name for name in plan.schedules if name.startswith(beginnings)))


@pytest.fixture(scope="module")
def scoring(april, computes, history):
    plan = choose(april, "score-")
    return estimate_runs(plan, PRICES, history, computes=[computes["cpu-small"]], settings=SETTINGS)


def test_scoring_stays_below_its_budget(scoring):
    assert scoring.total < 100


def test_scoring_queues_at_two_in_the_morning(scoring):
    (cluster,) = scoring.computes
    assert (cluster.load.asked_nodes.height, cluster.load.used_nodes.height) == (8, 6)
    assert cluster.load.delays.delayed == 2 * 30  # eight start at once on six nodes, each night


def test_training_stays_below_its_budget(april, computes):
    training = choose(april, "retrain-", "finetune-")
    estimate = estimate_runs(training, PRICES, CONFIG["durations"], computes=computes.values(), settings=SETTINGS)
    gpu = next(one for one in estimate.computes if one.name == "gpu")
    assert estimate.total < 1000
    assert gpu.cost < 600


def test_a_bill_without_durations_is_unknown_not_zero(april, computes):
    estimate = estimate_runs(choose(april, "report-credit"), PRICES, computes=computes.values(), settings=SETTINGS)
    assert estimate.total is None
    assert estimate.unknown == {"report-credit": "no duration of its runs is known"}
