"""An estimate as CSV, one schedule a row, for spreadsheets. What is not known is empty, with the reason in the last column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from pytest_mlschedule.costs.charges import HOUR
from pytest_mlschedule.costs.estimate import Estimate
from pytest_mlschedule.costs.money import show_money

COLUMNS = (
    "schedule",
    "runs",
    "computes",
    "nodes",
    "duration_seconds",
    "node_hours",
    "idle_node_hours",
    "compute_cost",
    "logic_app_executions",
    "logic_app_cost",
    "total",
    "currency",
    "region",
    "prices_as_of",
    "reason",
)


def write_csv(estimate: Estimate) -> str:
    """The text. Money is exact; nodes that are always on have rows of their own, named ``compute NAME``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(estimate))
    return text.getvalue()


def _rows(estimate: Estimate) -> Iterator[list[Any]]:
    regions = {one.name: one.compute.region for one in estimate.computes if one.compute and one.compute.region}
    dated = estimate.prices and estimate.prices.as_of and estimate.prices.as_of.isoformat()
    for one in estimate.schedules:
        use, apps = one.compute, one.logic_app
        money = ["" if amount is None else show_money(amount) for amount in (use.cost, apps.cost, one.total)]
        hours = [_hours(use.node_seconds), _hours(None if use.busy is None else use.idle)]
        yield [
            *(one.name, one.runs, " ".join(use.names), use.nodes, use.duration, *hours, money[0]),
            *(apps.executions, money[1], money[2], estimate.currency),
            *(" ".join(dict.fromkeys(regions[name] for name in use.names if name in regions)), dated, one.reason),
        ]
    for compute in estimate.computes:
        if compute.waiting or compute.waiting_cost is None:
            cost = "" if compute.waiting_cost is None else show_money(compute.waiting_cost)
            hours = [_hours(compute.waiting), ""]
            yield [
                *(f"compute {compute.name}", "", compute.name, "", "", *hours, cost),
                *("", "", cost, estimate.currency, regions.get(compute.name), dated, compute.reason),
            ]


def _hours(node_seconds: int | None) -> Any:
    return "" if node_seconds is None else node_seconds / HOUR
