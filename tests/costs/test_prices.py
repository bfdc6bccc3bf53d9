"""Price lists from data: what an item says, what is wrong with one, currencies, dates, pages that may be missing."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from price_data import action_item, page_of, vm_item

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.prices.meters import Meter, Unpriced, find_vm_meter
from pytest_mlschedule.costs.prices.price_items import PriceItem
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.errors import DefinitionError


def read(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def problems(data: Any, **changed: Any) -> list[str]:
    """What is wrong with data, a line each."""
    with pytest.raises(DefinitionError) as failure:
        PriceList.from_data(data, **changed)
    return [str(item) for item in failure.value.diagnostics]


def test_an_item_keeps_what_the_api_says() -> None:
    (item,) = PriceList.from_data(
        page_of(vm_item(reservationTerm="1 Year", effectiveStartDate="2021-11-01T23:30:00-02:00"))
    ).items
    assert item == PriceItem(
        service_name="Virtual Machines",
        product_name="Virtual Machines Ddsv5 Series",
        sku_name="D4ds v5",
        meter_name="D4ds v5",
        meter_id="meter-1",
        arm_sku_name="Standard_D4ds_v5",
        arm_region_name="eastus",
        unit_of_measure="1 Hour",
        price_type="Consumption",
        reservation_term="1 Year",
        currency_code="USD",
        retail_price=Decimal("0.226"),
        tier_minimum_units=Decimal(0),
        effective_start=date(2021, 11, 2),  # in UTC
        effective_end=None,
        is_primary_meter_region=True,
    )


def test_what_an_item_need_not_say() -> None:
    short = {key: vm_item()[key] for key in ("serviceName", "meterName", "unitOfMeasure", "type", "retailPrice")}
    (item,) = PriceList.from_data(page_of(short, BillingCurrency="eur")).items
    assert (item.currency_code, item.effective_start, item.is_primary_meter_region) == ("EUR", None, True)
    assert (item.tier_minimum_units, item.arm_region_name, item.arm_sku_name) == (0, "", "")


@pytest.mark.parametrize(
    ("written", "price"),
    [
        ("0.0000250000000001", "0.0000250000000001"),
        ("2.5E-05", "0.000025"),
        ("3", "3"),
        ("0", "0"),
        ("-0.0", "0"),
        ("0.1", "0.1"),
        ("123456789.123456789123456789", "123456789.123456789123456789"),
    ],
)
def test_prices_are_what_the_text_says(written: str, price: str) -> None:
    item = {**vm_item(), "retailPrice": read(written)}
    assert PriceList.from_data([item]).items[0].retail_price == Decimal(price)


@given(st.decimals(min_value=0, max_value=10**9, places=12))
def test_prices_come_back_as_they_were_written(price: Decimal) -> None:
    data = read(json.dumps(page_of(vm_item(retailPrice="PRICE"))).replace('"PRICE"', format(price, "f")))
    assert PriceList.from_data(data).items[0].retail_price == price


def test_a_float_of_python_is_taken_as_it_prints() -> None:
    assert PriceList.from_data([vm_item(retailPrice=0.1)]).items[0].retail_price == Decimal("0.1")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"retailPrice": "0.2"}, "MLS008 Items[0].retailPrice: must be a number, not text ('0.2')"),
        ({"retailPrice": None}, "MLS008 Items[0].retailPrice: must be a number, not null"),
        ({"retailPrice": True}, "MLS008 Items[0].retailPrice: must be a number, not a boolean (true)"),
        ({"retailPrice": -0.5}, "MLS009 Items[0].retailPrice: must be from 0 up and below 10^15, not -0.5"),
        ({"retailPrice": 10**15}, f"MLS009 Items[0].retailPrice: must be from 0 up and below 10^15, not {10**15}"),
        ({"retailPrice": 10**5000}, "MLS009 Items[0].retailPrice: must be from 0 up and below 10^15, not 1.000e+5000"),
        (
            {"retailPrice": Decimal("1E-99")},
            "MLS009 Items[0].retailPrice: must be from 0 up and below 10^15, not 1E-99",
        ),
        ({"retailPrice": float("nan")}, "MLS009 Items[0].retailPrice: must be from 0 up and below 10^15, not NaN"),
        ({"retailPrice": float("inf")}, "MLS009 Items[0].retailPrice: must be from 0 up and below 10^15, not Infinity"),
        ({"tierMinimumUnits": -1}, "MLS009 Items[0].tierMinimumUnits: must be from 0 up and below 10^15, not -1"),
        ({"tierMinimumUnits": None}, "MLS008 Items[0].tierMinimumUnits: must be a number, not null"),
        ({"serviceName": None}, "MLS008 Items[0].serviceName: must be text, not null"),
        ({"serviceName": 5}, "MLS008 Items[0].serviceName: must be text, not a number (5)"),
        ({"serviceName": Decimal("1.5")}, "MLS008 Items[0].serviceName: must be text, not a number (1.5)"),
        ({"meterName": " "}, "MLS009 Items[0].meterName: must not be empty"),
        ({"armSkuName": ["a"]}, "MLS008 Items[0].armSkuName: must be text, not a list"),
        (
            {"isPrimaryMeterRegion": "yes"},
            "MLS008 Items[0].isPrimaryMeterRegion: must be true or false, not text ('yes')",
        ),
        ({"effectiveStartDate": 2021}, "MLS008 Items[0].effectiveStartDate: must be a date, not a number (2021)"),
        (
            {"effectiveStartDate": "soon"},
            "MLS009 Items[0].effectiveStartDate: must be a date such as 2026-03-01T00:00:00Z, not 'soon'",
        ),
        (
            {"effectiveStartDate": "0001-01-01T00:00:00+14:00"},
            "MLS009 Items[0].effectiveStartDate: must be a date such as 2026-03-01T00:00:00Z, not '0001-01-01T00:00:00+14:00'",
        ),
    ],
)
def test_what_is_wrong_with_an_item(changed: dict[str, Any], said: str) -> None:
    assert problems(page_of(vm_item(**changed))) == [said]


@pytest.mark.parametrize("key", ["serviceName", "meterName", "unitOfMeasure", "type", "retailPrice"])
def test_keys_that_an_item_must_have(key: str) -> None:
    item = vm_item()
    del item[key]
    assert problems(page_of(item)) == [f"MLS007 Items[0].{key}: the key {key!r} is missing"]


def test_a_currency_must_be_said_somewhere() -> None:
    item = vm_item(currencyCode=None)
    said = "the key 'currencyCode' is missing"
    assert problems([item]) == [f"MLS007 [0].currencyCode: {said}"]
    assert problems(page_of(item, BillingCurrency=5)) == [f"MLS007 Items[0].currencyCode: {said}"]


def test_all_problems_are_said_at_once_up_to_twenty() -> None:
    bad = vm_item(retailPrice="x", serviceName=1)
    assert len(problems(page_of(*[bad] * 10))) == 20
    found = problems(page_of(*[bad] * 11))
    assert len(found) == 21
    assert found[-1] == "MLS009 and 2 more problems like these"
    assert problems(page_of(*[bad] * 10, vm_item(type="")))[-1] == "MLS009 and 1 more problem like these"


JOBS = [
    {"name": "a", "status": "Completed", "display_name": "a", "id": "1", "tags": {}, "type": "pipeline", "inputs": {}}
]
WHAT = "a page of the Azure Retail Prices API is a mapping with Items"
HINT = "\n  hint: curl 'https://prices.azure.com/api/retail/prices?$filter=...' > prices.json (docs/how-to/prices.md)"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (JOBS, "a list of mappings with name, status, display_name, id, tags, type and 1 more"),
        (JOBS[0], "a mapping with name, status, display_name, id, tags, type and 1 more"),
        ({}, "a mapping with no keys"),
        ({"items": []}, "a mapping with items"),
        ([1, 2], "a list of entries such as a number (1)"),
        (Decimal("1.5"), "a number (1.5)"),
        ("prices.json", "text ('prices.json')"),
        (None, "null"),
    ],
)
def test_what_is_no_price_list(data: Any, what: str) -> None:
    assert problems(data) == [f"MLS009 is no price list but {what}: {WHAT}{HINT}"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (page_of(vm_item(), 5), ["MLS008 Items[1]: must be a mapping, not a number (5)"]),
        ([vm_item(), None], ["MLS008 [1]: must be a mapping, not null"]),
        ({"Items": {}}, ["MLS008 Items: must be a list of prices, not a mapping"]),
        (page_of(vm_item(), NextPageLink=5), ["MLS008 NextPageLink: must be text, not a number (5)"]),
        (page_of(vm_item(), AsOf="June"), ["MLS009 AsOf: must be a date such as 2026-03-01, not text ('June')"]),
        (
            page_of(vm_item(), RetrievedOn=7),
            ["MLS009 RetrievedOn: must be a date such as 2026-03-01, not a number (7)"],
        ),
        (
            [page_of(vm_item(retailPrice=None)), vm_item(), 3],
            [
                "MLS008 [0].Items[0].retailPrice: must be a number, not null",
                "MLS008 [1]: must be a page with Items, as the others of this list are",
                "MLS008 [2]: must be a page with Items, as the others of this list are",
            ],
        ),
    ],
)
def test_what_is_wrong_with_a_page(data: Any, said: list[str]) -> None:
    assert problems(data) == said


EMPTY = "hint: the values of a $filter are case-sensitive: 'Virtual Machines', 'eastus', 'Standard_DS3_v2'"


@pytest.mark.parametrize("data", [[], page_of(), [page_of(), page_of()]])
def test_a_list_without_prices_is_an_error(data: Any) -> None:
    # Data of Python has no place.
    assert problems(data, source="none.json") == [f"MLS009 no prices: Items is empty\n  {EMPTY}"]


@pytest.mark.parametrize(
    "data",
    [
        page_of(vm_item(), action_item(0, 0)),
        [page_of(vm_item()), page_of(action_item(0, 0))],
        [vm_item(), action_item(0, 0)],
        (vm_item(), action_item(0, 0)),
    ],
)
def test_pages_lists_of_pages_and_lists_of_items_are_the_same(data: Any) -> None:
    prices = PriceList.from_data(data)
    assert [item.service_name for item in prices.items] == ["Virtual Machines", "Logic Apps"]
    assert (prices.currency, prices.sources, prices.notes) == ("USD", ("<data>",), ())
    assert list(prices.by_size) == ["standard_d4ds_v5"]
    assert [item.meter_name for item in prices.of_logic_apps] == ["Consumption Built-in Actions"]


def test_a_price_list_is_short_to_look_at() -> None:
    assert "items" not in repr(PriceList.from_data([vm_item()] * 100))


EUROS = vm_item(currencyCode="eur", retailPrice=0.2)


def test_one_currency_is_taken_of_several_the_one_asked_for() -> None:
    assert PriceList.from_data([EUROS]).currency == "EUR"
    both = [vm_item(), EUROS]
    assert [item.retail_price for item in PriceList.from_data(both, currency="usd").items] == [Decimal("0.226")]
    assert [item.retail_price for item in PriceList.from_data(both, currency=" EUR").items] == [Decimal("0.2")]
    assert problems(both) == [
        'MLS009 the prices are in EUR and USD, and none is asked for\n  hint: say which: currency = "EUR"'
    ]
    assert problems(both, currency="GBP") == [
        "MLS009 no prices in 'GBP': they are in EUR and USD\n  hint: fetch them with currencyCode='GBP', or ask for EUR or USD"
    ]


@pytest.mark.parametrize(
    ("data", "as_of"),
    [
        (page_of(vm_item(), AsOf="2026-06-18"), date(2026, 6, 18)),
        (page_of(vm_item(), RetrievedOn="2026-06-18T10:00:00Z"), date(2026, 6, 18)),
        # The oldest stamp: nothing is older than that.
        ([page_of(vm_item(), AsOf="2026-06-18"), page_of(vm_item(), AsOf="2026-05-01")], date(2026, 5, 1)),
        # Without a stamp: the latest day on which a price takes effect.
        ([vm_item(), action_item(0, 0)], date(2021, 11, 1)),
        ([vm_item(effectiveStartDate=None)], None),
    ],
)
def test_the_day_of_the_prices(data: Any, as_of: date | None) -> None:
    assert PriceList.from_data(data).as_of == as_of


def link(skip: int, service: str = "Functions") -> str:
    filter_text = f"$filter=serviceName%20eq%20%27{service}%27"
    return f"https://prices.azure.com:443/api/retail/prices?{filter_text}&$skip={skip}"


@pytest.mark.parametrize(
    ("links", "missing"),
    [
        ([None], 0),
        ([""], 0),
        ([link(1000), None], 0),
        ([link(1000), link(2000), None], 0),
        ([None, link(2000), link(1000)], 0),
        # Two rows of pages, each with an end.
        ([link(1000), link(1000, "Storage"), None, None], 0),
        # The end is missing.
        ([link(1000)], 1),
        ([link(1000), link(2000)], 1),
        ([link(1000), link(1000, "Storage"), None], 1),
        ([link(1000), link(1000, "Storage")], 2),
        # A page in the middle is missing, and two of them.
        ([link(1000), link(3000), None], 1),
        ([link(1000), link(4000), None], 2),
        # Written with percent signs, and without $skip.
        ([link(1000).replace("$", "%24")], 1),
        (["https://example.com/next"], 1),
        (["https://example.com/next", None], 0),
    ],
)
def test_pages_that_may_be_missing_are_noted(links: list[str | None], missing: int) -> None:
    (*notes,) = PriceList.from_data([page_of(vm_item(), NextPageLink=one) for one in links]).notes
    count = "a page that is" if missing == 1 else f"{missing} pages that are"
    said = f"MLS001 NextPageLink leads to {count} not among the files: prices may be missing"
    hint = "fetch every page until NextPageLink is null, and give all of the files"
    assert list(map(str, notes)) == ([f"{said}\n  hint: {hint}"] if missing else [])
    assert all(note.severity == "note" for note in notes)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["Items", "NextPageLink", "AsOf", "retailPrice", "type"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON)
def test_any_data_is_read_or_refused_with_words(data: Any) -> None:
    with contextlib.suppress(DefinitionError):
        assert PriceList.from_data(data).items


@given(st.dictionaries(st.sampled_from(sorted(vm_item())), JSON, min_size=1, max_size=3))
def test_any_item_is_read_or_refused_with_words(changed: dict[str, Any]) -> None:
    try:
        prices = PriceList.from_data([vm_item(), vm_item(**changed)], currency="USD")
    except DefinitionError as failure:
        assert {item.field[0] for item in failure.diagnostics} == {1}
        return
    found = find_vm_meter(prices, Compute(name="cpu", size="Standard_D4ds_v5", region="eastus"), date(2026, 3, 1))
    assert isinstance(found, Meter | Unpriced)


def test_prices_of_later_do_not_say_when_a_list_was_read() -> None:
    """Without AsOf the newest price tells the day, unless it counts later than what is asked for."""
    starts = ["2021-11-01T00:00:00Z", "2025-06-01T00:00:00Z", "2027-01-01T00:00:00Z"]
    items = [vm_item(meterId=start, effectiveStartDate=start) for start in starts]
    found = PriceList.from_data(items)
    assert found.as_of == date(2027, 1, 1)
    assert found.seen_on(date(2026, 3, 1)).as_of == date(2025, 6, 1)
    assert found.seen_on(date(2020, 3, 1)).as_of == date(2021, 11, 1)
    assert found.seen_on(date(2027, 1, 1)) is found
    stamped = PriceList.from_data({"Items": items, "AsOf": "2026-06-18"})
    assert (stamped.as_of, stamped.is_stamped) == (date(2026, 6, 18), True)
    assert stamped.seen_on(date(2020, 1, 1)) is stamped
    dateless = PriceList.from_data([vm_item(effectiveStartDate=None)])
    assert dateless.seen_on(date(2020, 1, 1)).as_of is None
