"""AzResult: what one call of az printed."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class AzResult:
    """``arguments``: what stood behind ``az``. ``exit_code``: 0; 1 for errors of the service and of files, 2 for wrong arguments,
    3 for what is not there. ``stdout``, ``stderr``: text."""

    arguments: tuple[str, ...]
    exit_code: int = 0
    stdout: str = ""
    stderr: str = ""

    @property
    def command(self) -> str:
        """The call as a shell would take it."""
        return shlex.join(("az", *self.arguments))

    def json(self) -> Any:
        """Standard output as data, the dots of ``release`` 2.44 and 2.45 left out. Raises ValueError for anything but JSON."""
        return json.loads(self.stdout.lstrip("."))
