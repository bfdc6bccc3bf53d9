"""MLS5xx: names, descriptions, and schedules as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pytest_mlschedule.checks.claims import Claim, find_frequency_claims
from pytest_mlschedule.checks.day_claims import find_day_claims, find_time_claims
from pytest_mlschedule.checks.rhythm import Rhythm
from pytest_mlschedule.checks.rule import Rule, Situation
from pytest_mlschedule.diagnostics import Diagnostic, Severity, error, note, warning
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.schedules.overrides import workspace_reference
from pytest_mlschedule.schedules.placeholders import find_placeholders
from pytest_mlschedule.triggers.creation import counts_from_creation

_LONGEST_TEXT = 2_000


def _check_workspace_job(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS507: what a reference means is not known, so overrides and inputs are not checked."""
    reference = workspace_reference(schedule)
    if reference is not None and reference not in situation.jobs and not any(find_placeholders(reference)):
        text = (
            f"the job {reference!r} of the workspace is not known here: its inputs, outputs and compute are not checked"
        )
        yield note("MLS507", text, "say what it is (--jobs on the command line)", ("create_job",))


def _check_enabled(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS508: a disabled schedule has no runs."""
    if not schedule.is_enabled:
        text = f"{schedule.name} is disabled: no runs"
        yield note("MLS508", text, "enable it, or delete it if it is not needed any more", ("is_enabled",))


def _check_names(situation: Situation) -> Iterator[Diagnostic]:
    """MLS509: names are compared as they are written, as the emulated workspace does (JB-11)."""
    seen: dict[str, JobSchedule] = {}
    for schedule in situation.schedules:
        first = seen.setdefault(schedule.name, schedule)
        if first is not schedule:
            place = first.locate(Diagnostic("", Severity.NOTE, "", field=("name",))).location
            where = f"; the other one is at {place}" if place else ""
            text = f"two schedules are called {schedule.name!r}{where}"
            hint = "in a workspace the second would replace the first: rename one"
            yield schedule.locate(error("MLS509", text, hint, ("name",)))


def _check_description(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS511: a text says other days or times than the trigger has."""
    rhythm: Rhythm | None = None
    for key, text in (("display_name", schedule.display_name), ("description", schedule.description)):
        groups = _find_claims(schedule, text or "")
        if not any(groups):
            continue
        rhythm = rhythm or Rhythm(situation.timetable(schedule), situation.window.epochs[0])
        false = _find_false(groups, rhythm) if rhythm.is_known else None
        if false is not None:
            said = f'it says "{false.words}", and the trigger runs {rhythm.describe(schedule.trigger.time_zone)}'
            hint = f"correct the {key}, or the trigger where the {key} is what is meant"
            yield replace(warning("MLS511", said, hint, (key,)), offset=false.offset)


def _find_claims(schedule: JobSchedule, text: str) -> tuple[list[Claim], ...]:
    """The claims of a text: how often; on what days and at what times, where these are known before creation (ST-3)."""
    text = text[:_LONGEST_TEXT]
    often = list(find_frequency_claims(text))
    if counts_from_creation(schedule.trigger):
        return (often,)
    return often, list(find_day_claims(text)), list(find_time_claims(text))


def _find_false(groups: tuple[list[Claim], ...], rhythm: Rhythm) -> Claim | None:
    """The first claim of the first group in which nothing is true: a text may speak of other things besides."""
    for claims in groups:
        if claims and not any(claim.holds(rhythm) for claim in claims):
            return claims[0]
    return None


RULES: tuple[Rule, ...] = (
    Rule(
        code="MLS507",
        name="unknown-workspace-job",
        severity=Severity.NOTE,
        summary="the job is in the workspace and not known here",
        check=_check_workspace_job,
    ),
    Rule(
        code="MLS508",
        name="disabled",
        severity=Severity.NOTE,
        summary="the schedule is disabled",
        check=_check_enabled,
    ),
    Rule(
        code="MLS509",
        name="duplicate-schedule-name",
        severity=Severity.ERROR,
        summary="two schedules have one name",
        check_all=_check_names,
    ),
    Rule(
        code="MLS511",
        name="description-contradicts-trigger",
        severity=Severity.WARNING,
        summary="the description says other times than the trigger",
        check=_check_description,
    ),
)
