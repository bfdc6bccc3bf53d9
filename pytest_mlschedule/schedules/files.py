"""Where files come from: the disk; anything else that can answer the same questions may stand in for it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Protocol


class Files(Protocol):
    """A tree of files. Paths are as the user gave them, or relative to one of those."""

    def read(self, path: str, limit: int) -> bytes:
        """The first ``limit`` bytes of a file. Raises OSError (its ``strerror`` says why), ValueError for what is no path."""
        ...

    def exists(self, path: str) -> bool:
        """Whether there is a file or a folder."""
        ...

    def is_folder(self, path: str) -> bool:
        """Whether it is a folder."""
        ...

    def walk(self, folder: str) -> list[str]:
        """Every file below a folder, sorted; hidden folders and node_modules are left out."""
        ...


class Disk:
    """The files of this machine."""

    def read(self, path: str, limit: int) -> bytes:
        """See Files. Devices, pipes and sockets are refused: reading one may never end."""
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            kind = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file (a device, pipe or socket)"
            raise OSError(0, f"it is {kind}")
        with open(path, "rb") as stream:
            return stream.read(limit)

    def exists(self, path: str) -> bool:
        """See Files."""
        return os.path.exists(path)

    def is_folder(self, path: str) -> bool:
        """See Files."""
        return os.path.isdir(path)

    def walk(self, folder: str) -> list[str]:
        """See Files."""
        found: list[Path] = []
        for root, folders, files in os.walk(folder):
            folders[:] = [name for name in folders if is_searched(name)]
            found += [Path(root, name) for name in files]
        return list(map(os.fspath, sorted(found)))


def is_searched(folder_name: str) -> bool:
    """Whether a search for schedules goes into folders of this name."""
    return not folder_name.startswith(".") and folder_name != "node_modules"


DISK = Disk()
