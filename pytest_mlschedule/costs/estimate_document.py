"""An estimate as JSON data: money as decimal text, times as UTC, what is not known as null with a reason.

The document::

    {"window": {"start": "2026-03-01T00:00:00Z", "end": "2026-04-01T00:00:00Z"}, "currency": "USD",
     "schedules": [{"name": "nightly", "runs": 31,
                    "compute": {"names": ["cpu"], "nodes": 1, "duration_seconds": 2700, "duration_from": "durations.nightly",
                                "node_hours": 23.25, "idle_node_hours": 0.0, "cost": "5.32"},
                    "logic_app": {"executions": 62, "cost": "0.00"}, "total": "5.32", "overlaps": {"runs": 0, "first": null},
                    "months": {"2026-03": {"runs": 31, "cost": "5.32"}}}],
     "computes": [...], "total": "5.32", "known_total": "5.32", "assumptions": [...], "prices": {...}, "simulation": null}
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pytest_mlschedule.costs.advice import name_hour
from pytest_mlschedule.costs.charges import HOUR
from pytest_mlschedule.costs.estimate import ComputeEstimate, Estimate, MonthShare, ScheduleEstimate
from pytest_mlschedule.costs.loads.load import Load
from pytest_mlschedule.costs.loads.load_profile import Peak
from pytest_mlschedule.costs.loads.percentiles import Spread
from pytest_mlschedule.costs.money import show_money
from pytest_mlschedule.costs.outlook import Outlook
from pytest_mlschedule.triggers.window import from_epoch


def write_estimate(estimate: Estimate) -> dict[str, Any]:
    """The whole document as plain data."""
    total = {"total": _money(estimate.total), "known_total": _money(estimate.known_total)}
    if estimate.total is None:
        total["reason"] = "; ".join(f"{name}: {reason}" for name, reason in estimate.unknown.items())
    return {
        "window": {"start": _instant(estimate.window.start), "end": _instant(estimate.window.end)},
        "currency": estimate.currency,
        "schedules": [_schedule(one) for one in estimate.schedules],
        "computes": [_compute(one) for one in estimate.computes],
        **total,
        "months": _months(estimate.months),
        "assumptions": list(estimate.assumptions),
        "prices": _prices(estimate),
        "simulation": estimate.outlook and _outlook(estimate.outlook),
    }


def _schedule(one: ScheduleEstimate) -> dict[str, Any]:
    use, apps = one.compute, one.logic_app
    return {
        "name": one.name,
        "runs": one.runs,
        "compute": {
            "names": list(use.names),
            "nodes": use.nodes,
            "duration_seconds": use.duration,
            "duration_from": use.origin or None,
            "node_hours": _hours(use.node_seconds),
            "idle_node_hours": _hours(None if use.busy is None else use.idle),
            **_cost(use.cost, use.reason, use.hint),
        },
        "logic_app": {"executions": apps.executions, **_cost(apps.cost, apps.reason, apps.hint)},
        "total": _money(one.total),
        **({} if one.total is not None else {"reason": one.reason}),
        "overlaps": one.overlap and {"runs": one.overlap.runs, "first": _epoch(one.overlap.first)},
        "months": _months(one.months),
    }


def _compute(one: ComputeEstimate) -> dict[str, Any]:
    compute = one.compute
    return {
        "name": one.name,
        "size": compute and compute.size,
        "region": compute and compute.region,
        "tier": compute and compute.tier,
        "max_nodes": compute and compute.max_nodes,
        "price": _money(one.price),
        "meter": one.meter and one.meter.name,
        "node_hours": {name: _hours(getattr(one, name)) for name in ("busy", "idle", "waiting")},
        "waiting_cost": _money(one.waiting_cost),
        **_cost(one.cost, one.reason, one.hint),
        **_load(one.load),
        "advice": [move.to_dict() for move in one.advice.moves],
        "quiet_hours": [{"hour": name_hour(hour), "nodes": hour.nodes} for hour in one.advice.quiet],
    }


def _load(load: Load | None) -> dict[str, Any]:
    if load is None:
        return {"peak": None, "delays": None, "pile_ups": None}
    return {
        "peak": {
            "runs": _peak(load.asked_runs),
            "nodes": _peak(load.asked_nodes),
            "nodes_used": _peak(load.used_nodes),
        },
        "delays": {
            "runs": load.delays.delayed,
            "total_seconds": load.delays.total,
            "longest_seconds": load.delays.longest,
            "longest_at": _epoch(load.delays.longest_at),
            "longest_of": load.delays.longest_owner or None,
            "p50_seconds": load.delays.p50,
            "p95_seconds": load.delays.p95,
        },
        "pile_ups": [
            {
                "at": _epoch(one.first),
                "runs": one.runs,
                "nodes": one.nodes,
                "times": one.times,
                "schedules": [owner.owner for owner in one.owners],
            }
            for one in load.pile_ups
        ],
    }


def _peak(peak: Peak) -> dict[str, Any]:
    return {
        "count": peak.height,
        "at": _epoch(peak.first),
        "seconds": peak.seconds,
        "schedules": [{"name": one.owner, "runs": one.runs, "nodes": one.nodes} for one in peak.running],
    }


def _prices(estimate: Estimate) -> dict[str, Any] | None:
    prices = estimate.prices
    if prices is None:
        return None
    return {
        "files": list(prices.sources),
        "as_of": prices.as_of and prices.as_of.isoformat(),
        "currency": prices.currency,
    }


def _outlook(outlook: Outlook) -> dict[str, Any]:
    return {
        "trials": outlook.trials,
        "seed": outlook.seed,
        "bill": outlook.bill and {"p50": _money(outlook.bill.p50), "p95": _money(outlook.bill.p95)},
        "computes": [
            {
                "name": one.name,
                "peak_runs": _spread(one.asked_runs),
                "peak_nodes": _spread(one.asked_nodes),
                "longest_delay_seconds": _spread(one.longest_delay),
                "mean_delay_seconds": _spread(one.mean_delay),
            }
            for one in outlook.computes
        ],
    }


def _spread(spread: Spread[Any]) -> dict[str, Any]:
    return spread._asdict()


def _months(months: Mapping[str, MonthShare]) -> dict[str, Any]:
    return {name: {"runs": share.runs, "cost": _money(share.cost)} for name, share in months.items()}


def _cost(cost: Decimal | None, reason: str, hint: str) -> dict[str, Any]:
    """A cost; where it is not known, why and what to do."""
    if cost is not None:
        return {"cost": show_money(cost)}
    return {"cost": None, "reason": reason, **({"hint": hint} if hint else {})}


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else show_money(amount)


def _hours(node_seconds: int | None) -> float | None:
    return None if node_seconds is None else node_seconds / HOUR


def _epoch(epoch: int | None) -> str | None:
    return None if epoch is None else _instant(from_epoch(epoch))


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
