"""Running ``mlschedule`` in a terminal of its own."""

from __future__ import annotations

import os
import pty
import subprocess
import sys


def in_terminal(*arguments: str, columns: int = 60) -> str:
    """What the command writes to a terminal of so many columns."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "pytest_mlschedule.cli", *arguments]
    with subprocess.Popen(command, stdout=follower, stderr=follower, stdin=follower, env=environment) as process:
        os.close(follower)
        written = b""
        while True:
            try:
                part = os.read(leader, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            written += part
        process.wait()
    os.close(leader)
    return written.decode().replace("\r\n", "\n")
