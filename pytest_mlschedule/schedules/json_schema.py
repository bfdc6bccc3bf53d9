"""The JSON Schema of schedule files, for editors.

It takes everything that ``load_schedule`` takes. What a schema cannot say (a pattern that does not go with its frequency, what
the job needs) is left to ``mlschedule check``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pytest_mlschedule.schedules.fields import DATA_TYPES
from pytest_mlschedule.schedules.jobs import COMMAND_KEYS, PIPELINE_KEYS, READ_ONLY, SPARK_KEYS
from pytest_mlschedule.triggers.recurrence import FREQUENCIES, LARGEST_INTERVAL
from pytest_mlschedule.triggers.recurrence_pattern import WEEK_DAYS
from pytest_mlschedule.triggers.zone_names import OTHER_ZONES, SDK_ZONES

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
"""What VS Code's YAML extension and Taplo read best."""

_NUMBER_TEXT = r"^\s*[+-]?[0-9_]+\s*$"
_TIME = r"^\d{4}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{1,2}(:\d{1,2}(\.\d{1,12})?)?(Z|[+-]\d{2}(:?\d{2})?)?\n?$"
_OVERRIDES = {
    "compute": "The compute of the job: azureml:<name>.",
    "description": "Replaces the description of the job.",
    "display_name": "Ignored for the jobs that are started: each is called <schedule>-<time>.",
    "experiment_name": "The experiment that the jobs belong to.",
    "inputs": "Inputs by name, laid over those of the job. "
    "${{creation_context.trigger_time}} is the time of the run, ${{name}} the name of the job.",
    "outputs": "Outputs by name, laid over those of the job.",
    "properties": "Laid over the properties of the job.",
    "settings": "Settings of the pipeline, laid over those of the job.",
    "tags": "Laid over the tags of the job.",
}


_TEXTS = ("compute", "description", "display_name", "experiment_name")


def schedule_schema() -> Schema:
    """The schema of a schedule file in YAML, as plain JSON data (draft 7)."""
    return {
        "$schema": DRAFT,
        "title": "Azure Machine Learning job schedule",
        "type": "object",
        "properties": {
            "$schema": {"description": "The schema of this file. It is not looked at."},
            "name": _say(
                "The name: 1 to 255 letters, digits, - and _, a letter or digit first.",
                {"type": "string", "pattern": r"^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$"},
            ),
            "display_name": _say("The name that people see.", {"type": "string"}),
            "description": _say("What it is for.", {"type": "string"}),
            "tags": _say("Tags of the schedule.", {"type": "object"}),
            "properties": _say("Properties of the schedule.", _texts()),
            "id": {"type": "string"},
            "trigger": _say("When jobs are started.", {"anyOf": [_ref("cron"), _ref("recurrence")]}),
            "create_job": _ref("create_job"),
            "create_monitor": _ref("create_monitor"),
            "import_data": _ref("import_data"),
            "is_enabled": _say("Ignored by az ml and the SDK: schedules are created enabled.", _any_but_null()),
            "provisioning_state": _say("Read-only.", _any_but_null()),
            "creation_context": _say("Read-only.", _any_but_null()),
        },
        "required": ["name", "trigger"],
        "oneOf": [{"required": [key]} for key in ("create_job", "create_monitor", "import_data")],
        "additionalProperties": False,
        "definitions": _definitions(),
    }


def _definitions() -> Schema:
    return {
        "cron": _cron(),
        "recurrence": _recurrence(),
        "pattern": _pattern(),
        "time": _say(
            'A quoted wall-clock time in time_zone: "2026-03-08T02:30:00". The SDK drops a UTC offset.',
            {"type": "string", "pattern": _TIME},
        ),
        "time_zone": _zone(),
        "create_job": _create_job(),
        "create_monitor": _monitor(),
        "import_data": _import(),
    }


def _trigger(kind: str, keys: Mapping[str, Schema], required: Iterable[str]) -> Schema:
    shared = {
        "start_time": {
            "$ref": "#/definitions/time",
            "description": "Nothing runs before it; it gives a recurrence its phase.",
        },
        "end_time": {"$ref": "#/definitions/time", "description": "Nothing runs after it."},
        "time_zone": _ref("time_zone"),
    }
    return {
        "type": "object",
        "properties": {"type": _in_any_case([kind]), **keys, **shared},
        "required": ["type", *required],
        "additionalProperties": False,
    }


def _cron() -> Schema:
    text = "Five fields: MINUTES HOURS DAYS MONTHS DAYS-OF-WEEK. DAYS and MONTHS are ignored: they count as *."
    examples = ["0 3 * * *", "*/15 * * * *", "30 2 * * MON-FRI"]
    pattern = r"^ *[^ @?#\t]+( +[^ @?#\t]+){4} *$"
    expression = _say(text, {"type": "string", "pattern": pattern, "examples": examples})
    return _trigger("cron", {"expression": expression}, ["expression"])


def _recurrence() -> Schema:
    limits = ", ".join(f"{frequency} {LARGEST_INTERVAL[frequency]}" for frequency in FREQUENCIES)
    keys = {
        "frequency": _say("The period, in the singular.", _in_any_case(FREQUENCIES)),
        "interval": _say(f"Every how many periods. The most: {limits}.", _number(1, max(LARGEST_INTERVAL.values()))),
        "schedule": _ref("pattern"),
    }
    return _trigger("recurrence", keys, ["frequency", "interval"])


