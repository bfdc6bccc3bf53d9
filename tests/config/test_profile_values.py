"""Fields of a service profile as people write them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from pytest_mlschedule.config.profile_values import change_profile
from pytest_mlschedule.profile import ServiceProfile, field_types

FIELDS = f"its fields are {', '.join(field_types())}"


def test_texts_become_what_a_field_holds() -> None:
    changed = change_profile(ServiceProfile(fold="second"), {"gap": "skip", "provisioning_delay": "1h30m"})
    assert changed == ServiceProfile(fold="second", gap="skip", provisioning_delay=timedelta(minutes=90))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("gapp", "skip", f"a service profile has no field 'gapp': did you mean gap? {FIELDS}"),
        ("weather", "rain", f"a service profile has no field 'weather': {FIELDS}"),
        ("gap", "jump", "gap cannot be 'jump': it is shift or skip"),
        ("provisioning_delay", "soon", "provisioning_delay: 'soon' is not a duration: "),
    ],
)
def test_what_a_field_cannot_hold_is_told(name: str, value: Any, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}"):
        change_profile(ServiceProfile(), {name: value})
