"""Running ``mlschedule`` inside the tests, in a folder with schedules."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from pytest_mlschedule.cli.commands import commands

NIGHTLY = """\
name: nightly
trigger:
  type: cron
  expression: "30 2 * * *"
  time_zone: Pacific Standard Time
  start_time: "2026-01-01T00:00:00"
create_job:
  type: pipeline
  job: ../pipelines/train.yml
  inputs: {date: "${{creation_context.trigger_time}}"}
"""
MONTHLY = """\
name: monthly
trigger: {type: cron, expression: "0 9 1 * *", time_zone: Pacific Standard Time}
create_job: azureml:report
"""
TRAIN = "type: pipeline\nname: train\nexperiment_name: exp\ninputs: {rows: 5, date: x}\njobs: {}\n"
REPORT = "type: pipeline\ninputs: {pages: 7}\njobs: {}\n"


def write_files(folder: Path) -> None:
    """``schedules/`` with a nightly and a monthly schedule, ``pipelines/`` with what they run."""
    for name, text in (
        ("schedules/nightly.yml", NIGHTLY),
        ("schedules/monthly.yml", MONTHLY),
        ("pipelines/train.yml", TRAIN),
        ("pipelines/report.yml", REPORT),
        ("pipelines/component.yml", "type: command\ncommand: echo\n"),
        ("pipelines/broken.yml", "a: [\n"),
        ("pipelines/notes.txt", "nothing"),
    ):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def run(*arguments: str, text: str | None = None) -> Result:
    """The outcome of ``mlschedule`` with some arguments; an exception that is not an exit is raised."""
    return CliRunner().invoke(commands, list(arguments), prog_name="mlschedule", input=text, catch_exceptions=False)
