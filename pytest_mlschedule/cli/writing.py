"""Writing files of a repository: as a whole, or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pytest_mlschedule.cli.loading import fail


def replace_file(path: str, text: str) -> None:
    """Write a file as a whole or not at all, with the rights that it had. Ends the command with 2 where that cannot be done."""
    target = Path(os.path.realpath(path))
    scratch = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        try:
            scratch.write_text(text, encoding="utf-8", newline="\n")
            if target.exists():
                shutil.copymode(target, scratch)
            os.replace(scratch, target)
        finally:
            scratch.unlink(missing_ok=True)
    except OSError as failure:
        fail(f"{path} cannot be written: {failure.strerror}")
