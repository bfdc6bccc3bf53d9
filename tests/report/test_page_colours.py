"""Colours of a page: texts can be read in the light and in the dark (WCAG 2, AA: 4.5 to 1; 3 to 1 for what is drawn)."""

from __future__ import annotations

import re

import pytest

from pytest_mlschedule.report.page.page import _read_asset

STYLE = _read_asset("page.css")
BLOCKS = {
    "light": r"^:root \{(.*?)\}",
    "dark by preference": r"prefers-color-scheme: dark\) \{\s*:root[^{]*\{(.*?)\}",
    "dark by choice": r'^:root\[data-theme="dark"\] \{(.*?)\}',
    "print": r"@media print \{\s*:root[^{]*\{(.*?)\}",
}
TEXTS = [
    *(("text", ground) for ground in ("ground", "surface", "sunken", "accent-soft", "heat-0")),
    *(("soft", ground) for ground in ("ground", "surface", "sunken", "heat-0")),
    *(("accent", ground) for ground in ("surface", "accent-soft")),
    *((f"on-{step}", f"heat-{step}") for step in range(1, 6)),
    *((name, f"{name}-soft") for name in ("error", "warning", "note")),
    *(("bar-text", f"bar-{index}") for index in range(8)),
    ("surface", "accent"),
    ("surface", "text"),
    ("mark", "warning-soft"),
]
DRAWN = [
    ("wait", "surface"),
    *((f"bar-{index}", "surface") for index in range(8)),
    ("limit", "surface"),
    ("use-edge", "surface"),
    ("focus", "surface"),
]


def colours_of(scheme: str) -> dict[str, str]:
    (block,) = re.findall(BLOCKS[scheme], STYLE, re.DOTALL | re.MULTILINE)
    own = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    return (colours_of("light") if scheme == "print" else {}) | own


def brightness(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_of_known_colours() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the grey that just fails


@pytest.mark.parametrize("scheme", BLOCKS)
def test_texts_can_be_read(scheme: str) -> None:
    colours = colours_of(scheme)
    found = {(text, ground): round(contrast(colours[text], colours[ground]), 2) for text, ground in TEXTS}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", BLOCKS)
def test_what_is_drawn_can_be_seen(scheme: str) -> None:
    colours = colours_of(scheme)
    found = {(drawn, ground): round(contrast(colours[drawn], colours[ground]), 2) for drawn, ground in DRAWN}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 3} == {}


@pytest.mark.parametrize("scheme", BLOCKS)
def test_steps_of_colour_follow_one_another(scheme: str) -> None:
    colours = colours_of(scheme)
    steps = [brightness(colours[f"heat-{step}"]) for step in range(6)]
    assert steps == sorted(steps, reverse=scheme in ("light", "print"))


def test_the_dark_is_the_same_however_it_is_chosen() -> None:
    assert colours_of("dark by preference") == colours_of("dark by choice")


def test_every_colour_has_a_dark_one() -> None:
    assert colours_of("light").keys() == colours_of("dark by choice").keys()
