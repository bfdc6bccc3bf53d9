"""Computes as a configuration describes them: which machines, how many, for how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Tier = Literal["dedicated", "low_priority", "spot", "dev_test", "reserved_1y", "reserved_3y"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compute:
    """A compute cluster by the ``name`` that jobs say (without ``azureml:``).

    ``size`` is the size of its machines (Standard_DS3_v2), ``region`` as Azure writes it (eastus). ``nodes_per_run``: None for
    what the job says. ``max_nodes``: None for no limit that is known. ``idle_seconds``: how long a node waits for the next run
    before the cluster scales down; ``min_nodes`` never go. Raises ValueError for numbers and tiers that there are not, TypeError
    for what is no whole number.
    """

    name: str
    size: str | None = None
    region: str | None = None
    nodes_per_run: int | None = None
    min_nodes: int = 0
    max_nodes: int | None = None
    idle_seconds: int = 0
    tier: Tier = "dedicated"

    def __post_init__(self) -> None:
        if self.tier not in get_args(Tier):
            raise ValueError(f"{self.tier!r} is no tier: tiers are {', '.join(get_args(Tier))}")
        for field, least in (("nodes_per_run", 1), ("max_nodes", 1), ("min_nodes", 0), ("idle_seconds", 0)):
            check_count(field, getattr(self, field), least)
        if self.max_nodes is not None and self.min_nodes > self.max_nodes:
            raise ValueError(f"min_nodes ({self.min_nodes}) is over max_nodes ({self.max_nodes})")


def check_count(name: str, value: object, least: int) -> None:
    """Raises TypeError for what is neither a whole number nor None, ValueError for less than ``least``."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise TypeError(f"{name} is a whole number, not {value!r}")
    if value is not None and value < least:
        raise ValueError(f"{name} is {least} or more, not {value}")


def compute_name(reference: str) -> str:
    """The name of a compute as jobs refer to it: without ``azureml:``, of an ARM id its last part."""
    text = reference.strip().removeprefix("azureml:")
    return text.rstrip("/").rsplit("/", 1)[-1] if text.startswith("/") else text
