"""An estimate as JSON data, and the sentences about what it takes for granted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from bill_data import CPU, GPU, HOUR, MARCH, PRICES, estimate, pipeline, rates, runs, window, with_fields
from price_data import action_item, page_of, vm_item

from pytest_mlschedule.costs import compute_load
from pytest_mlschedule.costs.billing_trials import Trials
from pytest_mlschedule.costs.estimate import Estimate
from pytest_mlschedule.costs.estimating import make_estimate
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.triggers.window import Window

DAY = window("2026-03-01", "2026-03-02")


def written(found: Estimate) -> Any:
    """The document of an estimate."""
    return found.to_dict()


def test_the_document() -> None:
    compute = with_fields(CPU, max_nodes=1, min_nodes=1, idle_seconds=300)
    # Two runs of an hour, half an hour apart, on one node: the second waits for 30 minutes.
    found = estimate([runs("nightly", [0, 1_800])], [compute], {"nightly": "1h"}, during=DAY, actions_per_run=3)
    document = written(found)
    assert json.loads(json.dumps(document)) == document
    running = {"name": "nightly", "runs": 2, "nodes": 2}
    assert document == {
        "window": {"start": "2026-03-01T00:00:00Z", "end": "2026-03-02T00:00:00Z"},
        "currency": "USD",
        "schedules": [
            {
                "name": "nightly",
                "runs": 2,
                "compute": {
                    "names": ["cpu"],
                    "nodes": 1,
                    "duration_seconds": 3_600,
                    "duration_from": "durations.nightly",
                    "node_hours": 2.0,
                    "idle_node_hours": 0.0,
                    "cost": "0.72",
                },
                "logic_app": {"executions": 6, "cost": "0.00"},
                "total": "0.72",
                "overlaps": {"runs": 1, "first": "2026-03-01T00:30:00Z"},
                "months": {"2026-03": {"runs": 2, "cost": "0.72"}},
            }
        ],
        "computes": [
            {
                "name": "cpu",
                "size": "Standard_A",
                "region": "eastus",
                "tier": "dedicated",
                "max_nodes": 1,
                "price": "0.36",
                "meter": "Virtual Machines Ddsv5 Series, Standard_A, eastus, from 2021-11-01",
                "node_hours": {"busy": 2.0, "idle": 0.0, "waiting": 22.0},
                "waiting_cost": "7.92",
                "cost": "8.64",
                "peak": {
                    "runs": {"count": 2, "at": "2026-03-01T00:30:00Z", "seconds": 1_800, "schedules": [running]},
                    "nodes": {"count": 2, "at": "2026-03-01T00:30:00Z", "seconds": 1_800, "schedules": [running]},
                    "nodes_used": {
                        "count": 1,
                        "at": "2026-03-01T00:00:00Z",
                        "seconds": 7_200,
                        "schedules": [{"name": "nightly", "runs": 1, "nodes": 1}],
                    },
                },
                "delays": {
                    "runs": 1,
                    "total_seconds": 1_800,
                    "longest_seconds": 1_800,
                    "longest_at": "2026-03-01T00:30:00Z",
                    "longest_of": "nightly",
                    "p50_seconds": 0,
                    "p95_seconds": 1_800,
                },
                "pile_ups": [],
                "advice": [],
                "quiet_hours": [{"hour": f"Sun {hour:02}:00", "nodes": 0.0} for hour in (2, 3, 4)],
            }
        ],
        "total": "8.64",
        "known_total": "8.64",
        "months": {"2026-03": {"runs": 2, "cost": "8.64"}},
        "assumptions": [
            "prices: prices.json as of 2021-11-01, USD, those that count on 2026-03-01, without taxes",
            "cpu: 0.36 a node and hour: Virtual Machines Ddsv5 Series, Standard_A, eastus, from 2021-11-01",
            "Logic Apps: 3 built-in actions each time a schedule fires",
            "Logic Apps: Logic Apps, Consumption Built-in Actions, eastus, from 2019-05-01",
            "Logic Apps: the first 4,000 executions of a month are free by the price list, "
            "in each calendar month of UTC that the window touches, and nothing else uses them",
            "nodes: 1 a run where neither the job nor nodes_per_run says how many: nightly",
            "always on: what these schedules leave unused, whoever else may use it: cpu",
            "idle nodes: the schedule pays whose run leaves them; a run takes the node that was left last: cpu",
        ],
        "prices": {"files": ["prices.json"], "as_of": "2021-11-01", "currency": "USD"},
        "simulation": None,
    }


def test_what_is_unknown_is_null_with_a_reason() -> None:
    schedules = [runs("nightly", [0]), runs("weekly", [0], compute=None)]
    # 2 x 2 executions are more than the 3 that are left of the grant.
    found = estimate(schedules, [CPU], during=DAY, region="uksouth", free_executions=3)
    document = written(found)
    (nightly, weekly) = document["schedules"]
    assert nightly["compute"] == {
        "names": ["cpu"],
        "nodes": None,
        "duration_seconds": None,
        "duration_from": None,
        "node_hours": None,
        "idle_node_hours": None,
        "cost": None,
        "reason": "no duration of its runs is known",
        "hint": 'add it to [durations], as "nightly" = "45m", or give a history of jobs',
    }
    no_price = "no price for an execution of a built-in action of Logic Apps (Consumption) in uksouth"
    assert nightly["logic_app"] == {
        "executions": 2,
        "cost": None,
        "reason": no_price,
        "hint": "the price files know it in eastus; fetch it: $filter=serviceName eq 'Logic Apps' and armRegionName eq 'uksouth'",
    }
    assert (nightly["total"], nightly["reason"]) == (None, "no duration of its runs is known")
    assert weekly["compute"]["names"] == []
    assert document["total"] is None
    assert document["known_total"] == "0.00"
    assert document["reason"] == "nightly: no duration of its runs is known; weekly: the job that it runs is not known"
    assert document["months"] == {"2026-03": {"runs": 2, "cost": None}}


def test_the_reason_is_that_of_the_logic_app_where_the_compute_is_known() -> None:
    made = estimate([runs("nightly", [0])], durations={"nightly": "1h"}, region="uksouth", free_executions=1)
    document = written(made)
    (one,) = document["schedules"]
    assert one["compute"]["cost"] == "0.36"
    assert one["reason"].startswith("no price for an execution")
    assert document["reason"] == f"nightly: {one['reason']}"


def test_a_compute_that_is_not_described_has_nothing_but_its_name_and_its_load() -> None:
    (one,) = written(estimate([runs("nightly", [0])], [], {"nightly": "1h"}))["computes"]
    assert {name: one[name] for name in ("name", "size", "region", "tier", "max_nodes", "price", "meter", "cost")} == {
        "name": "cpu",
        "size": None,
        "region": None,
        "tier": None,
        "max_nodes": None,
        "price": None,
        "meter": None,
        "cost": None,
    }
    assert one["reason"] == "the compute 'cpu' is not described"
    assert one["peak"]["nodes"]["count"] == 1


def test_too_many_runs_to_follow_have_no_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute_load, "MOST_RUNS", 1)
    monkeypatch.setattr(compute_load, "MOST_FREE_RUNS", 1)
    (one,) = written(estimate([runs("a", [0, 1])], durations={"a": "1h"}))["computes"]
    assert (one["peak"], one["delays"], one["pile_ups"]) == (None, None, None)
    # 2 x 1 h x 0.36
    assert (one["node_hours"], one["cost"]) == ({"busy": 2.0, "idle": 0.0, "waiting": 0.0}, "0.72")
    document = written(estimate([runs("a", [0, 1])], [with_fields(CPU, idle_seconds=60)], {"a": "1h"}))
    assert document["computes"][0]["node_hours"] == {"busy": None, "idle": None, "waiting": 0.0}
    use = document["schedules"][0]["compute"]
    assert (use["node_hours"], use["idle_node_hours"], use["cost"]) == (None, None, None)
    assert use["reason"] == "2 runs on 'cpu' are too many to follow each (at most 1)"


def test_overlaps_pile_ups_advice_and_spreads_are_in_the_document() -> None:
    schedules = [runs("a", [0, 1_800]), runs("b", [0]), runs("c", [0])]
    lengths = {"a": {"p50": "1h", "p95": "2h"}, "b": "30m", "c": "30m"}
    found = estimate(schedules, [with_fields(CPU, max_nodes=3)], lengths, during=DAY, trials=Trials(20, seed=4))
    document = written(found)
    (one,) = document["computes"]
    assert [schedule["overlaps"] for schedule in document["schedules"]] == [
        {"runs": 1, "first": "2026-03-01T00:30:00Z"},
        {"runs": 0, "first": None},
        {"runs": 0, "first": None},
    ]
    assert one["pile_ups"] == [
        {"at": "2026-03-01T00:00:00Z", "runs": 3, "nodes": 3, "times": 1, "schedules": ["a", "b", "c"]}
    ]
    assert one["advice"] == [move.to_dict() for move in found.computes[0].advice.moves]
    assert one["advice"]
    outlook = found.outlook
    assert outlook is not None
    assert outlook.bill is not None
    cpu = outlook.computes[0]
    assert document["simulation"] == {
        "trials": 20,
        "seed": 4,
        "bill": {"p50": f"{outlook.bill.p50.normalize():f}", "p95": f"{outlook.bill.p95.normalize():f}"},
        "computes": [
            {
                "name": "cpu",
                "peak_runs": {"p50": cpu.asked_runs.p50, "p95": cpu.asked_runs.p95},
                "peak_nodes": {"p50": cpu.asked_nodes.p50, "p95": cpu.asked_nodes.p95},
                "longest_delay_seconds": {"p50": cpu.longest_delay.p50, "p95": cpu.longest_delay.p95},
                "mean_delay_seconds": {"p50": cpu.mean_delay.p50, "p95": cpu.mean_delay.p95},
            }
        ],
    }
    unknown = written(estimate([*schedules, runs("d", [0])], [CPU], lengths, during=DAY, trials=Trials(2)))
    assert unknown["simulation"]["bill"] is None


def test_without_prices_there_is_no_currency() -> None:
    made = replace(rates(durations={"a": "1h"}), prices=None)
    document = written(make_estimate([runs("a", [0])], MARCH, made))
    assert (document["currency"], document["prices"], document["total"]) == (None, None, None)


def test_prices_without_dates() -> None:
    undated = [{**item, "effectiveStartDate": None} for item in (vm_item(armSkuName="Standard_A"), action_item(0, 0))]
    made = replace(rates(), prices=PriceList.from_data(page_of(*undated), source="p.json"))
    found = make_estimate([], MARCH, made)
    assert written(found)["prices"] == {"files": ["p.json"], "as_of": None, "currency": "USD"}
    assert found.assumptions[0] == "prices: p.json, USD, those that count on 2026-03-01, without taxes"


def said(*args: Any, **more: Any) -> tuple[str, ...]:
    return estimate(*args, **more).assumptions


def test_what_is_assumed_is_marked() -> None:
    assert "Logic Apps: 2 built-in actions each time a schedule fires (assumed)" in said([])
    assert "Logic Apps: 1 built-in action each time a schedule fires" in said([], actions_per_run=1)
    few = said([], free_executions=1_000)
    assert any(
        "the first 4,000 executions of a month are free by the price list, 1,000 of them are left, in each" in one
        for one in few
    )


def test_durations_that_differ_are_told() -> None:
    spread = {"p50": "30m", "p95": "1h"}
    found = said([runs("a", [0]), runs("b", [0]), runs("c", [])], durations={"a": spread, "b": "1h", "c": spread})
    (one,) = (text for text in found if text.startswith("durations:"))
    assert one.endswith(": a and c")
    many = [runs(f"s{number}", [0]) for number in range(8)]
    (few,) = (text for text in said(many, durations={"s*": spread}) if text.startswith("durations:"))
    assert few.endswith(": s0, s1, s2, s3, s4 and 3 more")


def test_nodes_that_the_job_says_are_not_assumed() -> None:
    job = pipeline("fit cpu 3 -")
    assert not any(text.startswith("nodes:") for text in said([runs("a", [0], job=job)], durations={"a": "1h"}))
    configured = [with_fields(CPU, nodes_per_run=2)]
    assert not any(text.startswith("nodes:") for text in said([runs("a", [0])], configured, {"a": "1h"}))


def test_nodes_of_steps_that_may_run_side_by_side_are_told() -> None:
    two, one = pipeline("a cpu 3 -", "b cpu 2 -"), pipeline("a cpu 3 -")
    schedules = [runs("both", [0], job=two), runs("single", [0], job=one), runs("steps", [0], job=two)]
    lengths = {"both": "1h", "single": "1h", "steps/a": "1h", "steps/b": "1h"}
    found = estimate(schedules, durations=lengths)
    assert [text for text in found.assumptions if text.startswith("nodes:")] == [
        "nodes: of steps that may run side by side the one with the most: both"
    ]
    # 3 nodes x 1 h x 0.36; step by step 5 nodes.
    assert (found.of("both").total, found.of("steps").total) == (Decimal("1.08"), Decimal("1.8"))
    assert not any(text.startswith("nodes:") for text in said(schedules, [with_fields(CPU, nodes_per_run=2)], lengths))


def test_the_day_whose_prices_count_is_told() -> None:
    tokyo = timezone(timedelta(hours=9))
    during = Window(datetime(2026, 3, 1, 8, tzinfo=tokyo), datetime(2026, 4, 1, tzinfo=tokyo))
    # 08:00 in Tokyo is 23:00 of the day before in UTC.
    assert said([], during=during)[0] == (
        "prices: prices.json as of 2021-11-01, USD, those that count on 2026-02-28, without taxes"
    )


def test_misspelt_names_of_durations_are_told_where_something_else_fits() -> None:
    lengths = {"nighly": "1h", "night*": "2h", "weekly": "1h", "hurly": "1h"}
    schedules = [
        runs("nightly", [0]),
        runs("hourly", [0], compute=None),
        runs("train", [0], pipeline_names=("weekly",)),
    ]
    found = [text for text in said(schedules, durations=lengths) if text.startswith("durations:")]
    # weekly is the name of a pipeline; of hourly nothing is known at all.
    assert found == ["durations: 'nighly' is used for no run; did you mean 'nightly'?"]
    assert not any("is used for no run" in text for text in said(schedules, durations={"night*": "2h"}))
    # Without another duration the hint says it.
    alone = estimate(schedules[:1], durations={"nighly": "1h"})
    assert not any("is used for no run" in text for text in alone.assumptions)
    assert alone.hints[0].startswith("[durations] has 'nighly'; add it to [durations]")


def test_meters_are_named_with_what_is_to_be_said_of_them() -> None:
    computes = [with_fields(CPU, tier="dev_test"), with_fields(GPU, tier="spot"), with_fields(CPU, name="off")]
    found = said([runs("a", [0]), runs("b", [0], compute="gpu")], computes, {"a": "1h", "b": "1h"})
    assert [text for text in found if text.startswith(("cpu:", "gpu:", "off:"))] == [
        "cpu: 0.36 a node and hour: Virtual Machines Ddsv5 Series, Standard_A, eastus, from 2021-11-01; "
        "the list has no Dev/Test price for Linux: such machines cost as much as in tier dedicated"
    ]


def test_remarks_on_the_meter_of_actions_and_on_pages_are_told() -> None:
    paid = action_item(4_000, 0.000025)
    link = "https://prices.azure.com:443/api/retail/prices?$filter=x&$skip=100"
    made = replace(
        rates(), prices=PriceList.from_data(page_of(vm_item(), paid, NextPageLink=link)), remarks=("something else",)
    )
    found = make_estimate([], MARCH, made).assumptions
    assert any(text.startswith("prices: NextPageLink leads to a page that is not among the files") for text in found)
    assert (
        "Logic Apps: Logic Apps, Consumption Built-in Actions, eastus, from 2019-05-01; "
        "the list has no price for the first 4,000 units: taken as free"
    ) in found
    assert "something else" in found


def test_an_estimate_of_a_year_counts_instead_of_listing_months() -> None:
    found = estimate(
        [runs("a", range(0, 365 * 24 * HOUR, HOUR))], durations={"a": "10m"}, during=window("2026-03-01", "2027-03-01")
    )
    assert [share.runs for share in found.months.values()] == [
        days * 24 for days in (31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28)
    ]
    # 8,760 runs x 600 s x 0.0001; 1,488 executions a month at most: free.
    assert found.total == Decimal("525.6")
    assert PRICES is found.prices
