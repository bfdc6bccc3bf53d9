"""Keys of data that are carried: camelCase in the REST API, snake_case in YAML.

Below a name that somebody chose (a signal, a tag, a column) the name stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

# Below these, keys are names that somebody chose.
_NAMED = {
    "columns", "data_column_names", "environment_variables", "feature_data_type_override", "feature_type_override", "input_assets",
    "input_data", "inputs", "monitoring_signals", "properties", "secret_config", "secrets", "signals", "stored_procedure_params",
    "tags",
}  # fmt: skip

Spell = Callable[[str], str]


def respell(value: Any, spell: Spell, names: Mapping[str, str] | None = None) -> Any:
    """The same data with its keys spelt otherwise; ``names`` are exceptions on the outermost level."""
    if isinstance(value, Mapping):
        return {(names or {}).get(key, spell(key)): _below(key, item, spell) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [respell(item, spell) for item in value]
    return value


def _below(key: str, value: Any, spell: Spell) -> Any:
    if snake(key) not in _NAMED:
        return respell(value, spell)
    if isinstance(value, list | tuple):
        return [_below(key, item, spell) for item in value]
    return {name: respell(item, spell) for name, item in value.items()} if isinstance(value, Mapping) else value


def drop_null(value: Any) -> Any:
    """The same data without keys whose value is null, which is the same as absent."""
    if isinstance(value, Mapping):
        return {key: drop_null(item) for key, item in value.items() if item is not None}
    return [drop_null(item) for item in value] if isinstance(value, list | tuple) else value


def snake(key: str) -> str:
    """``targetColumn`` and ``DataDrift`` as ``target_column`` and ``data_drift``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()


def camel(key: str) -> str:
    """``target_column`` as ``targetColumn``."""
    return re.sub(r"(?<=[a-zA-Z0-9])_([a-z0-9])", lambda match: match[1].upper(), key)
