"""The optional terminal summary: which schedules were exercised, how many runs were simulated, over all xdist workers."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from pytest_mlschedule.workspace.workspace import FakeWorkspace, state_of

_SHOWN = 20
_KEY = "mlschedule"  # in what an xdist worker hands back
_TALLY = pytest.StashKey[Counter[str]]()


class Summary:
    """Registered when the summary is asked for: gathers the numbers of this process and its workers, and prints them."""

    def __init__(self, config: pytest.Config) -> None:
        self._tally = config.stash[_TALLY] = Counter()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_KEY] = dict(self._tally)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self._tally.update(getattr(node, "workeroutput", {}).get(_KEY, {}))  # a crashed worker has none

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("mlschedule")
        tally = self._tally
        terminalreporter.line(f"{_many(len(tally), 'schedule')} exercised, {_many(tally.total(), 'run')} simulated")
        ranked = sorted(tally.items(), key=lambda entry: (-entry[1], entry[0]))
        width = max(map(len, tally), default=0)
        for name, runs in ranked[:_SHOWN]:
            terminalreporter.line(f"  {name:<{width}}  {_many(runs, 'run')}")
        if len(ranked) > _SHOWN:
            terminalreporter.line(f"  and {_many(len(ranked) - _SHOWN, 'schedule')} more")


def count_jobs(config: pytest.Config, workspace: FakeWorkspace) -> None:
    """Add what a workspace has seen when its test ends: its schedules, and the jobs they made."""
    tally = config.stash.get(_TALLY, None)
    if tally is not None:
        state = state_of(workspace)
        tally.update(dict.fromkeys(state.records, 0))
        tally.update(job.schedule for job in state.jobs if job.schedule is not None)


def count_schedule(config: pytest.Config, name: str) -> None:
    """Add a schedule that a test was given."""
    tally = config.stash.get(_TALLY, None)
    if tally is not None:
        tally.update({name: 0})


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
