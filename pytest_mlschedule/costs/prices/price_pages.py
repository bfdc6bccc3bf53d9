"""Pages of the Azure Retail Prices API: what a document holds, and which pages it says are still to come."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import unquote

from pytest_mlschedule.costs.prices.price_items import PriceItem, describe_json, read_day, read_item
from pytest_mlschedule.diagnostics import Diagnostic, PathPart, error, note
from pytest_mlschedule.triggers.wording import list_names

HOW_TO_FETCH = "curl 'https://prices.azure.com/api/retail/prices?$filter=...' > prices.json (docs/how-to/prices.md)"
_STAMPS = ("AsOf", "RetrievedOn")
_SKIP = re.compile(r"[?&]\$skip=(\d{1,12})(?=&|$)", re.ASCII)
_MOST_KEYS = 6


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its items, where the next one is (empty for the last), the day its prices were read where it says so.

    ``path`` leads to the page in its document, for places.
    """

    items: tuple[PriceItem, ...]
    next_link: str = ""
    as_of: date | None = None
    path: tuple[PathPart, ...] = ()


def read_pages(data: object) -> tuple[list[Page], list[Diagnostic]]:
    """The pages of a document, and everything that is wrong with it.

    A document is a page, a list of pages, or a list of items, which is taken for a page.
    """
    if isinstance(data, Mapping):
        if "Items" not in data:
            return [], [_no_price_list(f"a mapping with {_name_keys(data)}")]
        page, problems = _read_page(data, ())
        return [page], problems
    if not isinstance(data, list | tuple):
        return [], [_no_price_list(describe_json(data))]
    mappings = [entry for entry in data if isinstance(entry, Mapping)]
    if data and not any("Items" in entry or "retailPrice" in entry for entry in mappings):
        return [], [_no_price_list(f"a list of {_name_entries(data[0])}")]
    pages, problems = [], []
    for index, entry in enumerate(data):
        if isinstance(entry, Mapping) and "Items" in entry:
            page, found = _read_page(entry, (index,))
            pages.append(page)
            problems += found
    if not pages:
        items, problems = _read_items(data, "", ())
        return [Page(items)], problems
    problems += [
        error("MLS008", "must be a page with Items, as the others of this list are", "", (index,))
        for index, entry in enumerate(data)
        if not isinstance(entry, Mapping) or "Items" not in entry
    ]
    return pages, problems


def is_file_link(link: str) -> bool:
    """Whether a NextPageLink names a file, not an address on the web."""
    return bool(link) and "://" not in link


def note_missing_pages(pages: Iterable[Page]) -> list[Diagnostic]:
    """A note where pages link to more pages of the web than there are.

    Pages that differ in nothing but ``$skip`` belong together. Of each such row of pages one has no link: the last.
    """
    rows: dict[str, list[int]] = defaultdict(list)
    ends = 0
    for page in pages:
        link = unquote(page.next_link)
        match = _SKIP.search(link)
        if "://" in link:
            rows[_SKIP.sub("", link)].append(int(match[1]) if match else 0)
        else:
            ends += not link
    gaps = sum(max(0, max(row) // max(1, min(row)) - len(set(row))) for row in rows.values() if min(row))
    missing = max(0, len(rows) - ends) + gaps
    if not missing:
        return []
    count = "a page that is" if missing == 1 else f"{missing} pages that are"
    hint = "fetch every page until NextPageLink is null, and give all of the files"
    return [note("MLS001", f"NextPageLink leads to {count} not among the files: prices may be missing", hint)]


def _read_page(data: Mapping[Any, Any], path: tuple[PathPart, ...]) -> tuple[Page, list[Diagnostic]]:
    entries = data["Items"]
    problems = []
    link = data.get("NextPageLink") or ""
    if not isinstance(link, str):
        problems.append(error("MLS008", f"must be text, not {describe_json(link)}", "", (*path, "NextPageLink")))
        link = ""
    as_of = None
    for key in _STAMPS:
        if data.get(key) is not None:
            as_of = read_day(data[key]) if isinstance(data[key], str) else None
            if as_of is None:
                text = f"must be a date such as 2026-03-01, not {describe_json(data[key])}"
                problems.append(error("MLS009", text, "", (*path, key)))
    currency = data.get("BillingCurrency")
    if not isinstance(entries, list | tuple):
        problems.append(
            error("MLS008", f"must be a list of prices, not {describe_json(entries)}", "", (*path, "Items"))
        )
        entries = []
    items, found = _read_items(entries, currency if isinstance(currency, str) else "", (*path, "Items"))
    return Page(items, link, as_of, path), problems + found


def _read_items(
    entries: Iterable[object], currency: str, path: tuple[PathPart, ...]
) -> tuple[tuple[PriceItem, ...], list[Diagnostic]]:
    items, problems = [], []
    for index, entry in enumerate(entries):
        if not isinstance(entry, Mapping):
            problems.append(error("MLS008", f"must be a mapping, not {describe_json(entry)}", "", (*path, index)))
            continue
        item, found = read_item(entry, currency)
        items.append(item)
        problems += [problem.under(*path, index) for problem in found]
    return tuple(items), problems


def _no_price_list(what: str) -> Diagnostic:
    text = f"is no price list but {what}: a page of the Azure Retail Prices API is a mapping with Items"
    return error("MLS009", text, HOW_TO_FETCH)


def _name_entries(entry: object) -> str:
    return (
        f"mappings with {_name_keys(entry)}"
        if isinstance(entry, Mapping)
        else f"entries such as {describe_json(entry)}"
    )


def _name_keys(data: Mapping[Any, Any]) -> str:
    keys = [str(key)[:40] for key in data]
    if not keys:
        return "no keys"
    more = [f"{len(keys) - _MOST_KEYS} more"] if len(keys) > _MOST_KEYS else []
    return list_names([*keys[:_MOST_KEYS], *more])
