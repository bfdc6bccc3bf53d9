"""Who refuses a definition: the client, which validates it, or the service, which answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mlschedule import FakeWorkspace
from pytest_mlschedule.az.az import Az

CRON = 'type: cron, expression: "0 3 * * *", '
DAILY = "type: recurrence, frequency: day, interval: 1, "


def write(folder: Path, trigger: str, name: str = "nightly") -> None:
    text = f'name: "{name}"\ntrigger: {{{trigger}}}\ncreate_job: azureml:x\n'
    (folder / "file.yml").write_text(text, encoding="utf-8")


def check_answer(stderr: str, said: str) -> None:
    """That the service says it, as azure-core prints what services say."""
    head, _, message = stderr.removesuffix("\n").partition("\nCode: UserError\nMessage: ")
    assert head == f"ERROR: (UserError) {message}"
    assert said in message


@pytest.mark.parametrize(
    ("trigger", "said"),
    [
        ('type: cron, expression: "0 9 * * "', "file.yml:2:35: MLS101 trigger.expression: '0 9 * * ' has 4 fields; a cron expression has exactly 5"),
        ('type: cron, expression: "0 25 * * *"', "MLS102 trigger.expression: "),
        ('type: cron, expression: "0 L * * *"', "MLS106 trigger.expression: "),
        (f"{CRON}time_zone: Mars", "MLS302 trigger.time_zone: 'Mars' is not a Windows time zone name"),
        (f"{CRON}time_zone: Europe/Paris", "MLS303 trigger.time_zone: 'Europe/Paris' is an IANA time zone"),
        ("type: recurrence, frequency: day, interval: 0", "MLS202 trigger.interval: 0 is not a whole number of 1 or more"),
        ("type: recurrence, frequency: day, interval: '-1'", "MLS202 trigger.interval: '-1' is not a whole number of 1 or more"),
        ("type: recurrence, frequency: day, interval: 9999999", "MLS203 trigger.interval: "),
        (f"{DAILY}schedule: {{hours: 24, minutes: 0}}", "MLS204 trigger.schedule.hours: hour 24 is not in 0-23"),
        (f"{DAILY}schedule: {{hours: 1, minutes: 0, week_days: monday}}", "MLS206 trigger.schedule.week_days: "),
        (f'{DAILY}start_time: "2026-01-02T00:00:00", end_time: "2026-01-01T00:00:00"', "MLS305 trigger.end_time: "),
        (f'{DAILY}start_time: "2500-01-02T00:00:00"', "MLS301 trigger.start_time: '2500-01-02T00:00:00' is outside the supported years"),
    ],
)  # fmt: skip
def test_what_the_client_lets_pass(az: Az, workspace: FakeWorkspace, folder: Path, trigger: str, said: str) -> None:
    write(folder, trigger)
    refused = az("ml schedule create -f file.yml")
    assert (refused.exit_code, refused.stdout) == (1, "")
    check_answer(refused.stderr, said)
    assert "schedules/write" in Az(workspace.as_role("Reader"))("ml schedule create -f file.yml -n x").stderr


def test_a_name(az: Az, folder: Path) -> None:
    write(folder, CRON, name="x y")
    check_answer(az("ml schedule create -f file.yml").stderr, "MLS501 name: 'x y' is not a name of a schedule")


@pytest.mark.parametrize(
    "trigger",
    [
        "type: recurrence, frequency: day, interval: x",
        "type: recurrence, frequency: day, interval: '1.5'",
        f'{DAILY}start_time: "2026-01-02"',
        "type: recurrence, frequency: week, interval: 1, schedule: {hours: 1, minutes: 0, week_days: someday}",
        f"{CRON}time_zone: Mars, timezone: x",
    ],
)
def test_what_the_client_finds_itself(az: Az, folder: Path, trigger: str) -> None:
    write(folder, trigger)
    refused = az("ml schedule create -f file.yml")
    assert refused.stderr.startswith("ERROR: Validation for JobScheduleSchema failed:\n\nfile.yml:2:")
    assert "MLS302" not in refused.stderr, "the service never gets to see it"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('trigger.expression="0 9 * * "', "MLS101 trigger.expression: '0 9 * * ' has 4 fields"),
        ("trigger.time_zone=Mars", "MLS302 trigger.time_zone: 'Mars' is not a Windows time zone name"),
        ("trigger.start_time=2026-05-01T00:00:00 trigger.end_time=2026-04-01T00:00:00", "MLS305 trigger.end_time: "),
        ("name='x y'", "MLS501 name: 'x y' is not a name of a schedule"),
    ],
)
def test_updates(az: Az, workspace: FakeWorkspace, words: str, said: str) -> None:
    az("ml schedule create -f remote.yml", check=True)
    refused = az(f"ml schedule update -n remote --set {words}")
    assert refused.exit_code == 1
    check_answer(refused.stderr, said)
    denied = Az(workspace.as_role("Reader"))(f"ml schedule update -n remote --set {words}")
    assert f"schedules/write' over scope '{workspace.id}/schedules/remote'" in denied.stderr
