"""Price lists from files: pages of the Azure Retail Prices API as curl saves them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pytest_mlschedule.costs.prices.json_places import JsonPlaces
from pytest_mlschedule.costs.prices.price_list import MOST_PROBLEMS, PriceList, limit_problems, make_price_list
from pytest_mlschedule.costs.prices.price_pages import HOW_TO_FETCH, Page, is_file_link, read_pages
from pytest_mlschedule.diagnostics import Diagnostic, Location, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.files import DISK
from pytest_mlschedule.schedules.json_text import find_syntax_error
from pytest_mlschedule.schedules.source import decode_text

SIZE_LIMIT = 64 << 20


def read_prices(paths: Iterable[str | os.PathLike[str]], *, currency: str | None = None) -> PriceList:
    """The prices of files, of all ``*.json`` files in folders, and of the files that their NextPageLink names.

    A file is a page of the API, a list of pages or a list of items. Each file is read once, whatever links to it. Raises
    DefinitionError with places: files that cannot be read (MLS001 to MLS004), what is no price list and prices that are none
    (MLS007 to MLS009), the first 20 problems of all files; and as make_price_list does, at the items of the first file.
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    reading = _Reading()
    for path in given:
        for name in reading.find_files(os.fspath(path)):
            reading.read_file(name)
    if reading.problems:
        raise DefinitionError(limit_problems(reading.problems))
    if not reading.names:
        raise DefinitionError([error("MLS001", "no price file is given", HOW_TO_FETCH)])
    try:
        return make_price_list(reading.pages, tuple(reading.names), currency)
    except DefinitionError as failure:
        place = reading.first_items()
        raise DefinitionError([problem.at(place) for problem in failure.diagnostics]) from None


class _Reading:
    """Files being read: their pages in the order of reading, and everything that is wrong."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.pages: list[Page] = []
        self.problems: list[Diagnostic] = []
        self._seen: set[str] = set()
        self._places: JsonPlaces | None = None  # of the first file

    def first_items(self) -> Location | None:
        """Where the items of the first page stand; None before one was read."""
        return None if self._places is None else self._places.locate((*self.pages[0].path, "Items"))

    def find_files(self, path: str) -> list[str]:
        """The file itself, or the price files of a folder in the order of their names."""
        if not os.path.isdir(path):
            return [path]
        try:
            entries = sorted(os.listdir(path))
        except OSError as reason:
            self._fail(path, error("MLS001", f"cannot be read: {reason.strerror}", "check its permissions"))
            return []
        names = [name for name in entries if name.lower().endswith(".json") and not name.startswith(".")]
        if not names:
            self._fail(path, error("MLS001", "holds no .json file", HOW_TO_FETCH))
        return [os.path.join(path, name) for name in names]

    def read_file(self, name: str) -> None:
        """Read a file, and those that it links to, one after the other."""
        waiting: list[tuple[str, Diagnostic | None]] = [(name, None)]
        while waiting:
            name, link = waiting.pop(0)
            key = os.path.realpath(name.replace("\0", "?"))
            if key in self._seen:
                continue
            self._seen.add(key)
            try:
                text = _read_text(name)
                waiting += self._read_pages(name, text)
            except DefinitionError as failure:
                found = failure.diagnostics[0]
                self.problems.append(found if link is None or found.code != "MLS001" else _blame(link, name, found))

    def _read_pages(self, name: str, text: str) -> list[tuple[str, Diagnostic | None]]:
        """Take the pages of a text. The files that they link to, each with the link as a diagnostic at its place."""
        places = JsonPlaces(name, text)
        self._places = self._places or places
        pages, problems = read_pages(_parse(name, text))
        self.names.append(name)
        self.pages += pages
        room = max(0, MOST_PROBLEMS - len(self.problems))  # the others are counted, not shown
        self.problems += [item.at(places.locate(item.field)) for item in problems[:room]] + problems[room:]
        links: list[tuple[str, Diagnostic | None]] = []
        for page in pages:
            if is_file_link(page.next_link):
                field = (*page.path, "NextPageLink")
                where = error("MLS001", "", "", field).at(places.locate(field))
                links.append((os.path.join(Path(name).parent, page.next_link), where))
        return links

    def _fail(self, name: str, problem: Diagnostic) -> None:
        self.problems.append(problem.at(_place(name)))


def _read_text(name: str) -> str:
    try:
        raw = DISK.read(name, SIZE_LIMIT + 1)
    except (OSError, ValueError) as reason:
        text = reason.strerror if isinstance(reason, OSError) and reason.strerror else str(reason)
        hint = "check the path; it is relative to where you run"
        raise DefinitionError([error("MLS001", f"cannot be read: {text}", hint).at(_place(name))]) from None
    if len(raw) > SIZE_LIMIT:
        hint = "a page of 1,000 prices has about 1 MiB: narrow the $filter, or save each page to a file of its own"
        message = f"is larger than {SIZE_LIMIT >> 20} MiB, the most this reads as one price file"
        raise DefinitionError([error("MLS004", message, hint).at(_place(name))])
    return decode_text(
        raw, name, "save the file as UTF-8; in Windows PowerShell: ... | Out-File prices.json -Encoding utf8"
    )


def _parse(name: str, text: str) -> object:
    try:
        return json.loads(text, parse_float=_read_number, parse_int=_read_number, parse_constant=_read_number)
    except (ValueError, RecursionError):
        problem, line, column = find_syntax_error(text)
        hint = "save what curl prints as it is; an error page of a proxy is no JSON either"
        raise DefinitionError(
            [error("MLS003", f"is not valid JSON: {problem}", hint).at(_place(name, line, column))]
        ) from None


def _read_number(text: str) -> Decimal:
    """A number as it is written. What no Decimal holds is NaN, which no price may be."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def _blame(link: Diagnostic, name: str, found: Diagnostic) -> Diagnostic:
    """The problem of a file that only a link names, at the link."""
    message = f"leads to {name}, which {found.message}"
    return replace(link, message=message, hint="save the next page under this name, or remove the link")


def _place(name: str, line: int = 1, column: int = 1) -> Location:
    return Location(name.replace("\n", "\\n")[:200], line, column)
