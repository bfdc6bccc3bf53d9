"""The example estate: what its README tells, and that calibration names the knob of a service that does otherwise."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections import Counter
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pytest_mlschedule import load_schedules, read_history

ESTATE = Path(__file__).parents[1] / "examples" / "estate"
COMMAND = [sys.executable, "-m", "pytest_mlschedule.cli"]
LARGEST = 1_500_000
# The warnings that the README of the example tells about.
KNOWN = {
    ("MLS311", "forecast-europe.yml"),
    ("MLS312", "forecast-europe.yml"),
    ("MLS311", "reconcile-billing.yml"),
    ("MLS311", "score-au.yml"),
    ("MLS312", "score-au.yml"),
    ("MLS602", "score-us.yml"),
}


def run(*words: str, status: int = 0) -> str:
    done = subprocess.run(words, cwd=ESTATE, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def make_history(path: Path, *options: str) -> Path:
    run(sys.executable, "make_history.py", *options, "-o", str(path))
    return path


def calibrate(path: Path) -> dict[str, Any]:
    found = json.loads(run(*COMMAND, "audit", str(path), "--calibrate", "--now", "2026-04-06", "-o", "json"))
    assert isinstance(found, dict)
    return found


def test_thirty_schedules_and_more_on_four_computes() -> None:
    schedules = load_schedules(ESTATE / "schedules")
    pipelines = [path.read_text(encoding="utf-8") for path in (ESTATE / "pipelines").glob("*.yml")]
    computes = tomllib.loads((ESTATE / "mlschedule.toml").read_text(encoding="utf-8"))["computes"]
    assert len(schedules) >= 30
    assert len(computes) == 4
    assert all(any(f"azureml:{name}\n" in text for text in pipelines) for name in computes)


@pytest.mark.parametrize("day", ["2026-03-02", "2026-04-01", "2027-02-28"])
def test_check_finds_what_the_readme_tells_and_nothing_else(day: str) -> None:
    found = json.loads(run(*COMMAND, "check", "--now", day, "-o", "json"))["findings"]
    assert {(one["code"], Path(one["path"]).name) for one in found} <= KNOWN


@cache
def estimate() -> dict[str, Any]:
    window = ("--from", "2026-04-01", "--to", "2026-05-01", "--trials", "0")
    found = json.loads(run(*COMMAND, "estimate", *window, "-o", "json"))
    assert isinstance(found, dict)
    return found


def measure(schedule: str) -> int:
    """The mean length of the completed runs of a schedule in the history, in whole seconds."""
    lengths = []
    for job in json.loads((ESTATE / "history" / "jobs.json").read_text(encoding="utf-8")):
        properties = job["properties"]
        if properties.get("azureml.genericTriggerName") == schedule and job["status"] == "Completed":
            times = json.loads(properties["azureml.pipelines.stages"])["Execution"]
            start, end = (datetime.fromisoformat(times[name]) for name in ("StartTime", "EndTime"))
            lengths.append((end - start).total_seconds())
    return round(sum(lengths) / len(lengths))


@pytest.mark.parametrize(
    ("schedule", "runs", "nodes"),
    [("backtest", 2, 4), ("forecast-europe", 30, 2), ("score-us", 30, 1), ("ingest-orders", 4 * 6 * 22, 1)],
)
def test_busy_node_hours_are_runs_times_nodes_times_the_mean_of_the_history(
    schedule: str, runs: int, nodes: int
) -> None:
    (found,) = (one for one in estimate()["schedules"] if one["name"] == schedule)
    compute = found["compute"]
    assert found["runs"] == runs
    busy = compute["node_hours"] - compute["idle_node_hours"]
    assert round(busy * 3600) == runs * nodes * measure(schedule)


def test_the_bill_adds_up() -> None:
    found = estimate()
    prices = {"cpu-small": "0.293", "cpu-large": "0.0544", "mem-large": "0.576", "gpu": "3.823"}
    assert {one["name"]: one["price"] for one in found["computes"]} == prices
    for one in found["computes"]:
        hours = Decimal(round(sum(one["node_hours"].values()) * 3600)) / 3600
        assert round(Decimal(one["cost"]), 6) == round(hours * Decimal(prices[one["name"]]), 6)
    # Two actions a run; the first 4,000 of a month are free, each one more is 0.000025.
    logic_apps = (2 * sum(one["runs"] for one in found["schedules"]) - 4000) * Decimal("0.000025")
    assert sum(Decimal(one["logic_app"]["cost"]) for one in found["schedules"]) == logic_apps
    assert round(Decimal(found["total"]), 6) == round(
        sum(Decimal(one["cost"]) for one in found["computes"]) + logic_apps, 6
    )


def test_ten_runs_ask_for_six_nodes_at_two_in_the_morning() -> None:
    (small,) = (one for one in estimate()["computes"] if one["name"] == "cpu-small")
    at_two = [
        *("score-br", "score-ca", "score-de", "score-es", "score-fr", "score-mx", "score-uk", "score-us"),
        *("export-customers", "ingest-stock"),
    ]
    assert small["peak"]["nodes"]["count"] == len(at_two)
    assert sorted(one["name"] for one in small["peak"]["nodes"]["schedules"]) == sorted(at_two)
    assert small["delays"]["runs"] == (10 - 6) * 30


def test_the_report_has_every_schedule(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    run(*COMMAND, "report", "--from", "2026-04-01", "--for", "30d", "--now", "2026-03-30", "-o", str(page))
    text = page.read_text(encoding="utf-8")
    assert [one.name for one in load_schedules(ESTATE / "schedules") if one.name not in text] == []


def test_the_history_is_what_the_script_writes(tmp_path: Path) -> None:
    committed = (ESTATE / "history" / "jobs.json").read_bytes()
    assert make_history(tmp_path / "jobs.json").read_bytes() == committed
    assert len(committed) <= LARGEST


def test_another_seed_is_another_history_of_the_same_runs(tmp_path: Path) -> None:
    first, second = (
        read_history(path)
        for path in (ESTATE / "history" / "jobs.json", make_history(tmp_path / "jobs.json", "--seed", "5"))
    )
    assert {job.duration for job in first.jobs} != {job.duration for job in second.jobs}
    assert {job.display_name for job in first.jobs if job.source} == {
        job.display_name for job in second.jobs if job.source
    }


def test_the_history_has_something_of_everything() -> None:
    history = read_history(ESTATE / "history" / "jobs.json")
    outcomes = Counter(job.outcome for job in history.jobs if job.source == "schedule")
    assert {name for name, count in outcomes.items() if count} >= {"completed", "failed", "canceled"}
    assert 0.02 < (outcomes["failed"] + outcomes["canceled"]) / outcomes.total() < 0.06
    assert "legacy-scoring" in history.schedules
    assert not history.notes
    assert all(job.created is not None and job.duration is not None for job in history.jobs)


def test_the_audit_tells_what_the_script_planted() -> None:
    found = json.loads(run(*COMMAND, "audit", "history/jobs.json", "--now", "2026-04-06", "-o", "json"))
    assert found["unknown_schedules"] == {"legacy-scoring": 18}
    assert found["other_jobs"] == 2 * 35
    assert found["extra"] == 1
    assert found["manual"] == 3 + 1  # by hand, and submitted twice
    kinds = [
        (one["name"], entry["kind"], entry["trigger_time"]) for one in found["schedules"] for entry in one["entries"]
    ]
    missing = [(name, at) for name, kind, at in kinds if kind == "missing"]
    assert ("forecast-promotions", "2026-03-05T17:00:00Z") in missing
    outage = [at for name, at in missing if name != "forecast-promotions"]
    assert len(outage) == len(missing) - 1 == 16
    assert all("2026-03-17T05:50:00Z" <= at < "2026-03-17T08:40:00Z" for at in outage)
    late = {at for name, kind, at in kinds if kind == "late" and name == "ingest-orders"}
    assert {"2026-03-17T08:45:00Z", "2026-03-17T09:00:00Z"} <= late


def test_nothing_contradicts_the_documented_service() -> None:
    found = calibrate(ESTATE / "history" / "jobs.json")
    assert found["contradicted"] == []
    supported = {knob["knob"] for knob in found["knobs"] if knob["verdict"] == "supported"}
    assert supported == {"gap", "fold", "week_start", "end_time", "trigger_time_format"}


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        ("gap", "skip"),
        ("fold", "second"),
        ("fold", "both"),
        ("week_start", "sunday"),
        ("end_time", "exclusive"),
        ("trigger_time_format", "%d.%m.%Y %H:%M"),
    ],
)
def test_calibration_names_the_knob_of_a_service_that_does_otherwise(knob: str, value: str, tmp_path: Path) -> None:
    found = calibrate(make_history(tmp_path / "jobs.json", "--deviate", f"{knob}={value}"))
    assert found["contradicted"] == [knob]
    assert found["profile"] == {knob: value}
    (verdict,) = (one for one in found["knobs"] if one["knob"] == knob)
    assert (verdict["verdict"], verdict["points_to"]) == ("contradicted", value)
    assert verdict["evidence"]


@pytest.mark.parametrize(
    "knob",
    [
        *("gap", "gap=jump", "leap=skip", "provisioning_delay=10m"),
        *("first_run=instant", "start_time_offset=dropped", "default_experiment=default", "gap=shift"),
    ],
)
def test_a_deviation_that_there_is_not_or_that_changes_nothing_is_refused(knob: str, tmp_path: Path) -> None:
    options = ("--deviate", "fold=second", "--deviate", knob, "-o", str(tmp_path / "jobs.json"))
    assert run(sys.executable, "make_history.py", *options, status=2) == ""
    assert not (tmp_path / "jobs.json").exists()
