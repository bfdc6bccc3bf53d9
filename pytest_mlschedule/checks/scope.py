"""What a check can decide: whether a finding that did not come up would have."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from pytest_mlschedule.checks.catalogue import CATALOGUE
from pytest_mlschedule.checks.selection import Sieve
from pytest_mlschedule.schedules.loader import LoadedFile
from pytest_mlschedule.schedules.reader import Reader


class Scope:
    """The files of a check. ``paths``: all that were read for it, those of jobs included; ``whole``: they are all there are."""

    def __init__(
        self, *, files: Sequence[LoadedFile], paths: Iterable[str], reader: Reader, sieve: Sieve, whole: bool
    ) -> None:
        self._whole = whole
        self._sieve = sieve
        self._files = reader.files
        self._paths = set(map(os.path.abspath, paths))
        self._checked = {os.path.abspath(file.path) for file in files if not file.is_broken}
        self._broken = {os.path.abspath(file.path) for file in files} - self._checked

    def decides(self, code: str, path: str) -> bool:
        """Whether a finding of a code in a file would have come up.

        Not where the rule is not selected, the file was not looked at, or could not be loaded and the rule comes after loading; and
        where the finding depends on other files (schedules of one name, who runs a job) only if all were checked.
        """
        key = os.path.abspath(path)
        if key not in self._paths:
            return key not in self._broken and not self._files.exists(path)
        if not self._sieve.counts(code, path):
            return False
        rule = CATALOGUE.get(code)
        if rule is None or (rule.check is None and rule.check_all is None):
            return True
        if key in self._broken:
            return False
        return self._whole or (rule.check_all is None and key in self._checked)
