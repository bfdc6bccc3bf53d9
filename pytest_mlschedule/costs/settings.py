"""What a team says about its computes, its runs and its contract: everything that a bill needs besides prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pytest_mlschedule.costs.computes import Compute, check_count
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.run_durations import read_duration

MOST_FACTOR = 10
ASSUMED_ACTIONS = 2
"""Built-in actions of the Logic App behind a schedule, each time it fires, where nobody says how many (WS-8)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSettings:
    """Computes by name (without ``azureml:``), durations by what they are for (see RunDurations), and the terms of the bill.

    ``currency``: the one to count in where price files have several. ``price_factor``: what every list price is multiplied by
    (0.85: 15 % off). ``actions_per_run``: built-in actions of the Logic App each time a schedule fires; None: 2, and the estimate
    says that this is assumed. ``free_executions``: those of a month that are left for these schedules; None: all that are free.
    ``region``: of the workspace, for its Logic Apps. Raises ValueError and TypeError for numbers that there are not.
    """

    computes: Mapping[str, Compute] = field(default_factory=dict)
    durations: Mapping[str, Duration] = field(default_factory=dict)
    currency: str | None = None
    price_factor: Decimal = Decimal(1)
    actions_per_run: int | None = None
    free_executions: int | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.price_factor, Decimal):
            given = type(self.price_factor).__name__
            raise TypeError(f'price_factor is a Decimal, not {given}: Decimal("0.85") means that 85 % are paid')
        if not self.price_factor.is_finite() or not 0 < self.price_factor <= MOST_FACTOR:
            raise ValueError(f"price_factor is above 0 and at most {MOST_FACTOR}, not {self.price_factor}")
        for name, least in (("actions_per_run", 1), ("free_executions", 0)):
            check_count(name, getattr(self, name), least)
        if not isinstance(self.computes, Mapping):
            raise TypeError(f"computes are a mapping of names to Compute, not {type(self.computes).__name__}")
        strange = [value for value in self.computes.values() if not isinstance(value, Compute)]
        if strange:
            raise TypeError(
                f"computes are Compute(name=..., size=..., region=...) by name, not {type(strange[0]).__name__}"
            )
        # Texts such as "45m" are taken too; what is none is a ValueError or TypeError.
        read = {key: read_duration(value) for key, value in self.durations.items()}
        object.__setattr__(self, "durations", read)

    @property
    def logic_app_region(self) -> str | None:
        """The region of the Logic Apps: the workspace's, else the one that all computes share, however they spell it."""
        from pytest_mlschedule.costs.prices.machine_prices import match_region  # costs time that few need

        regions = [compute.region for compute in self.computes.values() if compute.region]
        is_shared = len(set(map(match_region, regions))) == 1
        return self.region or (regions[0] if is_shared else None)
