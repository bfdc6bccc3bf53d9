"""What a change costs: both sides with the same rates. The oracle is arithmetic; prices are those of priced_files.

Runs take an hour unless a test says otherwise; in March a daily schedule on a node of 0.36 costs 31 x 0.36 = 11.16.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from diff_plans_of import recorded, schedule
from priced_files import PAGE

from pytest_mlschedule import Plan, load_schedule, plan_runs
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.rates import Rates
from pytest_mlschedule.costs.run_durations import RunDurations, read_duration
from pytest_mlschedule.costs.settings import CostSettings
from pytest_mlschedule.planning.diff_costs import NOTHING, Cost, CostChange, CostDiff, diff_costs

CPU = Compute(name="cpu", size="Standard_A", region="eastus")
GPU = Compute(name="gpu", size="Standard_B", region="eastus")
PRICES = PriceList.from_data(PAGE, source="prices.json")
ZERO = Decimal(0)


def rates(
    *computes: Compute, durations: Mapping[str, str] | None = None, prices: PriceList | None = PRICES, **settings: Any
) -> Rates:
    known = {"*": "1h"} if durations is None else durations
    return Rates(
        prices=prices,
        durations=RunDurations(configured={key: read_duration(value) for key, value in known.items()}),
        settings=CostSettings(computes={one.name: one for one in computes or (CPU, GPU)}, **settings),
    )


HOURLY = rates()


def march(*schedules: Any) -> Plan:
    return plan_runs(schedules, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))


def daily(name: str, expression: str = "0 3 * * *", compute: str = "cpu") -> Any:
    return schedule(expression, name, compute=compute)


def amounts(found: CostDiff, name: str) -> tuple[str, str, str]:
    """Old, new and difference of a schedule."""
    cost = found.schedules[name].to_dict()["cost"]
    return cost["old"], cost["new"], cost["difference"]


def test_schedules_that_come_go_stay_and_change() -> None:
    old = march(daily("gone"), daily("kept"), daily("moved"), daily("often"))
    new = march(
        daily("fresh", compute="gpu"), daily("kept"), daily("moved", compute="gpu"), daily("often", "0 */12 * * *")
    )
    found = diff_costs(old, new, HOURLY)
    assert list(found.schedules) == ["fresh", "gone", "kept", "moved", "often"]
    assert amounts(found, "fresh") == ("0.00", "55.80", "55.80")  # 31 x 1.80
    assert amounts(found, "gone") == ("11.16", "0.00", "-11.16")
    assert amounts(found, "kept") == ("11.16", "11.16", "0.00")
    assert amounts(found, "moved") == ("11.16", "55.80", "44.64")
    assert amounts(found, "often") == ("11.16", "22.32", "11.16")  # 62 x 0.36
    assert found.schedules["fresh"].old is NOTHING
    total = found.to_dict()["total"]
    # 4 x 11.16 before; 2 x 55.80 + 11.16 + 22.32 after.
    assert total["cost"] == {"old": "44.64", "new": "145.08", "difference": "100.44"}
    assert total["known_cost"] == total["cost"]
    assert total["node_hours"] == {"old": 124.0, "new": 155.0, "difference": 31.0}
    assert found.schedules["often"].to_dict()["node_hours"] == {"old": 31.0, "new": 62.0, "difference": 31.0}
    assert (found.known_difference, found.currency) == (Decimal("100.44"), "USD")


def test_free_executions_are_those_of_each_side() -> None:
    # Every 10 minutes: 4,464 runs of 100 seconds (44.64) and 8,928 executions: 4,928 x 0.01 = 49.28.
    # Every 20 minutes: 2,232 runs (22.32) and 4,464 executions: 464 x 0.01 = 4.64.
    short = rates(durations={"*": "100s"})
    found = diff_costs(march(daily("a", "*/20 * * * *")), march(daily("a", "*/10 * * * *")), short)
    assert amounts(found, "a") == ("26.96", "93.92", "66.96")


def test_nodes_that_are_always_on_count_in_the_total() -> None:
    on = rates(replace(CPU, min_nodes=1), GPU)
    # 744 hours of March x 0.36 = 267.84, however many of them are used: 11.16 or 22.32 by the runs.
    found = diff_costs(march(daily("a")), march(daily("a", "0 */12 * * *")), on)
    waiting = found.always_on["cpu"]
    assert (waiting.old.amount, waiting.new.amount) == (Decimal("256.68"), Decimal("245.52"))
    assert waiting.node_seconds == -31 * 3600
    assert found.to_dict()["total"]["cost"] == {"old": "267.84", "new": "267.84", "difference": "0.00"}
    (item,) = found.to_dict()["always_on"]
    assert (item["compute"], item["cost"]["difference"]) == ("cpu", "-11.16")
    assert item["node_hours"] == {"old": 713.0, "new": 682.0, "difference": -31.0}


def test_who_leaves_a_node_idle_pays_so_others_change_too() -> None:
    # a at 03:00 leaves a node for half an hour (0.18); with b at 04:00 on it, b is the one that leaves it.
    idling = rates(replace(CPU, idle_seconds=1800), GPU)
    found = diff_costs(march(daily("a")), march(daily("a"), daily("b", "0 4 * * *")), idling)
    assert amounts(found, "a") == ("16.74", "11.16", "-5.58")  # 31 x 0.54 before, 31 x 0.36 after
    assert amounts(found, "b") == ("0.00", "16.74", "16.74")


def test_what_is_not_known_is_null_with_the_reason_and_never_nothing() -> None:
    old = march(daily("a"), daily("lost"), daily("never", compute="tpu"))
    new = march(daily("a"), daily("lost", compute="tpu"), daily("never", compute="tpu"), daily("new", compute="npu"))
    found = diff_costs(old, new, HOURLY)
    document = {name: change.to_dict() for name, change in found.schedules.items()}
    tpu = "the compute 'tpu' is not described"
    assert document["lost"]["cost"] == {"old": "11.16", "new": None, "difference": None, "reason": tpu}
    assert document["never"]["cost"] == {"old": None, "new": None, "difference": None, "reason": tpu}
    assert document["new"]["cost"]["old"] == "0.00"
    assert document["new"]["node_hours"] == {"old": 0.0, "new": 31.0, "difference": 31.0}
    total = found.to_dict()["total"]
    assert total["cost"] == {
        "old": None,
        "new": None,
        "difference": None,
        "reason": f"lost: {tpu}; never: {tpu}; new: the compute 'npu' is not described",
    }
    # What is known: 22.32 before, 11.16 after; on both sides a alone.
    assert total["known_cost"] == {"old": "22.32", "new": "11.16", "difference": "0.00"}
    assert list(found.unknown) == ["never", "lost", "new"]


def test_what_was_not_known_before_says_why_it_was_not() -> None:
    found = diff_costs(march(daily("a", compute="tpu")), march(daily("a")), HOURLY)
    assert found.schedules["a"].to_dict()["cost"] == {
        "old": None,
        "new": "11.16",
        "difference": None,
        "reason": "the compute 'tpu' is not described",
    }
    assert found.to_dict()["total"]["cost"]["reason"] == "a: the compute 'tpu' is not described"
    assert found.known_difference == ZERO


def test_node_hours_without_a_duration() -> None:
    found = diff_costs(march(daily("a")), march(daily("b")), rates(durations={"a": "1h"}))
    assert found.schedules["b"].to_dict()["node_hours"] == {"old": 0.0, "new": None, "difference": None}
    assert found.to_dict()["total"]["node_hours"] == {"old": 31.0, "new": None, "difference": None}


def test_saved_plans_know_their_compute() -> None:
    old, new = recorded(march(daily("a"))), recorded(march(daily("a", compute="gpu")))
    assert amounts(diff_costs(old, new, HOURLY), "a") == ("11.16", "55.80", "44.64")
    mixed = diff_costs(old, march(daily("a", "0 */12 * * *")), HOURLY)
    assert amounts(mixed, "a") == ("11.16", "22.32", "11.16")


def test_nodes_of_a_pipeline_are_read_on_both_sides(tmp_path: Any) -> None:
    def side(count: int) -> Any:
        (tmp_path / f"{count}.yml").write_text(
            "type: pipeline\nsettings: {default_compute: azureml:cpu}\njobs:\n  fit:\n    type: command\n    command: ls\n"
            f"    environment: azureml:e@latest\n    resources: {{instance_count: {count}}}\n"
        )
        return load_schedule(
            {
                "name": "a",
                "trigger": {"type": "cron", "expression": "0 3 * * *", "start_time": "2026-01-01T00:00:00"},
                "create_job": f"./{count}.yml",
            },
            base=tmp_path,
        )

    found = diff_costs(march(side(2)), march(side(3)), HOURLY)
    assert amounts(found, "a") == ("22.32", "33.48", "11.16")  # 31 x 2 and 3 x 0.36


def test_what_is_known_of_both_sides_is_compared(tmp_path: Any) -> None:
    """Steps on cpu at 0.36, an hour each, and one on a compute that nobody described: 31 x 0.36 before, twice as much after."""

    def side(*steps: str) -> Plan:
        text = "type: pipeline\njobs:\n"
        for step, compute in (("t", "tpu"), *((one, "cpu") for one in steps)):
            text += (
                f"  {step}: {{type: command, command: ls, environment: azureml:e@latest, compute: azureml:{compute}}}\n"
            )
        (tmp_path / f"{len(steps)}.yml").write_text(text)
        trigger = {"type": "cron", "expression": "0 3 * * *", "start_time": "2026-01-01T00:00:00"}
        return march(
            load_schedule({"name": "a", "trigger": trigger, "create_job": f"./{len(steps)}.yml"}, base=tmp_path)
        )

    made_with = rates(durations={"a": "1h", **{f"a/{step}": "1h" for step in "tbc"}})
    found = diff_costs(side("b"), side("b", "c"), made_with)
    assert found.schedules["a"].difference is None
    assert found.to_dict()["total"]["known_cost"] == {"old": "11.16", "new": "22.32", "difference": "11.16"}
    # Of a side that is known and one that is not, nothing is compared.
    assert diff_costs(march(daily("a")), side("b"), made_with).known_difference == ZERO


def test_assumptions_are_those_of_both_sides_each_once() -> None:
    old, new = march(daily("a", compute="gpu"), daily("gone")), march(daily("a"), daily("b"), daily("c"))
    found = diff_costs(old, new, HOURLY, "one configuration for both")
    assert found.assumptions[0] == "one configuration for both"
    assert sum(one.startswith("nodes: 1 a run") for one in found.assumptions) == 1
    own = [one for one in found.assumptions if one.startswith("old side: ")]
    assert own == [
        "old side: gpu: 1.80 a node and hour: Virtual Machines A Series, Standard_B, eastus, from 2021-11-01"
    ]
    assert len(set(found.assumptions)) == len(found.assumptions)
    assert diff_costs(new, new, HOURLY).assumptions == found.new.assumptions
    assert found.to_dict()["assumptions"] == list(found.assumptions)


def test_without_prices_there_are_node_hours() -> None:
    found = diff_costs(march(daily("a")), march(daily("a", "0 */12 * * *")), rates(prices=None))
    change = found.schedules["a"]
    assert (change.difference, change.node_seconds, change.reason) == (None, 31 * 3600, "no prices are given")
    assert found.currency is None


@pytest.mark.parametrize("side", [Cost(None, None, "why"), Cost(Decimal("0.1"), 5)])
def test_differences(side: Cost) -> None:
    change = CostChange("a", side, Cost(Decimal("0.3"), 7))
    assert change.difference == (None if side.amount is None else Decimal("0.2"))
    assert change.node_seconds == (None if side.amount is None else 2)
    assert json.loads(json.dumps(change.to_dict())) == change.to_dict()
