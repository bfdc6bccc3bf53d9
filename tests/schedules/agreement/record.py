"""Writes the client's verdicts on all variants to recorded.txt: run ``python -m agreement.record`` in tests/schedules."""

from __future__ import annotations

import tempfile
from importlib.metadata import version
from pathlib import Path

from .client import load_with_client
from .documents import Variant
from .verdicts import RECORD, families


def _letter(variant: Variant) -> str:
    with tempfile.TemporaryDirectory() as folder:
        return "r" if load_with_client(variant.write(Path(folder)))[0] is None else "a"


def main() -> None:
    """About two minutes."""
    lines = [
        f"# What load_schedule of azure-ai-ml {version('azure-ai-ml')} said to each variant of a family: a = accepted, r = rejected.",
        *(f"{family} {''.join(map(_letter, variants))}" for family, variants in families().items()),
    ]
    RECORD.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
