"""``estimate_runs``: what the runs of a plan cost, from all that people have prices and durations in."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from estimate_plans import COST, CPU, NIGHTLY, PAGE, START, TRIGGER, plan_of, schedule

from pytest_mlschedule import (
    Compute,
    CostSettings,
    DefinitionError,
    Estimate,
    History,
    PriceList,
    Trials,
    estimate_runs,
    load_job,
    load_schedule,
    read_prices,
)
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.run_durations import RunDurations
from pytest_mlschedule.planning.estimates import describe_history, measure_durations


def test_the_shortest_way() -> None:
    estimate = estimate_runs(NIGHTLY, PAGE, {"nightly": "45m"}, computes=[CPU])
    assert estimate.total == COST
    assert estimate.total < 500
    assert estimate.of("nightly").compute.node_hours == Decimal("23.25")
    assert estimate.of("nightly").logic_app.executions == 62
    with pytest.raises(KeyError, match="weekly"):
        estimate.of("weekly")


def write(folder: Path, name: str = "prices.json") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(PAGE))
    return path


@pytest.mark.parametrize(
    "prices",
    [
        lambda folder: PAGE,
        lambda folder: PriceList.from_data(PAGE),
        lambda folder: write(folder),
        lambda folder: str(write(folder)),
        lambda folder: [write(folder)],
        lambda folder: (str(write(folder)), write(folder, "more.json")),
        lambda folder: write(folder, "prices/one.json").parent,
        lambda folder: read_prices([write(folder)]),
    ],
    ids=["data", "list", "path", "text", "paths", "several", "folder", "read"],
)
def test_prices_come_from_files_folders_and_data(prices: Callable[[Path], Any], tmp_path: Path) -> None:
    assert estimate_runs(NIGHTLY, prices(tmp_path), {"nightly": "45m"}, computes=[CPU]).total == COST


def test_without_prices_node_hours_are_known_and_money_is_not() -> None:
    estimate = estimate_runs(NIGHTLY, durations={"nightly": "45m"}, computes=[CPU])
    assert estimate.of("nightly").compute.node_hours == Decimal("23.25")
    assert (estimate.total, estimate.currency, estimate.prices) == (None, None, None)
    assert estimate.unknown == {"nightly": "no prices are given"}
    assert estimate.of("nightly").logic_app.cost == 0  # 62 executions are free, whatever one costs
    assert estimate_runs(NIGHTLY, settings=CostSettings(currency="EUR")).currency == "EUR"


def test_prices_in_another_currency() -> None:
    euros = {"Items": [{**item, "currencyCode": "EUR"} for item in PAGE["Items"]]}  # type: ignore[attr-defined]
    both = {"Items": [*PAGE["Items"], *euros["Items"]]}  # type: ignore[misc]
    found = estimate_runs(NIGHTLY, both, {"nightly": "45m"}, computes=[CPU], settings=CostSettings(currency="eur"))
    assert (found.currency, found.total) == ("EUR", COST)
    with pytest.raises(DefinitionError, match="the prices are in EUR and USD, and none is asked for"):
        estimate_runs(NIGHTLY, both)


@pytest.mark.parametrize(
    "durations",
    [
        {"nightly": "45m"},
        {"nightly": "2700s"},
        {"nightly": timedelta(minutes=45)},
        {"nightly": {"p50": "45m", "p95": "2h"}},
        {"nightly": Duration(2_700)},
        {"night*": "45m"},
        RunDurations(configured={"nightly": Duration(2_700)}),
        RunDurations(measured={"nightly": Duration(2_700, 2_700, (2_700,))}),
    ],
    ids=str,
)
def test_durations_as_people_have_them(durations: Any) -> None:
    assert estimate_runs(NIGHTLY, PAGE, durations, computes=[CPU]).total == COST


def job(name: str, *, minutes: int = 45, status: str = "Completed", stamp: str = "20260201T023000Z") -> dict[str, Any]:
    """A job of history, as ``az ml job list`` prints it."""
    start = datetime(2026, 2, 1, 2, 30, tzinfo=UTC)
    stages = {"Execution": {"StartTime": f"{start:%FT%TZ}", "EndTime": f"{start + timedelta(minutes=minutes):%FT%TZ}"}}
    return {
        "name": f"{name}-{stamp}-{status}-{minutes}",
        "display_name": f"{name}-{stamp}",
        "status": status,
        "type": "pipeline",
        "properties": {"runSource": "Schedule", "azureml.pipelines.stages": json.dumps(stages)},
        "creation_context": {"created_at": f"{start:%FT%TZ}"},
    }


def test_a_history_is_measured_and_what_it_leaves_out_is_said() -> None:
    history = History.from_data(
        [
            job("nightly"),
            job("nightly", stamp="20260202T023000Z"),
            job("nightly", minutes=1, status="Failed"),
            job("nightly", minutes=9, status="Canceled"),
            job("other", minutes=10),
        ]
    )
    assert measure_durations(history) == {
        "nightly": Duration(2_700, 2_700, (2_700, 2_700)),
        "other": Duration(600, 600, (600,)),
    }
    estimate = estimate_runs(NIGHTLY, PAGE, history, computes=[CPU])
    assert estimate.total == COST
    assert estimate.of("nightly").compute.origin == "measured, 2 runs of nightly"
    said = "history: 3 completed runs were measured; 1 failed and 1 canceled ones are left out, every planned run is taken to complete"
    assert [text for text in estimate.assumptions if text.startswith("history")] == [said]


def test_a_history_in_which_nothing_completed() -> None:
    history = History.from_data([job("nightly", status="Failed")])
    assert measure_durations(history) == {}
    assert estimate_runs(NIGHTLY, PAGE, history, computes=[CPU]).unknown == {
        "nightly": "no duration of its runs is known"
    }
    assert describe_history(History.from_data([job("a")])) == ("history: 1 completed run was measured",)
    assert describe_history(History()) == ("history: 0 completed runs were measured",)


def test_what_is_given_counts_more_than_settings() -> None:
    settings = CostSettings(
        computes={"cpu": Compute(name="cpu", size="Standard_Z", region="mars"), "gpu": CPU},
        durations={"nightly": Duration(60), "hourly": Duration(600)},
    )
    schedules = plan_of(schedule(), schedule("hourly", "0 * * * *"))
    estimate = estimate_runs(schedules, PAGE, {"nightly": "45m"}, computes=[CPU], settings=settings)
    # hourly: 744 runs x 600 s x 0.0001 = 44.64; 62 + 1,488 executions are free.
    assert (estimate.of("nightly").total, estimate.of("hourly").total) == (COST, Decimal("44.64"))
    known = RunDurations(configured={"nightly": Duration(2_700)})
    assert estimate_runs(schedules, PAGE, known, computes=[CPU], settings=settings) == estimate


def test_settings_count_where_nothing_is_given() -> None:
    settings = CostSettings(
        computes={"cpu": CPU}, durations={"nightly": Duration(2_700)}, price_factor=Decimal("0.5"), actions_per_run=9
    )
    estimate = estimate_runs(NIGHTLY, PAGE, settings=settings)
    assert estimate.total == COST / 2
    assert estimate.of("nightly").logic_app.executions == 31 * 9
    # A history counts below the settings.
    history = History.from_data([job("nightly", minutes=1)])
    assert estimate_runs(NIGHTLY, PAGE, history, settings=settings).total == COST / 2


def test_computes_may_be_a_mapping() -> None:
    assert estimate_runs(NIGHTLY, PAGE, {"nightly": "45m"}, computes={"cpu": CPU}).total == COST


def test_a_page_as_data_follows_no_link_and_says_so() -> None:
    found = estimate_runs(NIGHTLY, {**PAGE, "NextPageLink": "page2.json"}, {"nightly": "45m"}, computes=[CPU])
    said = "prices: NextPageLink leads to 'page2.json', which data cannot follow: prices may be missing"
    assert said in found.assumptions


@pytest.mark.parametrize("name", ["azureml:cpu", "cpu"])
def test_computes_may_be_named_as_jobs_name_them(name: str) -> None:
    compute = Compute(name=name, size="Standard_A", region="eastus")
    assert estimate_runs(NIGHTLY, PAGE, {"nightly": "45m"}, computes=[compute]).total == COST


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"durations": {"nightly": 45}}, TypeError, r"durations\['nightly'\]: a duration is a text such as '45m' or a timedelta, not int"),
        ({"durations": {"nightly": None}}, TypeError, "not NoneType"),
        ({"durations": {"nightly": "soon"}}, ValueError, r"durations\['nightly'\]: 'soon' is not a duration"),
        ({"durations": "45m"}, TypeError, r'durations are lengths by name, such as \{"nightly": "45m"\}, or a History, not str'),
        ({"durations": ["45m"]}, TypeError, "not list"),
        ({"computes": ["cpu"]}, TypeError, r"computes are Compute\(name=..., size=..., region=...\), not str"),
        ({"computes": [{"name": "cpu"}]}, TypeError, "not dict"),
        ({"computes": CPU}, TypeError, r"computes are several Compute\(name=..., size=..., region=...\), not Compute"),
        ({"computes": 5}, TypeError, "not int"),
        ({"trials": True}, TypeError, "not bool"),
        ({"trials": "5"}, TypeError, r"trials are a number or Trials\(number, seed\), not str"),
        ({"prices": {}}, DefinitionError, "is no price list but a mapping with no keys"),
        ({"prices": []}, DefinitionError, "no price file is given"),
        ({"prices": "nowhere.json"}, DefinitionError, "nowhere.json:1:1: MLS001 cannot be read"),
        ({"trials": Trials(0)}, ValueError, "a simulation has at least one trial, not 0"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(given: dict[str, Any], kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        estimate_runs(NIGHTLY, **{"prices": PAGE, "durations": {"nightly": "45m"}, "computes": [CPU], **given})


def test_a_price_factor_is_exact() -> None:
    with pytest.raises(
        TypeError, match=r'price_factor is a Decimal, not float: Decimal\("0.85"\) means that 85 % are paid'
    ):
        CostSettings(price_factor=0.85)  # type: ignore[arg-type]


def test_trials_give_spreads() -> None:
    durations = {"nightly": {"p50": "45m", "p95": "2h"}}
    estimate = estimate_runs(NIGHTLY, PAGE, durations, computes=[CPU], trials=Trials(50, seed=3))
    assert estimate.outlook is not None
    assert estimate.outlook.bill is not None
    assert (estimate.outlook.trials, estimate.outlook.seed) == (50, 3)
    assert (
        COST < estimate.outlook.bill.p50 < estimate.outlook.bill.p95
    )  # long runs are longer than short ones are short
    assert estimate_runs(NIGHTLY, PAGE, durations, computes=[CPU], trials=Trials(50, seed=3)) == estimate
    other = estimate_runs(NIGHTLY, PAGE, durations, computes=[CPU], trials=Trials(50, seed=4))
    assert other.outlook != estimate.outlook
    assert other.total == estimate.total
    assert estimate_runs(NIGHTLY, PAGE, durations, computes=[CPU]).outlook is None


def test_disabled_schedules_cost_nothing_and_are_there() -> None:
    estimate = estimate_runs(plan_of(schedule().replace(is_enabled=False)), PAGE, {}, computes=[CPU])
    one = estimate.of("nightly")
    assert (one.runs, one.total, one.compute.node_hours, one.logic_app.executions) == (0, 0, 0, 0)
    assert estimate.unknown == {}


IMPORT = "import_data: {type: mltable, name: d, path: 'azureml://datastores/x', source: {type: database, query: q, connection: 'azureml:c'}}"


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("create_job: azureml:train", "the job 'train' of the workspace is not known here"),
        (IMPORT, "what a data import occupies is not known"),
    ],
)
def test_what_nobody_knows_is_unknown(action: str, reason: str) -> None:
    made = load_schedule(io.StringIO(f"name: other\ntrigger: {TRIGGER}\n{action}\n"))
    estimate = estimate_runs(
        plan_of(made, schedule()), PAGE, {"nightly": "45m", "other": "1h", "train": "1h"}, computes=[CPU]
    )
    assert estimate.unknown == {"other": reason}
    assert (estimate.total, estimate.known_total) == (None, COST)
    assert estimate.of("other").runs == 31
    assert estimate.of("other").logic_app.cost == 0


def test_a_monitor_is_unknown() -> None:
    made = schedule("drift").replace(create_job=None, create_monitor={"compute": {"instance_type": "standard_e4s_v3"}})
    assert estimate_runs(plan_of(made), PAGE, {"drift": "1h"}).unknown == {
        "drift": "what a monitor occupies is not known"
    }


def test_a_job_of_the_workspace_that_is_known() -> None:
    made = load_schedule(io.StringIO(f"name: other\ntrigger: {TRIGGER}\ncreate_job: azureml:train\n"))
    train = load_job(io.StringIO("type: pipeline\nsettings: {default_compute: 'azureml:cpu'}\njobs: {}\n"))
    plan = plan_of(made, jobs={"train": train})
    assert estimate_runs(plan, PAGE, {"train": "45m"}, computes=[CPU]).total == COST


def test_parts_of_a_plan() -> None:
    plan = plan_of(schedule(), schedule("hourly", "0 * * * *"))
    lengths = {"nightly": "45m", "hourly": "10m"}
    assert estimate_runs(plan.for_schedule("nightly"), PAGE, lengths, computes=[CPU]).total == COST
    day = plan.between(START, START + timedelta(days=1))
    # 2,700 s + 24 x 600 s = 17,100 s.
    assert estimate_runs(day, PAGE, lengths, computes=[CPU]).total == Decimal("1.71")
    nothing = estimate_runs(plan_of(), PAGE)
    assert (nothing.total, nothing.schedules, nothing.months, nothing.unknown) == (0, (), {}, {})


def test_estimates_are_values() -> None:
    one, other = (estimate_runs(NIGHTLY, PAGE, {"nightly": "45m"}, computes=[CPU]) for _ in range(2))
    assert one == other
    assert isinstance(one, Estimate)
    with pytest.raises(AttributeError):
        one.currency = "EUR"  # type: ignore[misc]


def test_the_short_form_of_an_estimate() -> None:
    known = estimate_runs(NIGHTLY, PAGE, {"nightly": "45m"}, computes=[CPU])
    assert repr(known) == "<Estimate of 31 runs of 1 schedule: 8.37 USD>"
    assert repr(estimate_runs(NIGHTLY)) == "<Estimate of 31 runs of 1 schedule: 0.00 and what is not known>"
    several = plan_of(schedule(), schedule("often", "* * * * *"))
    partly = estimate_runs(several, PAGE, {"nightly": "45m"}, computes=[CPU])
    # 31 x 1,440 = 44,640 runs; (31 + 44,640) x 2 - 4,000 = 85,342 executions at 0.000025 are 2.13355; compute of nightly 8.37.
    assert repr(partly) == "<Estimate of 44,671 runs of 2 schedules: 10.50355 USD and what is not known>"
    once = NIGHTLY.between(START, START + timedelta(days=1))
    assert (
        repr(estimate_runs(once, PAGE, {"nightly": "45m"}, computes=[CPU]))
        == "<Estimate of 1 run of 1 schedule: 0.27 USD>"
    )
    assert repr(estimate_runs(plan_of(), PAGE)) == "<Estimate of 0 runs of 0 schedules: 0.00 USD>"
