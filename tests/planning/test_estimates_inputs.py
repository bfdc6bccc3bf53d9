"""What estimate_runs takes, and what it says of anything else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_mlschedule import Compute, Trials, estimate_runs, load_schedule, plan_runs

SCHEDULE = load_schedule(
    {
        "name": "nightly",
        "trigger": {"type": "cron", "expression": "0 2 * * *", "start_time": "2026-01-01T00:00:00"},
        "create_job": {"type": "pipeline", "job": "azureml:train", "settings": {"default_compute": "azureml:cpu"}},
    }
)
PLAN = plan_runs(SCHEDULE, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 11, tzinfo=UTC))
CPU = Compute(name="cpu", size="Standard_DS3_v2", region="eastus")
ITEM = {
    "currencyCode": "USD",
    "retailPrice": 0.2,
    "armRegionName": "eastus",
    "armSkuName": "Standard_DS3_v2",
    "meterName": "D3 v2/DS3 v2",
    "productName": "Virtual Machines DSv2 Series",
    "skuName": "DS3 v2",
    "serviceName": "Virtual Machines",
    "unitOfMeasure": "1 Hour",
    "type": "Consumption",
}


@pytest.mark.parametrize("prices", [{"Items": [ITEM]}, [{"Items": [ITEM]}], [ITEM]])
def test_prices_as_data(prices: Any) -> None:
    # 10 runs x 0.5 h x 0.2; 20 executions are within the grant.
    assert str(estimate_runs(PLAN, prices, {"nightly": "30m"}, computes=[CPU]).total) == "1"


def test_machines_have_one_price() -> None:
    tiers = [{**ITEM, "tierMinimumUnits": minimum, "retailPrice": price} for minimum, price in ((0, 0.2), (100, 0.1))]
    found = estimate_runs(PLAN, tiers, {"nightly": "30m"}, computes=[CPU])
    assert found.total is None
    assert "has a price for each of 2 tiers: machines are counted with one price" in found.unknown["nightly"]


@pytest.mark.parametrize(("trials", "number"), [(3, 3), (Trials(3), 3), (0, None), (None, None)])
def test_trials_may_be_a_number(trials: Any, number: int | None) -> None:
    outlook = estimate_runs(PLAN, None, {"nightly": {"p50": "30m", "p95": "1h"}}, computes=[CPU], trials=trials).outlook
    assert (outlook and outlook.trials) == number


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([SCHEDULE],), "estimate_runs takes a plan, as plan_runs makes it of schedules, not list"),
        ((PLAN, 5), "prices are files, or pages of the Azure Retail Prices API, not int"),
        ((PLAN, None, 5), "or a History, not int"),
    ],
)
def test_anything_else_is_a_type_error(arguments: tuple[Any, ...], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        estimate_runs(*arguments)
