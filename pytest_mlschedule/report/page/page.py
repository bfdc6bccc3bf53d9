"""A page as one HTML text: data, styles and scripts inside, nothing else is ever asked for."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from pytest_mlschedule.report.check_places import whole_characters
from pytest_mlschedule.report.page.content import PageContent
from pytest_mlschedule.report.page.data import write_data
from pytest_mlschedule.triggers.instant_words import show_utc
from pytest_mlschedule.triggers.window import from_epoch

SCRIPTS = (
    "failure",
    "words",
    "model",
    "state",
    "elements",
    "summary",
    "schedules",
    "calendar",
    "hours",
    "lanes",
    "timeline",
    "timeline_table",
    "money",
    "cost",
    "cost_tables",
    "changes",
    "findings",
    "main",
)
"""In the order in which they stand on the page, inside one function."""

_PLACE = re.compile(r"\{\{(\w+)\}\}")
# What would end the element that the data stand in, or a line of a script.
_RISKY = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_RISKY_CHARACTERS = re.compile("[<>&\u2028\u2029]")


def write_page(content: PageContent) -> str:
    """The whole page, its last line break included."""
    data = write_data(content)
    style, script = _read_asset("page.css"), _read_scripts()
    parts = {
        "policy": escape(_write_policy(style, script), quote=True),
        "title": escape(content.title),
        "facts": escape(_write_facts(content)),
        "style": style,
        "data": _write_json(data),
        "script": script,
        "table": "".join(_write_table(content, data)),
    }
    # One pass: what is put in is not looked at again.
    return whole_characters(_PLACE.sub(lambda match: parts[match[1]], _read_asset("page.html")))


def _write_policy(style: str, script: str) -> str:
    """Content-Security-Policy: the style and the script of this page, by their hashes; no network, no other code."""
    hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in (script, style)]
    return (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def _write_json(data: Mapping[str, Any]) -> str:
    """JSON that may stand in a script element: no text in it can end the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _RISKY_CHARACTERS.sub(lambda match: _RISKY[match[0]], whole_characters(text))


def _write_facts(content: PageContent) -> str:
    plan = content.plan
    number = len(plan.schedules)
    return f"{number:,} schedule{'' if number == 1 else 's'} from {_show(plan.start)} to {_show(plan.end)}"


def _show(instant: datetime) -> str:
    """``2026-03-01``, with the time where it is no midnight (UTC)."""
    text = show_utc(instant)
    return text.removesuffix("T00:00:00Z")


def _write_table(content: PageContent, data: Mapping[str, Any]) -> Iterator[str]:
    """The rows of the table that stands on the page where scripts do not run."""
    counts = content.plan.count_by_schedule()
    for schedule in data["schedules"]:
        first = show_utc(from_epoch(schedule["runs"][0])) if schedule["runs"] else "none"
        piece = schedule["pieces"][0]["compute"]
        compute = "unknown" if piece is None else data["computes"][piece]["name"]
        cells = (schedule["words"], schedule["zone_name"], compute, first, f"{counts[schedule['name']]:,}")
        yield f'<tr><th scope="row">{escape(schedule["name"])}</th>'
        yield "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        yield "</tr>\n"


@cache
def _read_asset(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _read_scripts() -> str:
    parts = "\n".join(_read_asset(f"{name}.js") for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}}})();\n'
