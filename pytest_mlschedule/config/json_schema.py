"""The JSON Schema of the configuration, for editors: made from the tables that read it."""

from __future__ import annotations

from typing import Any

from pytest_mlschedule.config.tables import Root

DRAFT = "http://json-schema.org/draft-07/schema#"


def config_schema() -> dict[str, Any]:
    """The schema of mlschedule.toml as plain JSON data (draft 7).

    Keys are offered with underscores and taken with dashes too.
    """
    made = Root.model_json_schema(ref_template="#/definitions/{model}")
    made["definitions"] = made.pop("$defs")
    made["title"] = "Configuration of mlschedule"
    schema = {"$schema": DRAFT, **made}
    _adapt(schema)
    return schema


def _adapt(schema: Any) -> None:
    """What pydantic says and nobody needs is taken away, what it cannot say is added."""
    if isinstance(schema, list):
        for item in schema:
            _adapt(item)
    if not isinstance(schema, dict):
        return
    for value in schema.values():
        _adapt(value)
    if "anyOf" in schema and {"type": "null"} in schema["anyOf"]:
        # TOML has no null: None is a key that is left out.
        schema["anyOf"].remove({"type": "null"})
        del schema["default"]
        if len(schema["anyOf"]) == 1:
            schema.update(schema.pop("anyOf")[0])
    properties = schema.get("properties")
    if isinstance(properties, dict) and schema.get("additionalProperties") is False:
        dashed = {f"^{key.replace('_', '-')}$": value for key, value in properties.items() if "_" in key}
        if dashed:
            schema["patternProperties"] = dashed
        for value in properties.values():
            value.pop("title", None)
