"""Inputs and outputs of jobs and steps between the REST API and ours."""

from __future__ import annotations

import re
from typing import Any

from pytest_mlschedule.diagnostics import error
from pytest_mlschedule.schedules.fields import DATA_TYPES
from pytest_mlschedule.schedules.frozen import FrozenDict
from pytest_mlschedule.schedules.rest_fields import RestObject

_TYPES = {name: name for name in DATA_TYPES}
_MODES = {
    "ReadOnlyMount": "ro_mount",
    "ReadWriteMount": "rw_mount",
    "Download": "download",
    "Direct": "direct",
    "EvalMount": "eval_mount",
    "EvalDownload": "eval_download",
    "Upload": "upload",
}
_REST_MODES = {ours: theirs for theirs, ours in _MODES.items()} | {"mount": "ReadWriteMount"}
# An asset by name, as the client sends it when it has nobody to ask for the id: "data:1", "data@latest".
_ASSET = re.compile(r"(?!azureml:)[A-Za-z0-9][\w.-]*(:[\w.-]+|@[\w.-]+)")


def read_rest_input(given: RestObject) -> Any:
    """A literal as text, or data as ``{type, path, mode}``; None for an input that is given no value.

    Steps of the client spell the keys ``job_input_type`` or ``type``.
    """
    kind = "jobInputType" if given.value("jobInputType") is not None else "type"
    word = given.value(kind)
    if word is None:
        hint = "it is literal, uri_file, uri_folder, mltable or one of the models"
        given.report(error("MLS007", "the key 'jobInputType' is missing", hint), "jobInputType")
        return None
    if isinstance(word, str) and word.lower() == "literal":
        return given.literal("value")
    return _read_data(given, kind)


def read_rest_output(given: RestObject) -> FrozenDict[str, Any]:
    """An output as ``{type, path, mode, name, version}``."""
    kind = "jobOutputType" if given.value("jobOutputType") is not None else "type"
    data = dict(_read_data(given, kind))
    names = {"name": given.text("assetName"), "version": given.text("assetVersion")}
    return FrozenDict(data | {key: value for key, value in names.items() if value is not None})


def read_step_output(given: RestObject) -> Any:
    """An output of a step: a binding as text, or as of a job."""
    value = given.value("value")
    return value if isinstance(value, str) else read_rest_output(given)


def _read_data(given: RestObject, kind: str) -> FrozenDict[str, Any]:
    uri = given.text("uri")
    data = {
        "type": given.choice(kind, _TYPES),
        "path": f"azureml:{uri}" if uri and (_ASSET.fullmatch(uri) or uri.startswith("/subscriptions/")) else uri,
        "mode": given.choice("mode", _MODES),
    }
    return FrozenDict({key: value for key, value in data.items() if value is not None})


def literal_text(value: object) -> str:
    """A literal as the client sends it: every one is text on the wire (5 → "5", true → "True")."""
    return str(value)


def input_to_rest(value: Any) -> dict[str, Any]:
    """An input as the service answers it."""
    if not isinstance(value, FrozenDict):
        return {"description": None, "jobInputType": "literal", "value": literal_text(value)}
    return {
        "description": None,
        "jobInputType": value.get("type", "uri_folder"),
        "mode": _REST_MODES.get(value.get("mode", ""), value.get("mode")),
        "uri": _uri(value.get("path")),
    }


def output_to_rest(value: FrozenDict[str, Any]) -> dict[str, Any]:
    """An output as the service answers it."""
    return {
        "description": None,
        "jobOutputType": value.get("type", "uri_folder"),
        "mode": _REST_MODES.get(value.get("mode", ""), value.get("mode")),
        "uri": _uri(value.get("path")),
        "assetName": value.get("name"),
        "assetVersion": value.get("version"),
    }


def _uri(path: str | None) -> str | None:
    """The prefix ``azureml:`` is cut where the client cuts it: before a name with a version or label, and before an ARM id."""
    if path is None:
        return None
    bare = path.removeprefix("azureml:")
    return bare if _ASSET.fullmatch(bare) or bare.startswith("/subscriptions/") else path
