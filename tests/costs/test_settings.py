"""What a team says about its costs, in Python."""

from __future__ import annotations

import pytest

from pytest_mlschedule import Compute, CostSettings
from pytest_mlschedule.costs.durations import Duration


def test_durations_are_taken_as_texts() -> None:
    assert CostSettings(durations={"nightly": "45m"}).durations == {"nightly": Duration(2700)}  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="'soon' is not a duration"):
        CostSettings(durations={"nightly": "soon"})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("own", "regions", "expected"),
    [
        ("westeurope", ("eastus",), "westeurope"),
        (None, ("eastus", "eastus"), "eastus"),
        (None, ("eastus", "uksouth"), None),
        (None, (), None),
    ],
)
def test_the_region_of_logic_apps(own: str | None, regions: tuple[str, ...], expected: str | None) -> None:
    computes = {f"c{number}": Compute(name=f"c{number}", region=region) for number, region in enumerate(regions)}
    assert CostSettings(computes=computes, region=own).logic_app_region == expected
