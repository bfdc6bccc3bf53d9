"""Price files: what is read in which order, what links lead to, and what is said where about files that are none."""

from __future__ import annotations

import json
import os
import re
from decimal import Decimal
from pathlib import Path

import pytest
from price_data import page_of, vm_item

from pytest_mlschedule.costs.prices import price_files
from pytest_mlschedule.costs.prices.price_files import read_prices
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.errors import DefinitionError

FIXTURES = Path(__file__).parents[2] / "fixtures" / "prices"
FETCH = "curl 'https://prices.azure.com/api/retail/prices?$filter=...' > prices.json (docs/how-to/prices.md)"


@pytest.fixture(autouse=True)
def _in_fixtures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FIXTURES)


def problems(*paths: str | os.PathLike[str]) -> list[str]:
    """What is wrong with files, one text for each problem."""
    with pytest.raises(DefinitionError) as failure:
        read_prices(paths)
    return list(map(str, failure.value.diagnostics))


def meters_of(prices: PriceList) -> list[str]:
    return [f"{item.meter_name} {item.retail_price}" for item in prices.items]


ONE = ["D4ds v5 0.226", "D4ds v5 0.41"]
TWO = ["Consumption Built-in Actions 0.0", "Consumption Built-in Actions 0.000025"]


def test_the_pages_of_two_files_are_one_list() -> None:
    prices = read_prices(["valid/prices-1.json", "valid/prices-2.json"])
    assert meters_of(prices) == ONE + TWO
    assert prices.sources == ("valid/prices-1.json", "valid/prices-2.json")
    assert prices.notes == ()
    assert prices.items[3].retail_price.as_tuple() == Decimal("0.000025").as_tuple()


@pytest.mark.parametrize(
    "paths",
    [["valid"], [Path("valid")], "valid", Path("valid"), ["valid", "valid/prices-2.json"], iter(["./valid/"])],
)
def test_a_folder_stands_for_its_json_files_by_name(paths: object) -> None:
    assert meters_of(read_prices(paths)) == ONE + TWO  # type: ignore[arg-type]


def test_hidden_and_other_files_of_a_folder_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "b.JSON").write_text(json.dumps([vm_item(retailPrice=2)]))
    (tmp_path / "a.json").write_text(json.dumps([vm_item(retailPrice=1)]))
    (tmp_path / ".hidden.json").write_text("no")
    (tmp_path / "notes.md").write_text("no")
    assert meters_of(read_prices([tmp_path])) == ["D4ds v5 1", "D4ds v5 2"]


def test_without_the_page_that_a_link_leads_to_there_is_a_note() -> None:
    prices = read_prices(["valid/prices-1.json"])
    (note,) = prices.notes
    assert str(note) == (
        "MLS001 NextPageLink leads to a page that is not among the files: prices may be missing\n"
        "  hint: fetch every page until NextPageLink is null, and give all of the files"
    )


def test_links_to_files_are_followed_from_where_they_stand() -> None:
    prices = read_prices(["linked/start.json"])
    assert meters_of(prices) == ["D4ds v5 0.226", *TWO]
    assert prices.sources == ("linked/start.json", "linked/more/next.json", "linked/more/../last.json")
    assert prices.notes == ()


def test_links_in_a_circle_are_followed_once() -> None:
    assert meters_of(read_prices(["cycle/b.json"])) == ["Consumption Built-in Actions 0.0", "D4ds v5 0.226"]
    assert len(read_prices(["cycle", "cycle/a.json"]).items) == 2


