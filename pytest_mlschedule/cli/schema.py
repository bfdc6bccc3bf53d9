"""``mlschedule schema``: JSON Schemas for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from pytest_mlschedule.cli.loading import fail


@click.command()
@click.argument("kind", type=click.Choice(["schedule", "config"]), default="schedule")
@click.option("-o", "--output", metavar="FILE", help="Write it to a file instead.")
def schema(kind: str, output: str | None) -> None:
    """Print the JSON Schema of schedule files (schedule), or of mlschedule.toml (config).

    Editors complete keys and values with it and mark what is wrong while one types; see the page on editors.
    """
    text = json.dumps(_make(kind), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as failure:
        fail(f"{output}: cannot be written: {failure.strerror}")


def _make(kind: str) -> dict[str, Any]:
    if kind == "config":
        from pytest_mlschedule.config.json_schema import config_schema

        return config_schema()
    from pytest_mlschedule.schedules.json_schema import schedule_schema

    return schedule_schema()
