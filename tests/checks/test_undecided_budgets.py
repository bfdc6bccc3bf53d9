"""MLS709: budgets that nobody can decide; and MLS707 to MLS709 as rules, in files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from costed_starts import CPU, DAY, GPU, Runs, every, excesses, money, nodes, rates, said, window
from priced_files import CONFIG, PRICES, schedule

from pytest_mlschedule import Diagnostic
from pytest_mlschedule.checks.check import CheckSettings, check_files
from pytest_mlschedule.config.checking import load_rates, make_settings
from pytest_mlschedule.config.reading import read_config
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.rates import Rates
from pytest_mlschedule.schedules.loader import load_files
from pytest_mlschedule.schedules.reader import Reader

MARCH = window("2026-03-10")
DAILY = every(DAY)
COST = "MLS709 nobody knows whether all schedules together keep max_cost_per_month of budgets: "
NODES = "MLS709 nobody knows whether all schedules together keep max_concurrent_nodes of budgets: "
PRICES_HINT = "--prices FILE, or prices in the configuration: pages of the Azure Retail Prices API"


@pytest.mark.parametrize(
    ("made_with", "reason", "hint"),
    [
        (rates(prices=None), "no prices are given", PRICES_HINT),
        (
            rates(computes=[GPU]),
            "the compute 'cpu' is not described",
            "add [computes.cpu] with its size and region to the configuration",
        ),
        (
            rates(computes=[Compute(name="cpu", size="Standard_A")]),
            "the region of the compute 'cpu' is not known",
            "add it to [computes.cpu] in the configuration",
        ),
        (
            rates({}),
            "no duration of its runs is known",
            'add it to [durations], as "a" = "45m", or give a history of jobs',
        ),
    ],
)
def test_why_a_cost_is_not_known_and_what_to_do(made_with: Rates, reason: str, hint: str) -> None:
    (found,) = excesses(money("500"), DAILY, during=MARCH, made_with=made_with)
    assert (f"{found.code} {found.message}", found.hint) == (f"{COST}a: {reason}", hint)
    assert (found.undecided, found.count, found.shown, found.largest) == (True, 1, "1 unknown", DAILY)


def test_nothing_that_is_asked_for_is_taken_for_nothing() -> None:
    nothing = Rates()
    assert said(money("0"), DAILY, during=MARCH, made_with=nothing) == [f"{COST}a: no duration of its runs is known"]
    assert said(nodes(1), DAILY, during=MARCH, made_with=nothing) == [f"{NODES}a: no duration of its runs is known"]


def test_what_does_not_run_is_known() -> None:
    never = [Runs("a", []), Runs("b", [], compute=None)]
    for budget in (money("0"), nodes(1)):
        assert excesses(budget, *never, during=MARCH, made_with=Rates()) == []


def test_reasons_are_told_once_those_of_most_schedules_first() -> None:
    starts = [
        every(DAY, "z", compute="tpu"),
        *(every(DAY, name, compute=None) for name in "edcba"),
        every(DAY, "f", compute="npu"),
        every(DAY, "known"),
    ]
    (found,) = excesses(money("500"), *starts, during=MARCH)
    # 31 nights of an hour: 11.16.
    assert f"{found.code} {found.message}" == (
        f"{COST}e, d, c and 2 more: the job that it runs is not known; z: the compute 'tpu' is not described; "
        "f: the compute 'npu' is not described; what is known comes to 11.16 USD in 2026-03"
    )
    assert found.hint == (
        "add [computes.tpu] with its size and region to the configuration; a saved plan does not say what its jobs occupy: estimate the schedules themselves; "
        "add [computes.npu] with its size and region to the configuration"
    )
    assert found.largest is starts[0]
    assert len(found.schedules) == 7


def test_many_reasons_are_cut() -> None:
    starts = [every(DAY, f"s{index}", compute=f"c{index}") for index in range(6)]
    (found,) = excesses(money("500"), *starts, during=MARCH)
    assert found.message.endswith("s2: the compute 'c2' is not described; 3 more reasons")
    (found,) = excesses(money("500"), *starts[:4], during=MARCH)
    assert found.message.endswith("s3: the compute 'c3' is not described")


def test_hints_that_say_the_same_of_others_are_told_once() -> None:
    starts = [every(DAY, name) for name in "ab"]
    (found,) = excesses(money("500"), *starts, during=MARCH, made_with=rates({}))
    assert found.hint == 'add it to [durations], as "a" = "45m", or give a history of jobs'
    (found,) = excesses(money("500"), every(DAY, compute="azureml:${{x}}"), during=MARCH)
    assert found.hint == "a saved plan does not say what its jobs occupy: estimate the schedules themselves"


def test_a_budget_of_each_schedule_is_told_once_for_all() -> None:
    starts = [every(DAY, "score-a"), every(DAY, "score-b", compute="tpu"), every(DAY, "score-c", compute="tpu")]
    whom = 'MLS709 nobody knows whether schedules called score-* keep {} of budgets.schedules."score-*": '
    assert said(money("20", "schedule", "score-*"), *starts, during=MARCH) == [
        f"{whom.format('max_cost_per_month')}score-b and score-c: the compute 'tpu' is not described"
    ]
    # One of them is over the limit for what is known: that is an excess of its own.
    assert [text[:6] for text in said(money("11", "schedule", "score-*"), *starts, during=MARCH)] == [
        "MLS707",
        "MLS709",
    ]


def test_schedules_of_a_tag() -> None:
    ml = {"team": "ml"}
    assert said(nodes(1, "tag", "team=ml"), every(DAY, tags=ml), during=MARCH, made_with=rates({})) == [
        "MLS709 nobody knows whether schedules tagged team=ml together keep max_concurrent_nodes of "
        'budgets.tags."team=ml": a: no duration of its runs is known'
    ]


def test_a_limit_that_is_exceeded_without_it_is_decided() -> None:
    starts = [DAILY, every(DAY, "b", compute="tpu")]
    assert [one.code for one in excesses(money("11"), *starts, during=MARCH)] == ["MLS707"]
    assert [one.code for one in excesses(money("12"), *starts, during=MARCH)] == ["MLS709"]


def test_nodes_that_are_always_on_and_have_no_price() -> None:
    on = rates(computes=[CPU, Compute(name="spare", min_nodes=2)])
    (found,) = excesses(money("500"), DAILY, during=MARCH, made_with=on)
    assert f"{found.code} {found.message}" == (
        f"{COST}spare always on: the size and the region of the compute 'spare' is not known; "
        "what is known comes to 11.16 USD in 2026-03"
    )
    assert found.largest is DAILY
    assert excesses(money("500", "schedule", "a"), DAILY, during=MARCH, made_with=on) == []


def test_an_undecided_budget_is_known_again() -> None:
    starts = [every(DAY, name, compute="tpu") for name in "ab"]
    (before,) = excesses(money("500"), starts[0], during=MARCH)
    (after,) = excesses(money("500"), *starts, during=MARCH)
    (other,) = excesses(nodes(1), starts[0], during=MARCH, made_with=rates({}))
    assert before.key == after.key != other.key
    assert after.is_more_than(before)
    assert not before.is_more_than(after)
    (exceeded,) = excesses(money("1"), DAILY, during=MARCH)
    assert exceeded.key != before.key


# As rules, in files.

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)


def check(folder: Path, config: str, *schedules: str) -> list[Diagnostic]:
    """What budgets say of files under a configuration, in the order of files."""
    (folder / "mlschedule.toml").write_text(config, encoding="utf-8")
    (folder / "prices.json").write_text(PRICES, encoding="utf-8")
    for number, text in enumerate(schedules, 1):
        (folder / f"{number}.yml").write_text(text, encoding="utf-8")
    reader = Reader()
    read = read_config(folder / "mlschedule.toml")
    settings = make_settings(read, now=NOW, jobs={}, reader=reader)
    files = list(load_files([folder / f"{number + 1}.yml" for number in range(len(schedules))], reader=reader))
    found = check_files(files, replace(settings, rates=load_rates(read))).findings
    return [one for one in found if one.code.startswith("MLS7")]


def told(found: list[Diagnostic], folder: Path) -> list[str]:
    return [str(one).partition("\n")[0].replace(f"{folder}/", "") for one in found]


def test_the_month_that_has_begun_counts_from_the_creation_on(tmp_path: Path) -> None:
    """Now is 15 March, noon: 16 nights are left of March (5.76), April has 30 (10.80)."""
    found = check(tmp_path, f"{CONFIG}[budgets]\nmax_cost_per_month = 5\n", schedule("a"))
    assert told(found, tmp_path) == [
        "1.yml:2:1: MLS707 trigger: all schedules cost 10.80 USD in 2026-04 (UTC): a 10.80; "
        "budgets (mlschedule.toml:11) allows 5.00 a month; 1 more month costs too much as well"
    ]
    found = check(tmp_path, f"{CONFIG}[budgets]\nmax_cost_per_month = 5.76\n", schedule("a"))
    assert "more month" not in found[0].message


def test_findings_stand_at_the_trigger_of_the_largest_part(tmp_path: Path) -> None:
    budgets = "[budgets]\nmax_cost_per_month = 60\nmax_concurrent_nodes = 1\n"
    found = check(tmp_path, CONFIG + budgets, schedule("a"), schedule("b", compute="gpu"), schedule("c"))
    # April: 2 x 10.80 + 30 x 1.80 = 75.60.
    assert told(found, tmp_path) == [
        "1.yml:2:1: MLS708 trigger: all schedules ask for 2 nodes of cpu at 2026-03-16 03:00 (UTC): a 1, c 1; "
        "budgets (mlschedule.toml:12) allows 1 at a time; 30 more times there are too many as well",
        "2.yml:2:1: MLS707 trigger: all schedules cost 75.60 USD in 2026-04 (UTC): b 54.00, a 10.80, c 10.80; "
        "budgets (mlschedule.toml:11) allows 60.00 a month",
    ]
    assert {one.severity.value for one in found} == {"error"}


def test_an_undecided_budget_is_a_warning_at_the_first_schedule_that_is_not_known(tmp_path: Path) -> None:
    budgets = "[budgets]\nmax_cost_per_month = 60\nmax_concurrent_nodes = 1\n"
    monitor = schedule("m").partition("create_job")[0]
    monitor += "create_monitor: {compute: {instance_type: standard_e4s_v3, runtime_version: '3.4'}}\n"
    (first, second) = check(tmp_path, CONFIG + budgets, schedule("a"), monitor)
    assert (first.severity.value, str(first.location)) == ("warning", f"{tmp_path}/2.yml:2:1")
    texts = told([first, second], tmp_path)
    assert texts == [
        f"2.yml:2:1: MLS709 trigger: nobody knows whether all schedules together keep {limit} of budgets "
        f"(mlschedule.toml:{line}): m: what a monitor occupies is not known{known}"
        for limit, line, known in (
            ("max_cost_per_month", 11, "; what is known comes to 10.80 USD in 2026-04"),
            ("max_concurrent_nodes", 12, ""),
        )
    ]
    assert first.hint == "say what the runs take, or leave them out of the budget"


def test_disabled_schedules_cost_nothing(tmp_path: Path) -> None:
    (path := tmp_path / "a.yml").write_text(schedule("a"), encoding="utf-8")
    (file,) = load_files([path])
    (one,) = file.schedules
    costs, crowd = money("0"), nodes(1)
    settings = CheckSettings(now=NOW, budgets=(costs, replace(crowd, scope="schedule", name="*")), rates=rates({}))
    assert [item.code for item in check_files([file], settings).findings if item.code > "MLS7"] == ["MLS709", "MLS709"]
    disabled = replace(file, schedules=(one.replace(is_enabled=False),))
    assert [item.code for item in check_files([disabled], settings).findings if item.code > "MLS7"] == []


def test_the_pipeline_says_how_many_nodes_its_runs_take(tmp_path: Path) -> None:
    (tmp_path / "job.yml").write_text(
        "type: pipeline\nexperiment_name: e\nsettings: {default_compute: azureml:cpu}\njobs:\n  fit:\n    type: command\n"
        "    command: ls\n    environment: azureml:e@latest\n    resources: {instance_count: 3}\n"
    )
    text = schedule("a").partition("create_job")[0] + "create_job: ./job.yml\n"
    found = check(tmp_path, f"{CONFIG}[budgets]\nmax_cost_per_month = 32\nmax_concurrent_nodes = 2\n", text)
    # Three nodes: 30 x 3 x 0.36 = 32.40.
    assert [one.message.partition(" in ")[0].partition(" at ")[0] for one in found] == [
        "all schedules cost 32.40 USD",
        "all schedules ask for 3 nodes of cpu",
    ]


def test_rules_of_money_can_be_left_out_like_others(tmp_path: Path) -> None:
    budgets = "[budgets]\nmax_cost_per_month = 5\nmax_concurrent_nodes = 1\n"
    both = (schedule("a"), schedule("b"))
    assert [one.code for one in check(tmp_path, CONFIG + budgets, *both)] == ["MLS707", "MLS708"]
    rules = '[rules]\nignore = ["cost-a-month"]\nseverity = {concurrent-nodes = "note"}\n'
    (found,) = check(tmp_path, CONFIG + rules + budgets, *both)
    assert (found.code, found.severity.value) == ("MLS708", "note")
    comment = schedule("a").replace("trigger:", "trigger:  # mls: ignore[MLS707, MLS708] agreed")
    assert check(tmp_path, CONFIG + budgets, comment, schedule("b")) == []
