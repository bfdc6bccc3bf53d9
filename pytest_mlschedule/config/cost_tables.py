"""The tables of a configuration that say what runs take and cost: [computes.NAME], [durations], [logic_app]."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, get_args

from pydantic import Field, PlainValidator, ValidationError, WithJsonSchema

from pytest_mlschedule.config.values import Count, Name, Number, Table
from pytest_mlschedule.costs.computes import Compute, Tier, compute_name
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.prices.meters import FREE_EXECUTIONS
from pytest_mlschedule.costs.run_durations import read_duration
from pytest_mlschedule.costs.settings import ASSUMED_ACTIONS, MOST_FACTOR
from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.schedules.problems import describe, found_by, problems_of, refuse
from pytest_mlschedule.triggers.window import DURATION_FORM
from pytest_mlschedule.triggers.wording import list_names, quote

TIERS: tuple[str, ...] = get_args(Tier)
_RUN_LENGTH_FORM = 'write "45m", or {p50 = "30m", p95 = "1h"}: numbers with d, h, m or s'
_QUOTE_NAMES = 'a step, or a name with a dot, is quoted: "nightly/train" = "45m", "nightly.train" = "45m"'
_LONGEST_IDLE = 60 * 24 * 31


def read_tier(value: Any) -> str:
    """A tier by its name, in any case, its words apart by dashes, underscores, blanks or nothing."""
    known = {tier.replace("_", ""): tier for tier in TIERS}
    name = known.get(re.sub(r"[-_\s]", "", value).lower()) if isinstance(value, str) else None
    if name is None:
        raise refuse(error("MLS009", f"{quote(value)} is no tier: tiers are {list_names(TIERS)}"))
    return name


def read_idle_minutes(value: Any) -> int:
    """Minutes, whole or not, as seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refuse(error("MLS008", f"must be a number of minutes, not {describe(value)}"))
    if not 0 <= value <= _LONGEST_IDLE:
        raise refuse(error("MLS009", f"must be 0 to {_LONGEST_IDLE} minutes, not {value}"))
    return round(value * 60)


def read_run_length(value: Any) -> Duration:
    """How long runs take: one length, or p50 and p95."""
    if isinstance(value, bool | int | float):
        raise refuse(error("MLS008", f"has no unit: {describe(value)}", _RUN_LENGTH_FORM))
    if not isinstance(value, str | Mapping):
        raise refuse(
            error("MLS008", f"must be a length of time as text or a table, not {describe(value)}", _RUN_LENGTH_FORM)
        )
    if isinstance(value, Mapping) and value and not value.keys() & {"p50", "p95"}:
        raise refuse(error("MLS009", f"has no p50 but {list_names(value)}", _QUOTE_NAMES))
    try:
        return read_duration(value)
    except OverflowError:
        raise refuse(error("MLS009", f"{value!r} is longer than any time there is")) from None
    except (TypeError, ValueError) as reason:
        hint = "" if DURATION_FORM in str(reason) else _RUN_LENGTH_FORM
        raise refuse(error("MLS009", str(reason), hint)) from None


def read_run_lengths(value: Any) -> dict[str, Duration]:
    """Durations by schedule, pipeline, tag or step."""
    return _read_entries(value, read_run_length, "durations by schedule or pipeline")


def read_computes(value: Any) -> dict[str, Compute]:
    """Computes by name; ``azureml:`` may stand before it."""
    tables = _read_entries(value, _read_compute, "computes by name")
    computes: dict[str, Compute] = {}
    keys: dict[str, str] = {}
    for key, table in tables.items():
        name = compute_name(key)
        other = keys.setdefault(name.lower(), key)
        if other != key:
            text = f"the compute {name!r} is described twice, as {other!r} and as {key!r}"
            raise refuse(
                error("MLS009", text, "keep one: azureml: and the case of a name make no other compute", (key,))
            )
        computes[name] = _make_compute(name, table)
    return computes


