"""The page of a server: its clock, schedules, next runs and jobs, written anew for every call."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from pytest_mlschedule.report.check_places import whole_characters

State = Mapping[str, Any]

_PLACE = re.compile(r"\{\{(\w+)\}\}")
_FILES = {"style": "page.css", "script": "page.js", "page": "page.html"}


@cache
def _read(name: str) -> str:
    return files(__package__).joinpath("assets", _FILES[name]).read_text(encoding="utf-8")


def _hash(name: str) -> str:
    return f"'sha256-{b64encode(sha256(_read(name).encode()).digest()).decode()}'"


HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; script-src {_hash('script')}; style-src {_hash('style')}; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}
"""What a browser is told about the page: its own script and style, its own server, nothing else."""


def write_page(state: State) -> str:
    """The whole page for what ``write_state`` gave."""
    runs = state["next_runs"]
    parts = {
        "style": _read("style"),
        "script": _read("script"),
        "name": escape(state["workspace"]["name"]),
        "id": escape(state["workspace"]["id"]),
        "now": escape(state["now"]),
        "following": escape(_describe_next(runs)),
        "next": escape(runs[0]["trigger_time"] if runs else ""),
        "schedules": _write_schedules(state["schedules"]),
        "runs": _write_runs(runs),
        "jobs": _write_jobs(state["jobs"]),
        "jobs_shown": escape(_describe_jobs(len(state["jobs"]), state["job_count"])),
    }
    # One pass: what is put in is not looked at again.
    return whole_characters(_PLACE.sub(lambda match: parts[match[1]], _read("page")))


def _describe_next(runs: Sequence[State]) -> str:
    if not runs:
        return "Nothing is going to run."
    return f"Next: {runs[0]['schedule']} at {runs[0]['trigger_time']}."


def _describe_jobs(shown: int, number: int) -> str:
    if not number:
        return "None yet: move the clock, or trigger a schedule."
    return f"{number:,} in all" + (f", the last {shown} are shown." if shown < number else ".")


def _write_schedules(schedules: Iterable[State]) -> str:
    return _write_table(
        ("Schedule", "When", "State", "Next run", "Jobs"),
        (
            (
                _name(schedule["name"], schedule["display_name"]),
                escape(schedule["trigger"].removeprefix("runs ")),
                _badge("enabled" if schedule["is_enabled"] else "disabled"),
                _times(schedule["next_run"]) if schedule["next_run"] else "",
                f"{schedule['jobs']:,}",
            )
            for schedule in schedules
        ),
        "There are no schedules yet.",
    )


def _write_runs(runs: Iterable[State]) -> str:
    rows = ((_name(run["schedule"]), _times(run), escape(run["display_name"])) for run in runs)
    return _write_table(("Schedule", "Time", "Job"), rows, "Nothing is going to run.")


def _write_jobs(jobs: Iterable[State]) -> str:
    rows = (
        (
            _name(job["display_name"], job["name"]),
            escape(job["schedule"] or "put there"),
            _times({"trigger_time": job["created_at"], "local_time": job["local_time"]}),
            _badge(job["status"]),
        )
        for job in jobs
    )
    return _write_table(("Job", "Schedule", "Time", "Status"), rows, "")


def _write_table(heads: Sequence[str], rows: Iterable[Sequence[str]], nothing: str) -> str:
    """A table of cells that are HTML already, the first of each row its heading."""
    lines = list(_write_rows(rows))
    if not lines:
        return f'<p class="nothing">{escape(nothing)}</p>' if nothing else ""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{''.join(lines)}</tbody></table>"


def _write_rows(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for first, *others in rows:
        cells = "".join(f"<td>{cell}</td>" for cell in others)
        yield f'<tr><th scope="row">{first}</th>{cells}</tr>\n'


def _name(text: str, more: str | None = None) -> str:
    second = f'<span class="more">{escape(more)}</span>' if more and more != text else ""
    return f'<span class="name">{escape(text)}</span>{second}'


def _badge(text: str) -> str:
    return f'<span class="badge" data-state="{escape(text.lower())}">{escape(text)}</span>'


def _times(run: State) -> str:
    local = f'<span class="more local">{escape(run["local_time"])}</span>' if run["local_time"] else ""
    return f'<time datetime="{escape(run["trigger_time"])}">{escape(run["trigger_time"])}</time>{local}'
