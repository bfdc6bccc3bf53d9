"""Hostile calls: whatever is sent, the answer is one that a service gives, and it comes soon."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_face import CRON, DAILY, PIPELINE, VERSION, Face, run, schedule_body, token

OWNER = f"Bearer {token(oid='Owner')}"
WORDS = st.sampled_from(
    [
        "Cron", "Recurrence", "Day", "CreateJob", "CreateMonitor", "InvokeBatchEndpoint", "Pipeline", "Command", "Sweep", "literal",
        "uri_file", "${{name}}", "0 3 * * *", "UTC", "2026-01-01T00:00:00", "9999-12-31T23:59:59Z", "azureml:x:1",
        "/subscriptions/s", "a\nb: [", "\x00", "\ud800", "ü", "", "train", "nightly", "azureml_anonymous",
    ]
)  # fmt: skip
KEYS = st.sampled_from(
    [
        "properties", "trigger", "action", "jobDefinition", "name", "id", "tags", "inputs", "outputs", "jobs", "settings",
        "isEnabled", "sourceJobId", "triggerType", "schedule", "scheduleTime", "componentSpec", "isArchived", "hidden", "hash_sha256",
    ]
)  # fmt: skip
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), WORDS)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
REFERRING = {"jobType": "Pipeline", "sourceJobId": "train", "experimentName": ""}
SPARK = {"jobType": "Spark", "codeId": "c", "entry": {"file": "a.py"}, "conf": {"x": "1"}, "args": "${{inputs.a}}"}
ASSET = {
    "properties": {"componentSpec": {"name": "c", "command": "echo"}, "tags": {}, "properties": {"hash_sha256": "x"}}
}
PATCH = {"displayName": "x", "tags": {"a": "b"}, "hidden": True}
CALLS: tuple[tuple[str, str, Any], ...] = (
    ("PUT", "schedules/nightly", schedule_body()),
    ("PUT", "schedules/a_b", schedule_body(DAILY, REFERRING)),
    ("PUT", "schedules/c", schedule_body(CRON, SPARK)),
    ("POST", "schedules/nightly/trigger", {"scheduleTime": "2026-01-01T00:00:00Z"}),
    ("DELETE", "schedules/nightly", None),
    ("PUT", "jobs/train", {"properties": PIPELINE}),
    ("PUT", "jobs/spark", {"properties": SPARK}),
    ("POST", "jobs/train/cancel", None),
    ("PUT", "components/azureml_anonymous/versions/1", ASSET),
    ("PUT", "environments/e/versions/1", ASSET),
    ("PUT", "data/d/versions/x", ASSET),
    ("PUT", "codes/c/versions/1", ASSET),
    ("PUT", "models/m/versions/1", ASSET),
    ("POST", "codes/c/versions/1/startPendingUpload", {}),
    ("PATCH", "/history/v1.0{id}/experiments/e/runs/train", PATCH),
)
READS = (
    "schedules", "jobs", "jobs/train", "", "components", "components/azureml_anonymous/versions", "environments", "environments/e",
    "codes/c/versions", "data/d", "data/d/versions", "models", "computes", "computes/cpu", "datastores", "datastores/workspaceblobstore",
    "onlineEndpoints/e/deployments/d", "/history/v1.0{id}/runs/train/details", "/history/v1.0{id}/runs/train/children", "/discovery",
)  # fmt: skip


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document, the outermost first."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The document with another value in one place."""
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = changed(data[path[0]], path[1:], value)
    return copy


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, str, Any]:
    """A call with anything for a body; or with its own, and something else in up to two places of it."""
    method, tail, body = draw(st.sampled_from(CALLS))
    if draw(st.integers(0, 4)) == 0:
        return method, tail, draw(ANYTHING)
    for _ in range(draw(st.integers(0, 2))):
        body = changed(body, draw(st.sampled_from(places(body))), draw(st.one_of(SCALARS, ANYTHING)))
    return method, tail, body


