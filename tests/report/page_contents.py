"""Plans to put on a page, and what stands on it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

from pytest_mlschedule import (
    CronTrigger,
    JobSchedule,
    PipelineJob,
    Plan,
    RecurrencePattern,
    RecurrenceTrigger,
    plan_runs,
)
from pytest_mlschedule.report.page.content import PageContent
from pytest_mlschedule.report.page.page import write_page

START, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
NOW = datetime(2026, 2, 20, 9, 30, tzinfo=UTC)


def build(name: str, expression: str = "30 2 * * *", zone: str = "Pacific Standard Time", **more: Any) -> JobSchedule:
    """A schedule on the compute cpu, unless ``compute`` says another."""
    settings = {"default_compute": more.pop("compute", "azureml:cpu")}
    trigger = CronTrigger(expression, time_zone=zone, start_time="2026-01-01T00:00:00")
    return JobSchedule(name=name, trigger=trigger, create_job=PipelineJob(settings=settings), **more)


def some_schedules() -> list[JobSchedule]:
    """In three zones: nightly, hourly on working days, twice a month, disabled."""
    monthly = RecurrenceTrigger(
        frequency="month",
        interval=1,
        schedule=RecurrencePattern(hours=[9], minutes=[0], month_days=[1, 15]),
        start_time="2026-01-01T00:00:00",
        time_zone="India Standard Time",
    )
    return [
        build("nightly", display_name="Nightly scoring", description="every customer", tags={"team": "ml"}),
        build("hourly", "15 8-17 * * MON-FRI", "W. Europe Standard Time", compute="azureml:gpu"),
        JobSchedule(name="monthly", trigger=monthly, create_job="azureml:report"),
        build("paused", is_enabled=False),
    ]


def some_plan() -> Plan:
    return plan_runs(some_schedules(), START, END)


def content(plan: Plan | None = None, **more: Any) -> PageContent:
    return PageContent(**{"plan": some_plan() if plan is None else plan, "made_at": NOW, "title": "Schedules", **more})


def read_data(page: str) -> Any:
    """The data of a page, as a browser takes them from it."""
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script', page, re.DOTALL | re.IGNORECASE)
    return json.loads(text)


def data_of(made: PageContent) -> Any:
    return read_data(write_page(made))


def table_of(page: str) -> list[list[str]]:
    """The rows of the table for those without scripts."""
    (body,) = re.findall(r"<noscript>.*?<tbody>(.*?)</tbody>", page, re.DOTALL)
    return [
        [unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in body.strip().split("\n")
    ]