def test_several_pages_in_one_file_with_links_of_their_own(tmp_path: Path) -> None:
    pages = [page_of(vm_item(), NextPageLink="more.json"), page_of(vm_item(), NextPageLink="none.json")]
    (tmp_path / "pages.json").write_text(json.dumps(pages, indent=1))
    (tmp_path / "more.json").write_text(json.dumps([vm_item(retailPrice=7)]))
    (found,) = problems(tmp_path / "pages.json")
    line = json.dumps(pages, indent=1)[: json.dumps(pages, indent=1).index('"none.json"')].count("\n") + 1
    assert found.startswith(
        f"{tmp_path}/pages.json:{line}:19: MLS001 [1].NextPageLink: leads to {tmp_path}/none.json, which"
    )


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "invalid/jobs.json",
            [
                "invalid/jobs.json:1:1: MLS009 is no price list but a list of mappings with name, display_name, status, type, "
                "compute and inputs: a page of the Azure Retail Prices API is a mapping with Items\n"
                f"  hint: {FETCH}"
            ],
        ),
        (
            "invalid/wrong-items.json",
            [
                "invalid/wrong-items.json:31:22: MLS008 Items[1].retailPrice: must be a number, not text ('0.226')",
                "invalid/wrong-items.json:47:31: MLS008 Items[1].isPrimaryMeterRegion: must be true or false, not text ('yes')",
                "invalid/wrong-items.json:50:5: MLS007 Items[2].serviceName: the key 'serviceName' is missing",
                "invalid/wrong-items.json:53:22: MLS009 Items[2].retailPrice: must be from 0 up and below 10^15, not -1",
            ],
        ),
        (
            "invalid/missing-page.json",
            [
                "invalid/missing-page.json:29:19: MLS001 NextPageLink: leads to invalid/prices-2.json, which cannot be read: "
                "No such file or directory\n  hint: save the next page under this name, or remove the link"
            ],
        ),
        (
            "invalid/broken.json",
            [
                "invalid/broken.json:15:7: MLS003 is not valid JSON: expecting ',' delimiter\n"
                "  hint: save what curl prints as it is; an error page of a proxy is no JSON either"
            ],
        ),
        (
            "invalid/proxy.json",
            [
                "invalid/proxy.json:1:1: MLS003 is not valid JSON: expecting value\n"
                "  hint: save what curl prints as it is; an error page of a proxy is no JSON either"
            ],
        ),
        (
            "invalid/latin.json",
            [
                "invalid/latin.json:12:32: MLS002 is not UTF-8 text (byte 0xe9)\n"
                "  hint: save the file as UTF-8; in Windows PowerShell: ... | Out-File prices.json -Encoding utf8"
            ],
        ),
        (
            "invalid/empty.json",
            [
                "invalid/empty.json:5:12: MLS009 no prices: Items is empty\n"
                "  hint: the values of a $filter are case-sensitive: 'Virtual Machines', 'eastus', 'Standard_DS3_v2'"
            ],
        ),
        (
            "none.json",
            [
                "none.json:1:1: MLS001 cannot be read: No such file or directory\n"
                "  hint: check the path; it is relative to where you run"
            ],
        ),
        (
            "a\nb\0.json",
            [
                "a\\nb\0.json:1:1: MLS001 cannot be read: embedded null byte\n"
                "  hint: check the path; it is relative to where you run"
            ],
        ),
        (
            "/dev/null",
            [
                "/dev/null:1:1: MLS001 cannot be read: it is not a regular file (a device, pipe or socket)\n  hint: check the path; it is relative to where you run"
            ],
        ),
    ],
)
def test_files_that_are_no_price_lists(path: str, said: list[str]) -> None:
    assert problems(path) == said


def test_a_folder_without_price_files_and_no_files_at_all(tmp_path: Path) -> None:
    assert problems(tmp_path) == [f"{tmp_path}:1:1: MLS001 holds no .json file\n  hint: {FETCH}"]
    assert problems() == [f"MLS001 no price file is given\n  hint: {FETCH}"]


def test_a_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> list[str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "listdir", refuse)
    assert problems(tmp_path) == [
        f"{tmp_path}:1:1: MLS001 cannot be read: Permission denied\n  hint: check its permissions"
    ]


def test_every_file_that_is_wrong_is_told_at_once() -> None:
    found = problems("invalid")
    assert [re.match(r"[\w./-]+", text)[0] for text in found] == [  # type: ignore[index]
        "invalid/broken.json",
        "invalid/jobs.json",
        "invalid/latin.json",
        "invalid/missing-page.json",
        "invalid/proxy.json",
        *["invalid/wrong-items.json"] * 4,
    ]


