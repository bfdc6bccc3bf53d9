"""The console script ``mlschedule``: plans, next runs and explanations at the desk."""

from __future__ import annotations

import sys


def main() -> None:
    """Run ``mlschedule``. Exits with 0, with 1 for problems in definitions, with 2 for wrong usage and unreadable files."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character of somebody's input must not end in a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    from pytest_mlschedule.cli.commands import commands

    commands(prog_name="mlschedule")
