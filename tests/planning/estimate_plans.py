"""Plans and prices for estimates to vary. A node of cpu costs 0.36 an hour: 0.0001 a second."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from priced_files import actions, machine, page

from pytest_mlschedule import Compute, CronTrigger, JobSchedule, PipelineJob, Plan, plan_runs

START, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
MACHINE = machine("Standard_A", 0.36, meterName="A", skuName="A")
ACTIONS = actions(0.0, 0.0)
PAGE = page(MACHINE, ACTIONS, actions(4000.0, 0.000025))
CPU = Compute(name="cpu", size="Standard_A", region="eastus")


def schedule(name: str = "nightly", expression: str = "30 2 * * *", **job: Any) -> JobSchedule:
    """A schedule whose pipeline runs on cpu."""
    trigger = CronTrigger(expression, start_time="2026-01-01T00:00:00")
    created = PipelineJob(**{"settings": {"default_compute": "azureml:cpu"}, **job})
    return JobSchedule(name=name, trigger=trigger, create_job=created)


def plan_of(*schedules: JobSchedule, **more: Any) -> Plan:
    return plan_runs(list(schedules), START, END, **more)


NIGHTLY = plan_of(schedule())
# 31 runs x 45 min = 83,700 s; x 0.0001 = 8.37.
COST = Decimal("8.37")
TRIGGER = '{type: cron, expression: "0 6 * * *", start_time: "2026-01-01T00:00:00"}'
