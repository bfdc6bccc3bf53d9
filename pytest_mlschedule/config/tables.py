"""The tables of a configuration file, key by key. What they mean as values: see reading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, get_args, get_origin

from pydantic import Field, PlainValidator, WithJsonSchema

from pytest_mlschedule.config.cost_tables import Computes, Factor, LogicAppTable, Money, RunLengths
from pytest_mlschedule.config.profile_values import change_profile
from pytest_mlschedule.config.values import (
    Count,
    Hours,
    Length,
    Level,
    Levels,
    Name,
    Names,
    Number,
    Selectors,
    Table,
    Texts,
    ZoneName,
)
from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile, field_types
from pytest_mlschedule.schedules.problems import describe, refuse, unknown_key


def read_profile(value: Any) -> ServiceProfile:
    """The service profile with the fields that a table sets."""
    if not isinstance(value, Mapping):
        raise refuse(error("MLS008", f"must be a table, not {describe(value)}"))
    profile, found = DEFAULT_PROFILE, list[Diagnostic]()
    spelt = {name.replace("_", "-"): name for name in field_types()} | {name: name for name in field_types()}
    for key, item in value.items():
        name = spelt.get(key)
        if name is None:
            found.append(unknown_key((key,), field_types()))
            continue
        try:
            profile = change_profile(profile, {name: item})
        except (ValueError, OverflowError) as failure:
            found.append(error("MLS009", str(failure), "", (key,)))
    if found:
        raise refuse(*found)
    return profile


def _profile_schema() -> dict[str, Any]:
    """The JSON Schema of [profile], from the fields of a service profile."""
    fields: dict[str, Any] = {}
    for name, kind in field_types().items():
        default = getattr(DEFAULT_PROFILE, name)
        if get_origin(kind) is not None:
            fields[name] = {"enum": list(get_args(kind)), "default": default}
        elif kind is timedelta:
            fields[name] = {"type": "string", "description": "A length of time such as 30m; default: none."}
        else:
            fields[name] = {"type": "string", "default": default}
    return {"type": "object", "properties": fields, "additionalProperties": False}


Profile = Annotated[ServiceProfile, PlainValidator(read_profile), WithJsonSchema(_profile_schema())]


class Rules(Table):
    """Which rules count, and from where on something is too much."""

    select: Annotated[
        Selectors, Field(description="Rules that count: codes, starts of codes or names. Default: all.")
    ] = ("MLS",)
    ignore: Annotated[
        Selectors, Field(description="Rules that do not count; the longer selector wins over select.")
    ] = ()
    severity: Annotated[Levels, Field(description='Another severity, by rule: MLS103 = "error".')] = {}
    per_file_ignores: Annotated[
        dict[str, Selectors], Field(description="Rules that do not count in some files, by path pattern.")
    ] = {}
    shortest_period: Annotated[
        Length | None, Field(description="MLS603: a schedule that runs more often is too frequent. Default: 5m.")
    ] = None
    most_starts_per_minute: Annotated[
        Number | None, Field(description="MLS602: more starts in one minute on one compute are a pile-up. Default: 10.")
    ] = None


class Limits(Table):
    """What some schedules may do."""

    max_runs_per_day: Annotated[Count | None, Field(description="MLS701: the most runs on one day.")] = None
    max_runs_per_month: Annotated[Count | None, Field(description="MLS702: the most runs in one calendar month.")] = (
        None
    )
    quiet_hours: Annotated[
        Hours | None, Field(description='MLS703: hours in which nothing may start, such as "22:00-06:00".')
    ] = None
    allowed_computes: Annotated[
        Names | None, Field(description="MLS704: the computes that may be used, names or patterns (cpu-*).")
    ] = None
    required_tags: Annotated[
        Names | None, Field(description='MLS705: tags that must be there, "team" or "team=ml".')
    ] = None
    max_starts_per_minute: Annotated[Number | None, Field(description="MLS706: the most starts in one minute.")] = None
    max_cost_per_month: Annotated[
        Money | None,
        Field(description="MLS707: the most that one calendar month may cost, in the currency of the prices."),
    ] = None
    max_concurrent_nodes: Annotated[
        Number | None, Field(description="MLS708: the most nodes of one compute that may be asked for at a time.")
    ] = None


class Budgets(Limits):
    """What all schedules together may do, those of a name each, and those of a tag together."""

    schedules: Annotated[
        dict[str, Limits], Field(description="What each schedule of a name may do; * and ? stand for any characters.")
    ] = {}
    tags: Annotated[
        dict[str, Limits], Field(description='What all schedules with a tag may do together: "team" or "team=ml".')
    ] = {}


class Root(Table):
    """Configuration of mlschedule: mlschedule.toml, or [tool.mlschedule] of pyproject.toml."""

    paths: Annotated[Names, Field(description="Schedule files and folders, relative to this file.")] = ()
    jobs: Annotated[
        Names, Field(description="Files and folders of the pipeline jobs that azureml: references mean.")
    ] = ()
    window: Annotated[Length | None, Field(description="How far to look ahead, such as 31d.")] = None
    zone: Annotated[
        ZoneName | None, Field(description="The zone of times, days and hours: a Windows or IANA name. Default: UTC.")
    ] = None
    fail_on: Annotated[Level | None, Field(description="The least severity that makes a check fail.")] = None
    baseline: Annotated[Name | None, Field(description="The file of findings that are known, for check.")] = None
    lock: Annotated[Name | None, Field(description="The lock file.")] = None
    values: Annotated[Texts, Field(description="Values of placeholders in templated schedules, by name.")] = {}
    profile: Annotated[Profile | None, Field(description="How the service behaves where nobody documents it.")] = None
    rules: Annotated[Rules | None, Field(description="Which rules count, and how much.")] = None
    budgets: Annotated[Budgets | None, Field(description="What a team allows its schedules.")] = None
    computes: Annotated[Computes, Field(description="The computes that jobs run on, by name.")] = {}
    durations: Annotated[
        RunLengths,
        Field(description='How long runs take, by schedule, pipeline, tag ("team=ml") or step ("nightly/train").'),
    ] = {}
    logic_app: Annotated[LogicAppTable | None, Field(description="The Logic App behind each schedule.")] = None
    prices: Annotated[
        Names, Field(description="Pages of the Azure Retail Prices API, saved as JSON: files or folders.")
    ] = ()
    history: Annotated[Names, Field(description="What ran: files written by az ml job list -o json.")] = ()
    currency: Annotated[Name | None, Field(description="The currency to count in, where price files have several.")] = (
        None
    )
    price_factor: Annotated[
        Factor, Field(description="What list prices are multiplied by: 0.85 where 15 % are taken off. Default: 1.")
    ] = Decimal(1)
