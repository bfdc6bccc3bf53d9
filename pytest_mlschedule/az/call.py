"""AzCall: what somebody typed, and where."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pytest_mlschedule.az.errors import AzError

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class AzCall:
    """``folder``: where the caller stands, "" for one that was removed; ``environment``: its variables ``AZURE_*``; ``streams``: by
    path, the texts that only the caller can read, such as ``/dev/fd/63``, and under ``-`` its standard input."""

    arguments: tuple[str, ...]
    folder: str
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    streams: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def path(self, file: str) -> str:
        """The absolute path of a file as the caller names it. Raises AzError where the folder that it counts from was removed."""
        if not self._has_place(file):
            raise AzError(f"{file} cannot be found: the folder that az was called in was removed")
        return os.path.join(self.folder, file)

    def _has_place(self, file: str) -> bool:
        return bool(self.folder) or os.path.isabs(file)

    def relative(self, path: str) -> str:
        """An absolute path as it is seen from the folder."""
        return os.path.relpath(path, self.folder) if self.folder else path

    def shorten(self, text: str) -> str:
        """A text in which paths are seen from the folder."""
        return text.replace(f"{self.folder}/", "") if self.folder else text

    def expand(self) -> list[str]:
        """The arguments with the content of files in the place of ``@file`` and ``key=@file``; one that is not there stays text."""
        return [self._expand(argument) for argument in self.arguments]

    def _expand(self, argument: str) -> str:
        key, separator, value = argument.partition("=")
        if not separator:
            key, value = "", argument
        if not value.startswith("@") or value == "@":
            return argument
        content = self._read(value[1:])
        return argument if content is None else f"{key}{separator}{content}"

    def _read(self, file: str) -> str | None:
        if file in self.streams:
            return self.streams[file].rstrip("\n")
        path = os.path.expanduser(file)
        if not self._has_place(path):
            return None
        try:
            with open(self.path(path), encoding="utf-8-sig") as stream:
                return stream.read().rstrip("\n")
        except UnicodeError:
            raise AzError(f"Failed to decode file {file} - unknown decoding") from None
        except OSError:
            return None