def test_of_thousands_of_problems_the_first_twenty_are_told(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps([vm_item(retailPrice=-1)] * 3000))
    found = problems(tmp_path)
    assert len(found) == 21
    assert found[-1] == "MLS009 and 5980 more problems like these"
    assert found[19].startswith(f"{tmp_path}/a.json:1:")


def test_a_file_that_is_far_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert price_files.SIZE_LIMIT == 64 * 2**20
    monkeypatch.setattr(price_files, "SIZE_LIMIT", 1 << 20)
    text = json.dumps([vm_item()])
    (tmp_path / "fits.json").write_text(text + " " * (2**20 - len(text)))
    assert len(read_prices([tmp_path / "fits.json"]).items) == 1
    (tmp_path / "big.json").write_text(text + " " * (2**20 - len(text) + 1))
    assert problems(tmp_path / "big.json") == [
        f"{tmp_path}/big.json:1:1: MLS004 is larger than 1 MiB, the most this reads as one price file\n"
        "  hint: a page of 1,000 prices has about 1 MiB: narrow the $filter, or save each page to a file of its own"
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1e99999999999999999999", "not NaN"),
        ("1e999999999", "not 1E+999999999"),
        ("1e-999999999", "not 1E-999999999"),
        ("NaN", "not NaN"),
        ("-Infinity", "not -Infinity"),
        ("9" * 5000, "not 1.000e+5000"),
    ],
)
def test_hostile_numbers_are_no_prices(tmp_path: Path, written: str, said: str) -> None:
    path = tmp_path / "prices.json"
    path.write_text(json.dumps([vm_item(retailPrice="PRICE")]).replace('"PRICE"', written))
    (found,) = problems(path)
    assert found.endswith(f"[0].retailPrice: must be from 0 up and below 10^15, {said}")


def test_hostile_nesting_is_told(tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    path.write_text("[" * 100_000)
    (found,) = problems(path)
    assert f"{path}:1:1: MLS003 is not valid JSON: it nests too deep" in found


def test_numbers_of_files_are_never_floats(tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    path.write_text(
        json.dumps([vm_item(retailPrice="PRICE")]).replace('"PRICE"', "0.1000000000000000055511151231257827")
    )
    assert read_prices(path).items[0].retail_price == Decimal("0.1000000000000000055511151231257827")


def test_the_currency_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "usd.json").write_text(json.dumps([vm_item()]))
    (tmp_path / "eur.json").write_text(json.dumps([vm_item(currencyCode="EUR", retailPrice=0.2)]))
    assert meters_of(read_prices([tmp_path], currency="EUR")) == ["D4ds v5 0.2"]
    # eur.json comes first; a list of items stands at its start.
    assert problems(tmp_path)[0].startswith(f"{tmp_path}/eur.json:1:1: MLS009 the prices are in EUR and USD")


def test_what_is_wrong_with_all_files_stands_at_the_items_of_the_first(tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_text('{"NextPageLink": null,\n  "Items": []}')
    second.write_text('[{"Items": []}]')
    hint = "  hint: the values of a $filter are case-sensitive: 'Virtual Machines', 'eastus', 'Standard_DS3_v2'"
    both = f"no prices: Items is empty in {first} and {second}"
    assert problems(first, second) == [f"{first}:2:12: MLS009 {both}\n{hint}"]
    assert problems(second) == [f"{second}:1:12: MLS009 no prices: Items is empty\n{hint}"]
    second.write_text(json.dumps(page_of(vm_item())))
    with pytest.raises(DefinitionError) as failure:
        read_prices([first, second], currency="EUR")
    assert str(failure.value) == (
        f"{first}:2:12: MLS009 no prices in 'EUR': they are in USD\n"
        "  hint: fetch them with currencyCode='EUR', or ask for USD"
    )
