"""The program ``az`` in a folder that goes on PATH."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from pytest_mlschedule.az import child


def write_launcher(folder: Path, port: int, secret: str) -> Path:
    """Write the program. It knows where to call, so a script that clears its environment but for PATH finds the test too."""
    program = folder / "az"
    command = shlex.join([sys.executable, "-IS", "-X", "utf8", os.path.abspath(child.__file__)])
    program.write_text(f'#!/bin/sh\n{child.VARIABLE}={port}:{secret} exec {command} "$@"\n', encoding="utf-8")
    program.chmod(0o700)
    return program
