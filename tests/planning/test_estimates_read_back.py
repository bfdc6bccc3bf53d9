"""What a plan costs that was read back from JSON: the same, but for what only the job itself knows."""

from __future__ import annotations

import io
import json

from estimate_plans import CPU, PAGE, TRIGGER, plan_of, schedule

from pytest_mlschedule import Compute, Plan, estimate_runs, load_schedule


def as_read_back(plan: Plan) -> Plan:
    return Plan.from_dict(json.loads(json.dumps(plan.to_dict())))


def test_a_plan_that_was_read_back_costs_the_same() -> None:
    plan = plan_of(
        schedule(tags={"team": "ml"}),
        schedule("hourly", "0 * * * *"),
        schedule("never").replace(is_enabled=False),
    )
    durations = {"team=ml": "45m", "hourly": "10m"}
    idle = Compute(name="cpu", size="Standard_A", region="eastus", idle_seconds=600, min_nodes=1, max_nodes=2)
    made, read = (estimate_runs(one, PAGE, durations, computes=[idle]) for one in (plan, as_read_back(plan)))
    assert read.to_dict() == made.to_dict()
    assert made.total is not None


def test_a_plan_that_was_read_back_knows_no_pipelines() -> None:
    made = load_schedule(io.StringIO(f"name: other\ntrigger: {TRIGGER}\ncreate_job: azureml:train\n"))
    estimate = estimate_runs(as_read_back(plan_of(made)), PAGE, {"other": "45m"}, computes=[CPU])
    assert estimate.unknown == {"other": "the job that it runs is not known"}
    assert estimate.hints == ("a saved plan does not say what its jobs occupy: estimate the schedules themselves",)
    live = estimate_runs(plan_of(made), PAGE, {"other": "45m"}, computes=[CPU])
    assert live.unknown == {"other": "the job 'train' of the workspace is not known here"}
    assert live.hints == ("say what it is (--jobs on the command line)",)
