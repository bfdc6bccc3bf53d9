"""The table of findings, and what is said of broken files and guesses."""

from __future__ import annotations

from dataclasses import replace

from estates import build, make_content
from visits import Visit, Visits

from pytest_mlschedule import JobSchedule, RecurrenceTrigger
from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity
from pytest_mlschedule.report.page.content import PageContent, PageFindings


def content() -> PageContent:
    items = (
        Diagnostic("MLS101", Severity.ERROR, "five fields are needed", "add one", Location("s/broken.yml", 4, 16)),
        Diagnostic("MLS103", Severity.WARNING, "the 1 in DAYS is ignored", 'write "*"', Location("s/a.yml", 4, 16)),
        Diagnostic("MLS103", Severity.WARNING, "the 2 in DAYS is ignored", 'write "*"', Location("s/b.yml", 4, 16)),
        Diagnostic("MLS507", Severity.NOTE, "the job is not known"),
    )
    made = make_content(
        [build("a", "0 4 * * *").replace(source="s/a.yml"), build("b", "0 5 * * *").replace(source="s/b.yml")]
    )
    return replace(made, findings=PageFindings(items=items, left_out=2, broken=("s/broken.yml",)))


def shown(page: Visit) -> list[str]:
    return [row.get_attribute("data-code") or "" for row in page.page.locator("#findings tbody tr").all()]


def test_all_are_shown_in_order(visit: Visits) -> None:
    page = visit(content())
    assert shown(page) == ["MLS101", "MLS103", "MLS103", "MLS507"]
    assert page.page.locator("#findings tbody tr").nth(1).locator("th, td").all_inner_texts() == [
        "warning",
        "MLS103\ndays-and-months-ignored",
        'the 1 in DAYS is ignored\nwrite "*"',
        "s/a.yml:4:16",
    ]
    assert page.text("#tile-findings .tile-value") == "4"
    assert page.text("#tile-findings .tile-more") == "1 error, 2 warnings, 1 note"
    assert page.text("#findings-found") == "4 of 4"
    assert "2 more are left out by comments in files or by the baseline." in page.text("#findings")


def test_filters_of_their_own(visit: Visits) -> None:
    page = visit(content())
    tools = page.page.locator("#findings-tools")
    tools.get_by_role("button", name="warnings 2").click()
    assert shown(page) == ["MLS101", "MLS507"]
    assert page.text("#findings-found") == "2 of 4"
    tools.get_by_role("button", name="warnings 2").click()
    tools.get_by_label("Rule").select_option("MLS103")
    assert shown(page) == ["MLS103", "MLS103"]
    tools.get_by_role("searchbox").fill("B.YML")
    assert shown(page) == ["MLS103"]
    tools.get_by_role("searchbox").fill("nothing")
    assert page.text("#findings").startswith("No finding fits.")


def test_a_schedule_that_is_chosen_has_its_own(visit: Visits) -> None:
    page = visit(content())
    page.schedule("b").click()
    assert shown(page) == ["MLS103"]
    assert "s/b.yml:4:16" in page.text("#findings")
    assert page.text("#tile-findings .tile-value") == "1"


def test_many_are_unfolded(visit: Visits) -> None:
    items = tuple(Diagnostic("MLS103", Severity.WARNING, f"number {index}") for index in range(250))
    page = visit(replace(content(), findings=PageFindings(items=items)))
    assert len(shown(page)) == 100
    page.page.get_by_role("button", name="Show all 250 findings").click()
    assert len(shown(page)) == 250


def test_none_is_said(visit: Visits) -> None:
    page = visit(make_content([build("a", "0 4 * * *")]))
    assert page.text("#findings") == "Nothing was found."
    assert page.text("#tile-findings .tile-more") == "nothing to say"


def test_broken_files_are_told_first(visit: Visits) -> None:
    page = visit(content())
    assert (
        page.text("#banner")
        == "A file is wrong: runs of schedules in it may be missing on this page. s/broken.yml. The table of findings says why."
    )


def test_a_guess_is_told(visit: Visits) -> None:
    every = JobSchedule(
        name="elapsed", trigger=RecurrenceTrigger(frequency="hour", interval=5, time_zone="UTC"), create_job="azureml:x"
    )
    page = visit(make_content([every]))
    assert (
        page.text("#banner")
        == "1 schedule without start_time: the times hang on the creation of the schedule, taken to be 2026-03-01T00:00:00Z."
    )