def _read_entries(value: Any, read: Callable[[Any], Any], what: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise refuse(error("MLS008", f"must be a table of {what}, not {describe(value)}"))
    result, found = {}, list[Diagnostic]()
    for key, item in value.items():
        result[key], problems = found_by(read, item)
        found += [problem.under(key) for problem in problems]
    if found:
        raise refuse(*found)
    return result


def _read_decimal(value: Any) -> Decimal | None:
    """A number or its text, exactly as it is written; None for text that is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise refuse(error("MLS008", f"must be a number, not {describe(value)}"))
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def read_money(value: Any) -> Decimal:
    """An amount of money, 0 or more."""
    amount = _read_decimal(value)
    if amount is None or amount < 0:
        raise refuse(error("MLS009", f"{value!r} is not an amount of money", "write 500, or 499.50"))
    return amount


def read_factor(value: Any) -> Decimal:
    """What list prices are multiplied by: a number or its text, above 0."""
    factor = _read_decimal(value)
    if factor is None or not 0 < factor <= MOST_FACTOR:
        text = f"{value!r} is not a factor: 0.85 means that 85 % of the list price is paid"
        raise refuse(error("MLS009", text, "a discount of 15 % is 0.85"))
    return factor


class ComputeTable(Table):
    """A compute of the workspace."""

    size: Annotated[Name | None, Field(description="The size of its machines, such as Standard_DS3_v2.")] = None
    region: Annotated[Name | None, Field(description="Its region as Azure writes it, such as eastus.")] = None
    nodes_per_run: Annotated[
        Number | None, Field(description="Nodes that a run takes. Default: what its job says, else 1.")
    ] = None
    min_nodes: Annotated[Count, Field(description="Nodes that are always on. Default: 0.")] = 0
    max_nodes: Annotated[Number | None, Field(description="The most nodes that it has; runs queue for them.")] = None
    idle_minutes: Annotated[
        int,
        PlainValidator(read_idle_minutes),
        WithJsonSchema({"type": "number", "minimum": 0, "maximum": _LONGEST_IDLE}),
        Field(description="Minutes that a node waits for another run before it goes (idle_time_before_scale_down)."),
    ] = 0
    tier: Annotated[
        str,
        PlainValidator(read_tier),
        WithJsonSchema({"enum": list(TIERS)}),
        Field(description="How its machines are paid."),
    ] = "dedicated"


def _read_compute(value: Any) -> ComputeTable:
    try:
        table = ComputeTable.model_validate(value)
    except ValidationError as failure:
        raise refuse(*problems_of(failure, ())) from None
    if table.max_nodes is not None and table.min_nodes > table.max_nodes:
        text = f"min_nodes ({table.min_nodes}) is over max_nodes ({table.max_nodes})"
        raise refuse(error("MLS009", text, "", ("min_nodes",)))
    return table


def _make_compute(name: str, table: ComputeTable) -> Compute:
    return Compute(
        name=name,
        size=table.size,
        region=table.region,
        nodes_per_run=table.nodes_per_run,
        min_nodes=table.min_nodes,
        max_nodes=table.max_nodes,
        idle_seconds=table.idle_minutes,
        tier=table.tier,  # type: ignore[arg-type]  # read_tier gives no other
    )


class LogicAppTable(Table):
    """The Logic App that Azure ML hosts for each schedule."""

    actions_per_run: Annotated[
        Number | None,
        Field(description=f"Built-in actions each time a schedule fires. Default: {ASSUMED_ACTIONS}, assumed."),
    ] = None
    free_executions: Annotated[
        Count | None,
        Field(
            description=f"Free executions of a month that are left for these schedules. Default: all, {FREE_EXECUTIONS:,}."
        ),
    ] = None
    region: Annotated[Name | None, Field(description="The region of the workspace.")] = None


_LENGTH_SCHEMA = {"type": "string", "minLength": 2}
RunLengths = Annotated[
    dict[str, Duration],
    PlainValidator(read_run_lengths),
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": {
                "anyOf": [
                    _LENGTH_SCHEMA,
                    {
                        "type": "object",
                        "properties": {"p50": _LENGTH_SCHEMA, "p95": _LENGTH_SCHEMA},
                        "required": ["p50"],
                        "additionalProperties": False,
                    },
                ]
            },
        }
    ),
]
_COMPUTE_SCHEMA = ComputeTable.model_json_schema()
Computes = Annotated[
    dict[str, Compute],
    PlainValidator(read_computes),
    WithJsonSchema({"type": "object", "additionalProperties": _COMPUTE_SCHEMA}),
]
Factor = Annotated[
    Decimal,
    PlainValidator(read_factor),
    WithJsonSchema({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}]}),
]


Money = Annotated[
    Decimal,
    PlainValidator(read_money),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}]}),
]
