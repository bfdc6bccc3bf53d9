"""What runs occupy on a page: what the estimate of the same plan says, run by run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from page_contents import START, build

from pytest_mlschedule import JobSchedule, PipelineJob, Plan, plan_runs
from pytest_mlschedule.costs import compute_load
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.planning.estimates import estimate_runs
from pytest_mlschedule.report.page.content import Piece
from pytest_mlschedule.report.page.pieces import read_pieces
from pytest_mlschedule.schedules.models import Step

DAY = timedelta(days=1)


def plan_days(*schedules: JobSchedule, days: int = 2) -> Plan:
    return plan_runs(schedules, START, START + days * DAY)


def pieces_of(plan: Plan, durations: dict[str, object], *computes: Compute) -> dict[str, list[Piece]]:
    found = read_pieces(plan, estimate_runs(plan, durations=durations, computes=computes))
    plain = {"waits": tuple}
    return {
        name: [
            Piece(**{field: plain.get(field, lambda value: value)(getattr(piece, field)) for field in Piece.__slots__})
            for piece in pieces
        ]
        for name, pieces in found.items()
    }


def test_runs_wait_for_the_nodes_of_others() -> None:
    # Two nodes. At 10:00 a asks for two of them for 30 minutes, b at 10:10 for one: it waits 20 minutes, every day.
    plan = plan_days(build("a", "0 10 * * *", "UTC"), build("b", "10 10 * * *", "UTC"))
    found = pieces_of(
        plan, {"a": "30m", "b": {"p50": "5m", "p95": "9m"}}, Compute(name="cpu", nodes_per_run=2, max_nodes=2)
    )
    assert found == {
        "a": [Piece(compute="cpu", length=1800, nodes=2)],
        "b": [Piece(compute="cpu", length=300, longest=540, nodes=2, waits=(1200, 1200))],
    }


def test_a_run_that_never_fits() -> None:
    found = pieces_of(plan_days(build("a")), {"a": "30m"}, Compute(name="cpu", nodes_per_run=4, max_nodes=2))
    assert found["a"] == [Piece(compute="cpu", length=1800, nodes=4, fits=False)]


def test_steps_on_two_computes() -> None:
    job = PipelineJob(
        jobs={
            "prepare": Step(component="azureml:prepare:1", compute="azureml:cpu"),
            "train": Step(
                component="azureml:train:1",
                compute="azureml:gpu",
                inputs={"data": "${{parent.jobs.prepare.outputs.data}}"},
            ),
        }
    )
    plan = plan_days(build("steps", "0 4 * * *", "UTC").replace(create_job=job))
    found = pieces_of(plan, {"steps/prepare": "10m", "steps/train": "1h"})
    assert found["steps"] == [
        Piece(compute="cpu", length=600, nodes=1),
        Piece(compute="gpu", offset=600, length=3600, nodes=1),
    ]


def test_what_is_not_known_is_none() -> None:
    found = pieces_of(plan_days(build("a"), build("b").replace(create_job="azureml:elsewhere")), {})
    assert found == {"a": [Piece(compute="cpu")]}


def test_a_schedule_without_runs_has_a_place() -> None:
    late = plan_runs(
        build("a", "0 10 * * *", "UTC"), datetime(2026, 3, 1, 11, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC)
    )
    (piece,) = pieces_of(late, {"a": "30m"})["a"]
    assert (piece.compute, piece.waits) == ("cpu", ())


def test_the_length_is_known_where_runs_are_too_many_to_follow(monkeypatch) -> None:
    monkeypatch.setattr(compute_load, "MOST_RUNS", 1)
    assert pieces_of(plan_days(build("a")), {"a": "30m"})["a"] == [Piece(compute="cpu", length=1800, nodes=1)]
