"""Words that the REST API spells otherwise than YAML: types under keys of their own, and durations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pytest_mlschedule.schedules.rest_fields import fold
from pytest_mlschedule.triggers.field_values import read_integer

_DURATION = re.compile(r"P(?=\w)(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.0+)?S)?)?")


class Word:
    """A key with one of some words: ``type: pytorch`` in YAML, ``distribution_type: PyTorch`` on the wire."""

    def __init__(
        self, ours: str, theirs: str, words: Mapping[str, str | int], others: Mapping[str, str | int] | None = None
    ) -> None:
        """``others``: further words of YAML for the same."""
        self._ours, self._theirs = ours, theirs
        self._to_rest = {fold(word): value for word, value in {**words, **(others or {})}.items()}
        self._from_rest = {fold(value) if isinstance(value, str) else value: word for word, value in words.items()}

    def to_rest(self, data: Any) -> Any:
        """The object as the wire has it."""
        word = data.get(self._ours) if isinstance(data, Mapping) else None
        known = self._to_rest.get(fold(word)) if isinstance(word, str) else None
        if known is None:
            return data
        return {**{key: value for key, value in data.items() if key != self._ours}, self._theirs: known}

    def from_rest(self, data: Any) -> Any:
        """The object as YAML has it."""
        word = data.get(self._theirs) if isinstance(data, Mapping) else None
        if isinstance(word, bool) or not isinstance(word, str | int):
            return data
        known = self._from_rest.get(fold(word) if isinstance(word, str) else word)
        if known is None:
            return data
        return {self._ours: known, **{key: value for key, value in data.items() if key != self._theirs}}


DISTRIBUTION = Word(
    "type", "distribution_type", {"mpi": "Mpi", "pytorch": "PyTorch", "tensorflow": "TensorFlow", "ray": "Ray"}
)
SERVICE = Word(
    "type",
    "job_service_type",
    {
        "custom": "Custom",
        "jupyter_lab": "JupyterLab",
        "ssh": "SSH",
        "tensor_board": "TensorBoard",
        "vs_code": "VSCode",
    },
)
POLICY = Word(
    "type",
    "policy_type",
    {"bandit": "Bandit", "median_stopping": "MedianStopping", "truncation_selection": "TruncationSelection"},
)
IDENTITY = Word(
    "type",
    "identity_type",
    {"managed": "Managed", "aml_token": "AMLToken", "user_identity": "UserIdentity"},
    {"managed_identity": "Managed"},
)
TIER = Word(
    "job_tier", "job_tier", {word: word.capitalize() for word in ("spot", "basic", "standard", "premium", "null")}
)
PRIORITY = Word("priority", "priority", {"low": 1, "medium": 2, "high": 3})


def duration_text(seconds: Any) -> Any:
    """Seconds as ISO 8601 writes them; what is no number of seconds stays as it is."""
    whole = read_integer(seconds)
    if whole is None or whole < 0:
        return seconds
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if number)
    day = f"{days}D" if days or not parts else ""
    return f"P{day}{'T' if parts else ''}{parts}"


def read_duration(text: Any) -> Any:
    """The reverse; other text stays as it is."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return text
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
