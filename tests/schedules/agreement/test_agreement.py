"""load_schedule against azure-ai-ml's own, over generated variants of every field.

All variants are held against the client's recorded verdicts; a part of them (AGREEMENT=thorough: all, two minutes) goes
through the client itself, which also proves the record, and where both accept, the meaning is compared.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import pytest

from .client import load_with_client, rest_form
from .documents import Variant
from .meaning import client_meaning, differences, our_meaning
from .verdicts import all_variants, families, load_ours, recorded, stricter

PART = 1 if os.environ.get("AGREEMENT") == "thorough" else 12


def _parts() -> dict[str, list[Variant]]:
    """What goes through the client: some of every family."""
    parts: dict[str, list[Variant]] = {}
    for family, variants in families().items():
        due = [variant for variant in variants if zlib.crc32(variant.name.encode()) % PART == 0]
        parts[family] = due or variants[:1]
    return parts


def _verdict_problem(variant: Variant, codes: set[str], *, accepted: bool) -> str:
    """What is wrong with our verdict (``codes`` of our errors) beside the client's; empty when they agree."""
    why = stricter().get(variant.name)
    expected = {why.code} if why else set()
    if accepted and codes != expected:
        return f"{variant.name}: the client accepts, we say {codes}, expected {expected or 'no error'}"
    return "" if accepted or codes else f"{variant.name}: the client rejects, we accept"


def test_every_variant_gets_the_recorded_verdict_of_the_client(tmp_path: Path) -> None:
    wrong = []
    Variant("shared files", {}).write(tmp_path)
    for name, accepted in recorded().items():
        variant = all_variants()[name]
        with variant.placed(tmp_path) as path:
            _, codes = load_ours(path)
        wrong.append(_verdict_problem(variant, codes, accepted=accepted))
    assert [problem for problem in wrong if problem] == []
    assert len(wrong) == len(all_variants())


def _live_problems(variant: Variant, folder: Path) -> list[str]:
    path = variant.write(folder)
    theirs, said = load_with_client(path)
    accepted = recorded()[variant.name]
    if (theirs is not None) != accepted:
        return [f"{variant.name}: recorded.txt says {accepted}, the client says {said or 'accepted'}"]
    ours, codes = load_ours(path)
    if theirs is None or ours is None:
        return [problem for problem in [_verdict_problem(variant, codes, accepted=accepted)] if problem]
    form = rest_form(theirs)
    found = [] if form is None else differences(client_meaning(theirs.name, form), our_meaning(ours))
    return [f"{variant.name}: {problem}" for problem in found]


@pytest.mark.parametrize("family", families())
def test_files_mean_to_us_what_they_mean_to_the_client(family: str, tmp_path: Path) -> None:
    wrong = [
        problem
        for number, variant in enumerate(_parts()[family])
        for problem in _live_problems(variant, tmp_path / str(number))
    ]
    assert wrong == []


def test_every_stricter_value_is_a_variant_that_the_client_accepts() -> None:
    accepted = recorded()
    assert [name for name in stricter() if not accepted.get(name)] == []
    assert all(why.code.startswith("MLS") and "-" in why.rule and why.reason for why in stricter().values())


def test_the_variants_are_many_and_of_both_kinds() -> None:
    accepted = list(recorded().values())
    assert len(accepted) > 3000
    assert 0.3 < sum(accepted) / len(accepted) < 0.7
