"""Service profiles on a command line or in an ini file: ``gap=skip fold=both``."""

from __future__ import annotations

import shlex

from pytest_mlschedule.config.profile_values import change_profile


def split_pairs(text: str) -> dict[str, str]:
    """The mapping of ``field=value`` pairs separated by spaces; quotes as in a shell. Raises ValueError with the form."""
    pairs: dict[str, str] = {}
    for word in shlex.split(text):
        name, equals, value = word.partition("=")
        if not equals:
            raise ValueError(f"{word!r} is not a field=value pair: write for example gap=skip fold=both")
        pairs[name] = value
    return pairs


__all__ = ["change_profile", "split_pairs"]