@pytest.fixture(scope="module")
def face() -> Face:
    face = Face()
    face.put("jobs/train", {"properties": PIPELINE})
    return face


def check(answer: Any) -> None:
    text = answer.get_data(as_text=True)
    assert answer.status_code < 500 or (answer.status_code == 501 and answer.json["error"]["code"] == "NotModelled"), (
        text
    )
    if answer.mimetype == "application/json":
        json.loads(text, parse_constant=pytest.fail)


def send(face: Face, method: str, tail: str, data: str | bytes) -> None:
    tail = tail.format(id=face.workspace.id)
    check(face.call(method, tail, data))
    for path in ("schedules?listViewType=All", "jobs?listViewType=All", *([tail] if method == "PUT" else [])):
        check(face.call("GET", path))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls())
def test_any_body_gets_an_answer(face: Face, call: tuple[str, str, Any]) -> None:
    method, tail, body = call
    send(face, method, tail, json.dumps(body))


BYTES = (
    b"[" * 100_000,
    b'{"a":' * 5000,
    b"1e999",
    b"NaN",
    b"\xff\xfe",
    b'{"properties": {"tags": {"a": 1e999}}}',
    b"9" * 5000,
    b"",
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(CALLS), st.one_of(st.sampled_from(BYTES), st.binary(max_size=40)))
def test_any_bytes_get_an_answer(face: Face, call: tuple[str, str, Any], data: bytes) -> None:
    send(face, call[0], call[1], data)


SEGMENTS = st.one_of(
    st.sampled_from(("subscriptions", "resourceGroups", "providers", "workspaces", "schedules", "jobs", "history", "v1.0", "blobs", "..", "", "%2F", "%00", "%ff", "discovery", "locations")),
    st.text(max_size=6).map(lambda text: quote(text, safe="", errors="replace")),
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "BREW")),
    st.lists(SEGMENTS, max_size=6),
    st.booleans(),
)
def test_any_path_gets_an_answer(face: Face, method: str, segments: list[str], below: bool) -> None:  # noqa: FBT001
    path = "/".join(segments).lstrip("/")
    answer = face.call(method, path if below else f"/{path}")
    assert answer.status_code < 500 or answer.status_code == 501


QUERIES = st.sampled_from(("$skip", "$top", "listViewType", "scheduled", "scheduleId", "tag", "jobType", "hash", "hashVersion", "$orderBy", "isDefault", "API-VERSION"))  # fmt: skip
VALUES = st.one_of(
    WORDS.filter(lambda word: word != "\ud800"),
    st.integers().map(str),
    st.sampled_from(["-1", "1e3", "٣", "9" * 400, "All", "true", "%", "a=b=c"]),
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(READS), st.lists(st.tuples(QUERIES, VALUES), max_size=4))
def test_any_query_gets_an_answer(face: Face, tail: str, query: list[tuple[str, str]]) -> None:
    text = "&".join(f"{name}={quote(value)}" for name, value in query)
    check(face.call("GET", f"{tail.format(id=face.workspace.id) or face.workspace.id}?{text}"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=30),
    st.sampled_from(
        [
            "[",
            "[::1",
            "..",
            "xn--a",
            "a b",
            "ü",
            "x:y",
            "x:99999",
            ".blob.core.windows.net",
            "a.blob.core.windows.net",
            "localhost",
            "",
        ]
    ),
)
def test_any_header_gets_an_answer(face: Face, authorization: str, host: str) -> None:
    for path in (face.workspace.id, f"{face.workspace.id}/schedules/x", "/discovery"):
        answers = [
            run(face.application, "GET", f"{path}?{VERSION}", HTTP_HOST=host, HTTP_AUTHORIZATION=authorization),
            run(
                face.application, "PUT", f"{path}?{VERSION}", schedule_body(), HTTP_HOST=host, HTTP_AUTHORIZATION=OWNER
            ),
        ]
        assert [
            answer.status_code for answer in answers if answer.status_code >= 500 and answer.status_code != 501
        ] == []
