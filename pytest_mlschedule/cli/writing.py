"""Writing files of a repository: as a whole, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from pytest_mlschedule.cli.loading import fail


def replace_file(path: str, text: str) -> None:
    """Write a file as a whole or not at all, with the rights that it had. Ends the command with 2 where that cannot be done.

    What is no regular file (/dev/stdout, a pipe) is written to and stays what it is.
    """
    target = Path(os.path.realpath(path))
    scratch = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            Path(path).write_text(text, encoding="utf-8", newline="\n")
            return
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        try:
            scratch.write_text(text, encoding="utf-8", newline="\n")
            if target.exists():
                shutil.copymode(target, scratch)
            os.replace(scratch, target)
        finally:
            scratch.unlink(missing_ok=True)
    except OSError as failure:
        fail(f"{path} cannot be written: {failure.strerror}")
