"""The text of the page: what is on it, and that nothing in it does harm."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import lxml.html
import pytest

from pytest_mlschedule import CronTrigger, FakeWorkspace, JobSchedule, PipelineJob, SimulatedClock
from pytest_mlschedule.serve.documents import write_state
from pytest_mlschedule.serve.page import HEADERS, write_page
from pytest_mlschedule.serve.simulation import Simulation

HARM = "</title></script><script>document.title='harm'</script><img src=x onerror=alert(1)>\"'&{{now}}"


def show(*schedules: JobSchedule, jobs: int = 0, name: str = "fake-workspace") -> Any:
    workspace = FakeWorkspace(clock=SimulatedClock(datetime(2026, 3, 2, tzinfo=UTC)), name=name)
    for schedule in schedules:
        workspace.schedules.begin_create_or_update(schedule)
    for number in range(jobs):
        workspace.jobs.create_or_update(PipelineJob(name=f"job-{number}", compute="azureml:cpu", display_name=HARM))
    return lxml.html.document_fromstring(write_page(write_state(Simulation(workspace))))


def table(page: Any, part: str) -> list[list[str]]:
    rows = page.get_element_by_id(part).xpath(".//tbody/tr")
    return [[" / ".join(piece.strip() for piece in cell.itertext()) for cell in row] for row in rows]


def cron(name: str, **more: Any) -> JobSchedule:
    trigger = CronTrigger("30 2 * * *", time_zone="Pacific Standard Time", start_time="2026-01-01T00:00:00")
    return JobSchedule(name=name, trigger=trigger, create_job="azureml:train", **more)


def test_what_is_on_the_page() -> None:
    page = show(cron("nightly", display_name="Every night"), cron("paused", is_enabled=False))
    assert page.findtext(".//title") == "fake-workspace - mlschedule serve"
    assert table(page, "schedules") == [
        ["nightly / Every night", "every day at 02:30 Pacific", "enabled", "2026-03-02T10:30:00Z / Mon 2026-03-02 02:30 -08:00", "0"],
        ["paused", "every day at 02:30 Pacific", "disabled", "", "0"],
    ]  # fmt: skip
    runs = table(page, "runs")
    assert len(runs) == 50
    assert runs[0] == [
        "nightly",
        "2026-03-02T10:30:00Z / Mon 2026-03-02 02:30 -08:00",
        "nightly-20260302T103000Z",
    ]
    assert page.get_element_by_id("now").get("data-next") == "2026-03-02T10:30:00Z"
    assert "Next: nightly at 2026-03-02T10:30:00Z." in page.get_element_by_id("now").text_content()
    assert page.get_element_by_id("jobs-shown").text == "None yet: move the clock, or trigger a schedule."


def test_an_empty_workspace() -> None:
    page = show()
    assert page.get_element_by_id("schedules").text_content() == "There are no schedules yet."
    assert page.get_element_by_id("runs").text_content() == "Nothing is going to run."
    assert page.get_element_by_id("now").get("data-next") == ""


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1 in all."), (100, "100 in all."), (1200, "1,200 in all, the last 100 are shown.")]
)
def test_the_last_jobs_are_shown(number: int, text: str) -> None:
    page = show(jobs=number)
    assert page.get_element_by_id("jobs-shown").text == text
    rows = table(page, "jobs")
    assert len(rows) == min(number, 100)
    assert rows[0] == [f"{HARM} / job-{number - 1}", "put there", "2026-03-02T00:00:00Z", "Completed"]


def test_texts_do_no_harm() -> None:
    page = show(cron("nightly", display_name=HARM), jobs=1, name=HARM.replace("/", "\\"))
    assert len(page.xpath("//script")) == 1
    assert page.xpath("//img") == []
    assert not [element for element in page.iter() for name in element.attrib if name.startswith("on")]
    assert table(page, "schedules")[0][0] == f"nightly / {HARM}"
    assert "{{now}}" in page.findtext(".//title")


def test_half_a_character_can_be_sent() -> None:
    page = show(cron("nightly", display_name="\ud83d half"))
    assert "half" in table(page, "schedules")[0][0]


def test_the_policy_lets_the_pages_own_script_and_style_run_and_nothing_else() -> None:
    page = show()
    policy = HEADERS["Content-Security-Policy"]
    for name in ("script", "style"):
        (element,) = page.xpath(f"//{name}")
        digest = b64encode(sha256(element.text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    text = lxml.html.tostring(page, encoding="unicode")
    assert not re.search(r"https?://", text.replace("http://www.w3.org", ""))
    assert not page.xpath("//*[@style]")
