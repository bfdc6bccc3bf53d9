"""What a bill is made with: prices, durations, what a team says; and the price of a node of each compute."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.money import apply_discount
from pytest_mlschedule.costs.prices.meters import Meter, Unpriced, find_action_meter, find_vm_meter
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.run_durations import RunDurations
from pytest_mlschedule.costs.settings import CostSettings
from pytest_mlschedule.triggers.wording import nearest

NO_PRICES = Unpriced(
    "no prices are given", "--prices FILE, or prices in the configuration: pages of the Azure Retail Prices API"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Prices (None: none are given), durations of runs, and what a team says about its computes and its contract.

    ``remarks``: what else an estimate takes for granted, in sentences.
    """

    prices: PriceList | None = None
    durations: RunDurations = field(default_factory=RunDurations)
    settings: CostSettings = field(default_factory=CostSettings)
    remarks: tuple[str, ...] = ()

    @property
    def currency(self) -> str | None:
        """The currency of the bill; None where nothing says which."""
        return self.prices.currency if self.prices is not None else self.settings.currency

    def node_price(self, name: str, at: date) -> NodePrice:
        """What a node of a compute costs an hour on a day, the price factor applied."""
        compute = self.settings.computes.get(name)
        if compute is None:
            near = nearest(name, self.settings.computes, cutoff=0.8)
            meant = f"[computes] has {near[0]}; " if near else ""
            hint = f"{meant}add [computes.{name}] with its size and region to the configuration"
            return NodePrice(reason=f"the compute {name!r} is not described", hint=hint)
        missing = [what for what in ("size", "region") if getattr(compute, what) is None]
        if missing:
            hint = f"add it to [computes.{name}] in the configuration"
            return NodePrice(
                compute=compute,
                reason=f"the {' and the '.join(missing)} of the compute {name!r} is not known",
                hint=hint,
            )
        found = NO_PRICES if self.prices is None else find_vm_meter(self.prices, compute, at)
        if isinstance(found, Unpriced):
            return NodePrice(compute=compute, reason=found.reason, hint=found.hint)
        if len(found.tiers) > 1:
            reason = (
                f"{found.name} has a price for each of {len(found.tiers)} tiers: machines are counted with one price"
            )
            return NodePrice(compute=compute, reason=reason)
        return NodePrice(compute=compute, price=apply_discount(found.price, self.settings.price_factor), meter=found)

    def action_meter(self, at: date) -> Meter | Unpriced:
        """What an execution of a built-in action of a Logic App costs on a day, before the price factor."""
        if self.prices is None:
            return NO_PRICES
        return find_action_meter(self.prices, self.settings.logic_app_region, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePrice:
    """The price of a node an hour; None where it is not known: ``reason`` says why, ``hint`` what to do."""

    compute: Compute | None = None
    price: Decimal | None = None
    meter: Meter | None = None
    reason: str = ""
    hint: str = ""
