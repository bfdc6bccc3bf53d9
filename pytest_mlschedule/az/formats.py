"""From the answer of a command to what it prints: ``--query`` and ``--output``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import jmespath
import yaml
from jmespath.exceptions import JMESPathError

from pytest_mlschedule.az.errors import AzError
from pytest_mlschedule.az.tables import Selected, format_table, format_tsv

FORMATS = ("json", "jsonc", "yaml", "yamlc", "table", "tsv", "none")
QUERY_ADVICE = "To learn more about --query, please visit: 'https://learn.microsoft.com/cli/azure/query-azure-cli'"
Transform = Callable[[list[dict[str, Any]]], list[Any]]


def format_answer(data: Any, form: str, *, query: str | None = None, table: Transform | None = None) -> str:
    """The text of an answer; nothing for None. ``table``: what ``-o table`` shows of it where there is no query."""
    data = add_resource_groups(data)
    if query is not None:
        data = _search(data, query)
    if data is None or form == "none":
        return ""
    if form == "table":
        chosen = table if query is None else None
        return format_table(chosen(data) if chosen else data, is_sorted=query is None and chosen is None)
    if form == "tsv":
        return format_tsv(data)
    if form.startswith("yaml"):
        return yaml.safe_dump(_plain(data), default_flow_style=False, allow_unicode=True)
    return json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def compile_query(query: str) -> str:
    """The query itself. Raises ValueError where it is not JMESPath."""
    jmespath.compile(query)
    return query


def _search(data: Any, query: str) -> Any:
    try:
        return jmespath.search(query, data, jmespath.Options(dict_cls=Selected))
    except JMESPathError as failure:
        raise AzError(f"Invalid jmespath query supplied for `--query`: {failure}", 1, (QUERY_ADVICE,)) from None


def _plain(data: Any) -> Any:
    """Dictionaries and lists that YAML can represent, no object twice: PyYAML would write aliases."""
    if isinstance(data, Mapping):
        return {key: _plain(value) for key, value in data.items()}
    return [_plain(item) for item in data] if isinstance(data, list) else data


def add_resource_groups(data: Any) -> Any:
    """A copy in which whatever has an ARM id says its resource group too, as az adds it to every answer."""
    if isinstance(data, list):
        return [add_resource_groups(item) for item in data]
    if not isinstance(data, dict):
        return data
    copy = {key: add_resource_groups(value) for key, value in data.items()}
    parts = str(data.get("id") or "").split("/")
    if len(parts) > 8 and parts[3] == "resourceGroups" and "resourceGroup" not in copy:
        copy["resourceGroup"] = parts[4]
    return copy
