"""Items as the Azure Retail Prices API writes them, for tests to vary."""

from __future__ import annotations

from typing import Any


def vm_item(**changed: object) -> dict[str, Any]:
    """A pay-as-you-go price on Linux of Standard_D4ds_v5 in eastus; ``changed`` under the names of the API."""
    return {
        "currencyCode": "USD",
        "tierMinimumUnits": 0.0,
        "retailPrice": 0.226,
        "unitPrice": 0.226,
        "armRegionName": "eastus",
        "location": "US East",
        "effectiveStartDate": "2021-11-01T00:00:00Z",
        "meterId": "meter-1",
        "meterName": "D4ds v5",
        "productId": "P",
        "skuId": "P/1",
        "productName": "Virtual Machines Ddsv5 Series",
        "skuName": "D4ds v5",
        "serviceName": "Virtual Machines",
        "serviceId": "S",
        "serviceFamily": "Compute",
        "unitOfMeasure": "1 Hour",
        "type": "Consumption",
        "isPrimaryMeterRegion": True,
        "armSkuName": "Standard_D4ds_v5",
        **changed,
    }


def action_item(minimum: float, price: float, **changed: object) -> dict[str, Any]:
    """A tier of the built-in actions of Logic Apps in eastus."""
    return vm_item(
        **{
            "tierMinimumUnits": minimum,
            "retailPrice": price,
            "unitPrice": price,
            "effectiveStartDate": "2019-05-01T00:00:00Z",
            "meterId": "meter-actions",
            "meterName": "Consumption Built-in Actions",
            "productName": "Logic Apps",
            "skuName": "Consumption",
            "serviceName": "Logic Apps",
            "serviceFamily": "Integration",
            "unitOfMeasure": "1",
            "armSkuName": "",
            **changed,
        }
    )


def page_of(*items: object, **changed: object) -> dict[str, Any]:
    """A page of the API with these items."""
    return {
        "BillingCurrency": "USD",
        "CustomerEntityId": "Default",
        "CustomerEntityType": "Retail",
        "Items": list(items),
        "NextPageLink": None,
        "Count": len(items),
        **changed,
    }