def _pattern() -> Schema:
    return _say(
        "Times and days, for the frequencies day, week and month. Without it, those of start_time.",
        {
            "type": "object",
            "properties": {
                "hours": _say("Hours, 0 to 23.", _one_or_many(_number(0, 23))),
                "minutes": _say("Minutes, 0 to 59.", _one_or_many(_number(0, 59))),
                "week_days": _say("Days of the week, for week and month.", _one_or_many(_in_any_case(WEEK_DAYS))),
                "month_days": _say(
                    "Days of the month, for month; months without the day are left out.", _one_or_many(_number(-31, 31))
                ),
            },
            "required": ["hours", "minutes"],
            "additionalProperties": False,
        },
    )


def _zone() -> Schema:
    known = {"enum": sorted(SDK_ZONES)}
    any_case = {"type": "string", "pattern": _case_pattern([*SDK_ZONES, *OTHER_ZONES])}
    return _say(
        "A Windows time zone name, not an IANA one. Default: UTC.", {"anyOf": [known, any_case], "default": "UTC"}
    )


def _create_job() -> Schema:
    keys = sorted({*PIPELINE_KEYS, *COMMAND_KEYS, *SPARK_KEYS, *READ_ONLY})
    described: Schema = {key: _say(_OVERRIDES[key], {}) if key in _OVERRIDES else {} for key in keys}
    described |= {key: _say(_OVERRIDES[key], {"type": "string"}) for key in _TEXTS}
    described |= {key: _say(_OVERRIDES[key], _texts()) for key in ("tags", "properties")}
    described |= {
        "type": _say("The type of the job.", {"enum": ["pipeline", "command", "spark"]}),
        "job": _say("A pipeline file (./pipeline.yml) or a job in the workspace (azureml:<name>).", _reference()),
        "settings": _settings(),
        "inputs": _say(_OVERRIDES["inputs"], {"type": "object", "additionalProperties": _input()}),
        "outputs": _say(_OVERRIDES["outputs"], {"type": "object", "additionalProperties": _output()}),
    }
    mapping = {
        "type": "object",
        "properties": described,
        "required": ["job"],
        "additionalProperties": False,
    }
    forms = "a pipeline file (./pipeline.yml), a job in the workspace (azureml:<name>), or one of them with overrides"
    text = f"What is started: {forms}."
    return _say(text, {"anyOf": [_reference(), mapping]})


def _settings() -> Schema:
    flag = {"type": ["boolean", "string", "number"]}
    return _say(
        _OVERRIDES["settings"],
        {
            "type": "object",
            "properties": {
                "default_compute": _say(
                    "serverless, or azureml:<name>.", {"type": "string", "pattern": _either("azureml:", "serverless")}
                ),
                "default_datastore": _say("azureml:<name>.", {"type": "string", "pattern": "^azureml:"}),
                "continue_on_step_failure": flag,
                "force_rerun": flag,
            },
        },
    )


def _either(prefix: str, word: str) -> str:
    return f"^{prefix}|{_case_pattern([word])}"


def _input() -> Schema:
    data = {
        "type": "object",
        "properties": {
            "type": _in_any_case(DATA_TYPES),
            "path": _say("azureml:<data>@latest, azureml://datastores/..., a URL or a local path.", {"type": "string"}),
            "mode": {"type": "string"},
            "datastore": {"type": "string"},
            "value": {"type": ["string", "number", "boolean"]},
        },
        "additionalProperties": False,
    }
    return {"anyOf": [{"type": ["string", "number", "boolean"]}, data]}


def _output() -> Schema:
    keys = {"type": _in_any_case(DATA_TYPES), "version": {"type": ["string", "number", "boolean"]}}
    texts = {key: {"type": "string"} for key in ("path", "mode", "name")}
    return {"type": ["object", "null"], "properties": {**keys, **texts}, "additionalProperties": False}


def _monitor() -> Schema:
    compute = {
        "type": "object",
        "properties": {"instance_type": {"type": "string"}, "runtime_version": {"type": "string"}},
        "required": ["instance_type", "runtime_version"],
        "additionalProperties": False,
    }
    keys = {
        "compute": _say("The serverless Spark compute of the monitor.", compute),
        "monitoring_target": {"type": "object"},
        "monitoring_signals": {"type": "object"},
        "alert_notification": {"type": ["object", "string"]},
    }
    text = "A model monitor. Its jobs are planned; what it monitors is carried as it is."
    return _say(text, {"type": "object", "properties": keys, "required": ["compute"], "additionalProperties": False})


def _import() -> Schema:
    mapping = {"type": "object", "required": ["name", "source", "path"]}
    return _say("A data import, or the file that has one.", {"anyOf": [{"type": "string", "minLength": 1}, mapping]})


def _reference() -> Schema:
    return {"type": "string", "minLength": 1, "pattern": "^(?!file:)"}


def _texts() -> Schema:
    return {"type": "object", "additionalProperties": {"type": ["string", "null"]}}


def _number(low: int, high: int) -> Schema:
    """A whole number; fractions are cut, and text of digits is taken too."""
    limits = {"type": "number", "exclusiveMinimum": low - 1, "exclusiveMaximum": high + 1}
    return {"anyOf": [limits, {"type": "boolean"}, {"type": "string", "pattern": _NUMBER_TEXT}]}


def _one_or_many(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _in_any_case(names: Iterable[str]) -> Schema:
    known = list(names)
    return {"anyOf": [{"enum": known}, {"type": "string", "pattern": _case_pattern(known)}]}


def _case_pattern(names: Iterable[str]) -> str:
    """A pattern of some names in any case; patterns of JSON Schema have no flags."""
    return "^(" + "|".join("".join(map(_letter, name)) for name in sorted(names)) + ")$"


def _letter(character: str) -> str:
    if character.isalpha():
        return f"[{character.upper()}{character.lower()}]"
    return character if character in " -_" or character.isdigit() else f"\\{character}"


def _any_but_null() -> Schema:
    return {"not": {"type": "null"}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _say(description: str, schema: Schema) -> Schema:
    return {"description": description, **schema}
