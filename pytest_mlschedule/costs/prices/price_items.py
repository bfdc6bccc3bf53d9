"""One item of a price list: what the Azure Retail Prices API says about a price, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from pytest_mlschedule.costs.money import EXACT
from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.schedules.problems import describe
from pytest_mlschedule.triggers.wording import quote

# Beyond any price and any count of units; numbers of a million digits are no price.
_LARGEST = Decimal(10) ** 15
_MOST_PLACES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceItem:
    """A price, with the fields of the API under their names.

    ``retail_price`` is for one ``unit_of_measure`` and for the units above ``tier_minimum_units``, which counts in the same
    measure. A price of type Reservation is for the whole ``reservation_term``. ``effective_start`` is None where the item does
    not say from when it counts. ``price_type`` is the API's ``type``: Consumption, DevTestConsumption or Reservation.
    """

    service_name: str
    product_name: str
    sku_name: str
    meter_name: str
    meter_id: str
    arm_sku_name: str
    arm_region_name: str
    unit_of_measure: str
    price_type: str
    reservation_term: str
    currency_code: str
    retail_price: Decimal
    tier_minimum_units: Decimal
    effective_start: date | None
    effective_end: date | None
    is_primary_meter_region: bool


class _Reading:
    """An item being read: what is wrong with it is collected."""

    def __init__(self, data: Mapping[Any, Any]) -> None:
        self._data = data
        self.problems: list[Diagnostic] = []

    def text(self, key: str) -> str:
        """Text that must be there, not empty."""
        value = self._data.get(key)
        if key not in self._data:
            self.problems.append(error("MLS007", f"the key {key!r} is missing", "", (key,)))
        elif not isinstance(value, str):
            self._refuse(key, "text")
        elif not value.strip():
            self.problems.append(error("MLS009", "must not be empty", "", (key,)))
        else:
            return value
        return ""

    def optional_text(self, key: str) -> str:
        """Text that may lack, be null or empty."""
        value = self._data.get(key)
        if value is None or isinstance(value, str):
            return value or ""
        self._refuse(key, "text")
        return ""

    def number(self, key: str, default: Decimal | None = None) -> Decimal:
        """A number from 0 up; it must be there where it has no default."""
        value = self._data.get(key, default)
        if value is None and key not in self._data:
            self.problems.append(error("MLS007", f"the key {key!r} is missing", "", (key,)))
        elif isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            self._refuse(key, "a number")
        else:
            number = (
                value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else value)
            )
            if number.is_finite() and 0 <= number < _LARGEST and number.adjusted() > -_MOST_PLACES:
                return EXACT.plus(number)
            self.problems.append(error("MLS009", f"must be from 0 up and below 10^15, not {_show(number)}", "", (key,)))
        return Decimal(0)

    def flag(self, key: str) -> bool:
        """True, false, or what lacks and counts as true."""
        value = self._data.get(key)
        if value is None or isinstance(value, bool):
            return value is not False
        self._refuse(key, "true or false")
        return True

    def day(self, key: str) -> date | None:
        """The day in UTC of a date or a time; None where it lacks."""
        value = self._data.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self._refuse(key, "a date")
            return None
        found = read_day(value)
        if found is None:
            self.problems.append(
                error("MLS009", f"must be a date such as 2026-03-01T00:00:00Z, not {quote(value)}", "", (key,))
            )
        return found

    def _refuse(self, key: str, wanted: str) -> None:
        self.problems.append(error("MLS008", f"must be {wanted}, not {describe_json(self._data[key])}", "", (key,)))


def describe_json(value: object) -> str:
    """A value for a message, as describe says it; numbers of JSON are Decimals here."""
    return f"a number ({_show(value)})" if isinstance(value, Decimal) else describe(value)


def read_day(text: str) -> date | None:
    """The day in UTC of ``2026-03-01`` or ``2026-03-01T00:00:00Z``; None for what is neither."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()
    except (ValueError, OverflowError):
        return None


def read_item(data: Mapping[Any, Any], currency: str) -> tuple[PriceItem, list[Diagnostic]]:
    """The item, and everything that is wrong with it (MLS007 to MLS009), with fields relative to it.

    ``currency`` counts for an item that names none; empty where the page names none either.
    """
    reading = _Reading(data)
    code = reading.optional_text("currencyCode") or currency
    if not code and data.get("currencyCode") is None:
        reading.problems.append(error("MLS007", "the key 'currencyCode' is missing", "", ("currencyCode",)))
    item = PriceItem(
        service_name=reading.text("serviceName"),
        product_name=reading.optional_text("productName"),
        sku_name=reading.optional_text("skuName"),
        meter_name=reading.text("meterName"),
        meter_id=reading.optional_text("meterId"),
        arm_sku_name=reading.optional_text("armSkuName"),
        arm_region_name=reading.optional_text("armRegionName"),
        unit_of_measure=reading.text("unitOfMeasure"),
        price_type=reading.text("type"),
        reservation_term=reading.optional_text("reservationTerm"),
        currency_code=code.strip().upper(),
        retail_price=reading.number("retailPrice"),
        tier_minimum_units=reading.number("tierMinimumUnits", Decimal(0)),
        effective_start=reading.day("effectiveStartDate"),
        effective_end=reading.day("effectiveEndDate"),
        is_primary_meter_region=reading.flag("isPrimaryMeterRegion"),
    )
    return item, reading.problems


def _show(number: Decimal) -> str:
    """A number for a message, as it was written; those of many digits with an exponent, shortened."""
    return str(number) if len(number.as_tuple().digits) <= _MOST_PLACES else f"{number:.3e}"
