"""A price list: the prices of one currency, from pages of the Azure Retail Prices API."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from pytest_mlschedule.costs.prices.price_items import PriceItem
from pytest_mlschedule.costs.prices.price_pages import Page, is_file_link, note_missing_pages, read_pages
from pytest_mlschedule.diagnostics import Diagnostic, error, note
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.triggers.wording import list_names, quote

MOST_PROBLEMS = 20


@dataclass(frozen=True)
class PriceList:
    """Prices in one ``currency``. ``sources``: the files they are from; ``as_of``: the day for which they were read.

    ``as_of`` is what the files say under AsOf or RetrievedOn (the oldest of them; ``is_stamped``), else the latest day on which a
    price takes effect; None where the files have no dates at all. ``notes``: what is good to know, such as pages that may be
    missing.
    """

    items: tuple[PriceItem, ...] = field(repr=False)
    currency: str
    sources: tuple[str, ...] = ()
    as_of: date | None = None
    notes: tuple[Diagnostic, ...] = ()
    is_stamped: bool = False

    def seen_on(self, day: date) -> PriceList:
        """The list as of a day: prices that take effect later do not say when it was read."""
        if self.is_stamped or self.as_of is None or self.as_of <= day:
            return self
        starts = [item.effective_start for item in self.items if item.effective_start is not None]
        return replace(self, as_of=max((start for start in starts if start <= day), default=min(starts)))

    @classmethod
    def from_data(
        cls, data: Mapping[str, object] | Sequence[object], *, currency: str | None = None, source: str = "<data>"
    ) -> PriceList:
        """The prices of a page, a list of pages, or a list of items, as json.loads gives them.

        Prefer ``json.loads(text, parse_float=Decimal)``. Raises DefinitionError for what is no price list, and as
        make_price_list does.
        """
        pages, problems = read_pages(data)
        if problems:
            raise DefinitionError(limit_problems(problems))
        found = make_price_list(pages, (source,), currency)
        links = [page.next_link for page in pages if is_file_link(page.next_link)]
        text = "NextPageLink leads to {}, which data cannot follow: prices may be missing"
        unread = [note("MLS001", text.format(quote(link)), "give the files, not what is in them") for link in links]
        return replace(found, notes=(*found.notes, *unread))

    @cached_property
    def by_size(self) -> Mapping[str, tuple[PriceItem, ...]]:
        """The items of each machine size, by its ARM name in lower case (``standard_ds3_v2``)."""
        found: dict[str, list[PriceItem]] = defaultdict(list)
        for item in self.items:
            if item.arm_sku_name and item.service_name.casefold() == "virtual machines":
                found[item.arm_sku_name.strip().lower()].append(item)
        return {size: tuple(items) for size, items in found.items()}

    @cached_property
    def of_logic_apps(self) -> tuple[PriceItem, ...]:
        """The items of Logic Apps."""
        return tuple(item for item in self.items if item.service_name.casefold() == "logic apps")


def make_price_list(pages: Sequence[Page], sources: tuple[str, ...], currency: str | None) -> PriceList:
    """The prices of pages in one currency: the only one there is, else the one asked for.

    Raises DefinitionError (MLS009) without any price, for several currencies of which none is asked for, and for one that is
    not there.
    """
    items = tuple(item for page in pages for item in page.items)
    if not items:
        hint = "the values of a $filter are case-sensitive: 'Virtual Machines', 'eastus', 'Standard_DS3_v2'"
        where = f" in {list_names(sources)}" if len(sources) > 1 else ""
        raise DefinitionError([error("MLS009", f"no prices: Items is empty{where}", hint)])
    chosen = _choose_currency(items, currency)
    items = tuple(item for item in items if item.currency_code == chosen)
    stamps = [page.as_of for page in pages if page.as_of is not None]
    starts = [item.effective_start for item in items if item.effective_start is not None]
    as_of = min(stamps) if stamps else max(starts, default=None)
    return PriceList(items, chosen, sources, as_of, tuple(note_missing_pages(pages)), bool(stamps))


def limit_problems(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The first problems, and how many more there are: a price list has thousands of items."""
    found = list(problems)
    left = len(found) - MOST_PROBLEMS
    more = [note("MLS009", f"and {left} more problem{'s' * (left != 1)} like these")] if left > 0 else []
    return found[:MOST_PROBLEMS] + more


def _choose_currency(items: Iterable[PriceItem], asked: str | None) -> str:
    known = sorted({item.currency_code for item in items})
    if asked is None:
        if len(known) == 1:
            return known[0]
        text = f"the prices are in {list_names(known)}, and none is asked for"
        raise DefinitionError([error("MLS009", text, f'say which: currency = "{known[0]}"')])
    wanted = asked.strip().upper()
    if wanted not in known:
        hint = f"fetch them with currencyCode='{wanted}', or ask for {list_names(known, 'or')}"
        raise DefinitionError([error("MLS009", f"no prices in {quote(wanted)}: they are in {list_names(known)}", hint)])
    return wanted
