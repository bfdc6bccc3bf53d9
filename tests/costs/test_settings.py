"""What a team says about its costs, in Python."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pytest_mlschedule import Compute, CostSettings
from pytest_mlschedule.costs.durations import Duration


def test_durations_are_taken_as_texts() -> None:
    assert CostSettings(durations={"nightly": "45m"}).durations == {"nightly": Duration(2700)}  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="'soon' is not a duration"):
        CostSettings(durations={"nightly": "soon"})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("fields", "kind", "said"),
    [
        ({"price_factor": Decimal(-1)}, ValueError, "price_factor is above 0 and at most 10, not -1"),
        ({"price_factor": Decimal("NaN")}, ValueError, "price_factor is above 0 and at most 10, not NaN"),
        ({"actions_per_run": 0}, ValueError, "actions_per_run is 1 or more, not 0"),
        ({"free_executions": -1}, ValueError, "free_executions is 0 or more, not -1"),
        ({"free_executions": 1.5}, TypeError, "free_executions is a whole number, not 1.5"),
        ({"computes": [Compute(name="cpu")]}, TypeError, "computes are a mapping of names to Compute, not list"),
        ({"computes": {"cpu": "Standard_A"}}, TypeError, "computes are Compute(name=..., size=..., region=...) by name, not str"),
    ],
)  # fmt: skip
def test_terms_that_there_are_not(fields: dict[str, Any], kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=f"^{re.escape(said)}$"):
        CostSettings(**fields)


@pytest.mark.parametrize("value", ["2", 1.5, True])
def test_nodes_are_whole_numbers(value: Any) -> None:
    with pytest.raises(TypeError, match=f"^max_nodes is a whole number, not {re.escape(repr(value))}$"):
        Compute(name="cpu", max_nodes=value)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"nodes_per_run": 0}, "nodes_per_run is 1 or more, not 0"),
        ({"max_nodes": 0}, "max_nodes is 1 or more, not 0"),
        ({"min_nodes": -1}, "min_nodes is 0 or more, not -1"),
        ({"idle_seconds": -600}, "idle_seconds is 0 or more, not -600"),
        ({"min_nodes": 3, "max_nodes": 2}, "min_nodes (3) is over max_nodes (2)"),
        (
            {"tier": "low-priority"},
            "'low-priority' is no tier: tiers are dedicated, low_priority, spot, dev_test, reserved_1y, reserved_3y",
        ),
    ],
)
def test_computes_that_there_are_not(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        Compute(name="cpu", **fields)
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        replace(Compute(name="cpu"), **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"nodes_per_run": 1, "max_nodes": 1, "min_nodes": 1, "idle_seconds": 0},
        {"min_nodes": 2, "max_nodes": 2},
        {"min_nodes": 7},  # no limit that is known
        {"nodes_per_run": 9, "max_nodes": 4},  # the estimate says that such a run never starts
        *({"tier": tier} for tier in ("dedicated", "low_priority", "spot", "dev_test", "reserved_1y", "reserved_3y")),
    ],
)
def test_computes_that_there_are(fields: dict[str, Any]) -> None:
    compute = Compute(name="cpu", **fields)
    assert {name: getattr(compute, name) for name in fields} == fields


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
