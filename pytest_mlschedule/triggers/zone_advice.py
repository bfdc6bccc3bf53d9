"""The way out of a time zone name that Azure ML does not take (semantics TZ-2)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pytest_mlschedule.triggers.wording import nearest

_GENERAL = 'write a Windows time zone name such as "Pacific Standard Time" or "UTC"'
_OFFSET = re.compile(r"(?i)(?:utc|gmt|z)?\s*[+-]\s*\d{1,2}(?::?\d{2})?")
# How Windows shows a zone: "(UTC-08:00) Pacific Time (US & Canada)".
_SHOWN = re.compile(r"\(UTC[^)]*\)\s*([^(]+)")
_ABBREVIATIONS = {
    "Alaskan Standard Time": "AKST AKDT",
    "Pacific Standard Time": "PST PDT PT",
    "Mountain Standard Time": "MST MDT MT",
    "Central Standard Time": "CST CDT CT",
    "Eastern Standard Time": "EST EDT ET",
    "E. South America Standard Time": "BRT",
    "UTC": "GMT",
    "GMT Standard Time": "BST",
    "W. Europe Standard Time": "CEST MEZ MESZ",
    "GTB Standard Time": "EEST",
    "Russian Standard Time": "MSK",
    "India Standard Time": "IST",
    "Singapore Standard Time": "SGT",
    "China Standard Time": "HKT",
    "Tokyo Standard Time": "JST",
    "Korea Standard Time": "KST",
    "AUS Eastern Standard Time": "AEST AEDT",
    "New Zealand Standard Time": "NZST NZDT",
}


def advise_iana(key: str, exact: str | None) -> str:
    """What to write instead of an IANA name; ``exact`` is the Windows zone of the same clock.

    EST and the like are IANA zones without daylight saving time.
    """
    meant = _expand(key)
    if exact is not None and meant is not None:
        return f'write "{meant}" for the clock with daylight saving time, "{exact}" for {key} all year'
    found = exact or meant
    return f'write "{found}"' if found else "see the time zone values in Azure Machine Learning's schedule reference"


def advise_unknown(name: str, known: Mapping[str, str]) -> str:
    """What to write instead of a name that is no zone; ``known``: the Windows names by their lower case."""
    meant = _expand(name)
    if meant is not None:
        return f'write "{meant}" if that is meant'
    if _OFFSET.fullmatch(name.strip()):
        return (
            'an offset is no zone: write the Windows name of the place, for example "W. Europe Standard Time", or "UTC"'
        )
    shown = _SHOWN.match(name)
    text = shown[1].strip() if shown else name
    city = _find_city(text.split(",")[0].strip())
    if city is not None:
        return f'write "{city}"'
    found = ", ".join(f'"{known[match]}"' for match in nearest(text, known, most=3, cutoff=0.5))
    return f"did you mean {found}?" if found else _GENERAL


def _expand(name: str) -> str | None:
    """The Windows zone that an abbreviation stands for."""
    text = name.strip().upper()
    return next((zone for zone, short in _ABBREVIATIONS.items() if text in short.split()), None)


def _find_city(name: str) -> str | None:
    """The Windows zone of a city that IANA names a zone after."""
    from pytest_mlschedule.triggers.zone_aliases import IANA_NAMES

    ending = "/" + name.lower().replace(" ", "_")
    return next(
        (zone for zone, keys in IANA_NAMES.items() if any(key.lower().endswith(ending) for key in keys.split())), None
    )
