"""A price list of round figures, as the Azure Retail Prices API writes it, and schedules to go with it. All money in USD.

A node of Standard_A costs 0.36 an hour (a cent is 100 seconds), one of Standard_B 1.80. Of the executions of built-in actions 4,000
a month are free, each more costs 0.01.
"""

from __future__ import annotations

import json
from typing import Any


def machine(size: str, price: float, **changed: object) -> dict[str, Any]:
    """A pay-as-you-go price on Linux in eastus."""
    return {
        "currencyCode": "USD",
        "tierMinimumUnits": 0.0,
        "retailPrice": price,
        "armRegionName": "eastus",
        "effectiveStartDate": "2021-11-01T00:00:00Z",
        "meterName": size,
        "productName": "Virtual Machines A Series",
        "skuName": size,
        "serviceName": "Virtual Machines",
        "unitOfMeasure": "1 Hour",
        "type": "Consumption",
        "armSkuName": size,
        **changed,
    }


def actions(minimum: float, price: float, **changed: object) -> dict[str, Any]:
    """A tier of built-in actions of Logic Apps in eastus."""
    return machine(
        "",
        price,
        **{
            "tierMinimumUnits": minimum,
            "meterName": "Consumption Built-in Actions",
            "productName": "Logic Apps",
            "skuName": "Consumption",
            "serviceName": "Logic Apps",
            "unitOfMeasure": "1",
            **changed,
        },
    )


def page(*items: dict[str, Any], currency: str = "USD") -> dict[str, Any]:
    """A page of the API."""
    return {"BillingCurrency": currency, "Items": list(items), "NextPageLink": None, "Count": len(items)}


PAGE = page(machine("Standard_A", 0.36), machine("Standard_B", 1.80), actions(0, 0), actions(4000, 0.01))
PRICES = json.dumps(PAGE, indent=1)
"""What prices.json holds."""
COMPUTES = """\
[computes.cpu]
size = "Standard_A"
region = "eastus"
[computes.gpu]
size = "Standard_B"
region = "eastus"
"""
DURATIONS = """\
[durations]
"*" = "1h"
"""
CONFIG = f'prices = ["prices.json"]\n{COMPUTES}{DURATIONS}'
"""Every run takes an hour; the computes cpu and gpu are described."""


def schedule(name: str, expression: str = "0 3 * * *", compute: str = "cpu", more: str = "") -> str:
    """A schedule in a file, in UTC, every day at 03:00; its job lies in the workspace, its compute is known."""
    return (
        f'name: {name}\ntrigger:\n  type: cron\n  expression: "{expression}"\n  start_time: "2026-01-01T00:00:00"\n'
        f"create_job:\n  type: pipeline\n  job: azureml:job\n  experiment_name: e\n  compute: azureml:{compute}\n{more}"
    )
