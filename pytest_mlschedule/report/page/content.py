"""What a page shows, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile

MOST_RUNS = 3_000_000
"""So many runs a browser filters while somebody waits for it; a page holds no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What each run of a schedule occupies of one compute (without ``azureml:``; None: not known which).

    ``offset``: seconds after the run's trigger time; ``length``: typical seconds, ``longest``: those of the 95th percentile;
    ``nodes``; None is not known. ``fits``: False where it asks for more nodes than there can be, and never starts.
    ``waits``: seconds in the queue, one a run in time order; empty where none waits.
    """

    compute: str | None = None
    offset: int = 0
    length: int | None = None
    longest: int | None = None
    nodes: int | None = None
    fits: bool = True
    waits: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFindings:
    """What a check found: ``items`` that count, ``users`` who runs what an item is about (names of schedules or paths of files).

    ``left_out``: how many a comment or the baseline leaves out. ``broken``: paths of files that could not be loaded: their runs are
    not on the page.
    """

    items: tuple[Diagnostic, ...] = ()
    users: Mapping[Diagnostic, tuple[str, ...]] = field(default_factory=dict)
    left_out: int = 0
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContent:
    """Everything on a page. ``made_at``: aware; ``pieces`` by the name of a schedule; ``computes`` by name.

    ``window``: it once more, in a zone that was asked for.
    ``estimate``: the document of an estimate; None without one: ``no_estimate`` says why, and how to get one.
    """

    plan: Plan
    made_at: datetime
    title: str
    profile: ServiceProfile = DEFAULT_PROFILE
    findings: PageFindings = field(default_factory=PageFindings)
    pieces: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)
    computes: Mapping[str, Compute] = field(default_factory=dict)
    estimate: Mapping[str, Any] | None = None
    no_estimate: str = ""
    window: str = ""
