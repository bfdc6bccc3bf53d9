"""Services that do one thing wrong: the client's own tests must notice each of them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response


@dataclass
class Exchange:
    """One call and its answer. ``sent`` and ``body`` are JSON, None where there is none; a wrong service changes them."""

    method: str
    path: str
    query: str
    sent: Any = None
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def is_call(self, method: str, pattern: str) -> bool:
        return self.method == method and re.search(pattern + "$", self.path) is not None

    @property
    def schedules(self) -> list[dict[str, Any]]:
        """The schedules in the answer: one, or those of a list."""
        if not isinstance(self.body, dict) or "/schedules" not in self.path:
            return []
        items = self.body.get("value", [self.body])
        return [item for item in items if isinstance(item, dict) and isinstance(item.get("properties"), dict)]


@dataclass(frozen=True)
class Mistake:
    """What a wrong service does: to what it is asked, and to what it answers."""

    answer: Callable[[Exchange], None] = lambda exchange: None
    ask: Callable[[Exchange], None] = lambda exchange: None


class WrongService:
    """The application behind a mistake."""

    def __init__(self, application: Any, mistake: Mistake) -> None:
        self._application = application
        self._mistake = mistake

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raw = environ["wsgi.input"].read()
        sent = json.loads(raw) if raw and "json" in environ.get("CONTENT_TYPE", "") else None
        method = environ["REQUEST_METHOD"]
        exchange = Exchange(method, environ["PATH_INFO"], environ["QUERY_STRING"], sent)
        self._mistake.ask(exchange)
        if sent is not None:
            raw = json.dumps(exchange.sent).encode()
        environ |= {
            "REQUEST_METHOD": exchange.method,
            "PATH_INFO": exchange.path,
            "QUERY_STRING": exchange.query,
            "wsgi.input": io.BytesIO(raw),
            "CONTENT_LENGTH": str(len(raw)),
        }
        chunks, status, headers = run_wsgi_app(self._application, environ, buffered=True)
        content = b"".join(chunks)
        exchange.method = method
        exchange.status, exchange.headers = int(status.split()[0]), dict(headers)
        exchange.body = json.loads(content) if content and "json" in headers.get("Content-Type", "") else None
        self._mistake.answer(exchange)
        kept = {name: value for name, value in exchange.headers.items() if name.lower() != "content-length"}
        text = (
            content
            if exchange.body is None and content and "json" not in headers.get("Content-Type", "")
            else (b"" if exchange.body is None else json.dumps(exchange.body).encode())
        )
        return Response(text, exchange.status, kept)(environ, start_response)


def change_properties(change: Callable[[dict[str, Any]], None]) -> Mistake:
    """A mistake in what is shown of each schedule."""

    def answer(exchange: Exchange) -> None:
        for schedule in exchange.schedules:
            change(schedule["properties"])

    return Mistake(answer)


def change_trigger(change: Callable[[dict[str, Any]], None]) -> Mistake:
    """A mistake in what is shown of each trigger."""
    return change_properties(lambda properties: change(properties["trigger"]))


def change_job(change: Callable[[dict[str, Any]], None]) -> Mistake:
    """A mistake in what is shown of each job of a schedule."""

    def change_properties_of(properties: dict[str, Any]) -> None:
        change(properties["action"]["jobDefinition"])

    return change_properties(change_properties_of)


def when(method: str, pattern: str, change: Callable[[Exchange], None]) -> Callable[[Exchange], None]:
    def apply(exchange: Exchange) -> None:
        if exchange.is_call(method, pattern):
            change(exchange)

    return apply


def _set(target: Any, key: str, value: Any) -> None:
    if key in target:
        target[key] = value


def _delete_after_all(exchange: Exchange) -> None:
    exchange.body = {"status": "Succeeded"} if exchange.body.get("status") == "Failed" else exchange.body


def _drop_enabled(exchange: Exchange) -> None:
    exchange.sent["properties"].pop("isEnabled", None)


def _lose_body(exchange: Exchange) -> None:
    exchange.status, exchange.body, exchange.headers = 200, None, {}


def _fail(exchange: Exchange) -> None:
    exchange.body = {"status": "Failed", "error": {"code": "ServiceError", "message": "no"}}


def _resolve_macros(job: dict[str, Any]) -> None:
    for given in (job.get("inputs") or {}).values():
        if "creation_context" in str(given.get("value")):
            given["value"] = "2026-01-01T00:00:00Z"


def _lower_days(trigger: dict[str, Any]) -> None:
    pattern = trigger.get("schedule")
    if pattern and pattern.get("weekDays"):
        pattern["weekDays"] = [day.lower() for day in pattern["weekDays"]]


def _swap_views(exchange: Exchange) -> None:
    exchange.query = exchange.query.replace("EnabledOnly", "DisabledOnly")


def _keep_deleted(exchange: Exchange) -> None:
    exchange.method = "GET"


def _accept_deletion(exchange: Exchange) -> None:
    exchange.status, exchange.body = 204, None


def _lose_modes(job: dict[str, Any]) -> None:
    for output in (job.get("outputs") or {}).values():
        output["mode"] = None


def _count_from_zero(trigger: dict[str, Any]) -> None:
    if trigger["triggerType"] == "Recurrence" and not trigger.get("schedule"):
        trigger["schedule"] = {"hours": [0], "minutes": [0], "weekDays": None, "monthDays": None}


def _answer_other_job(exchange: Exchange) -> None:
    exchange.body["submissionId"] += "-0"


def _promise_page(exchange: Exchange) -> None:
    exchange.body["nextLink"] = f"https://management.azure.com{exchange.path}/more/pages?api-version=2023-06-01-preview"


SCHEDULE = "/schedules/[^/]+"
STATUS = "/mfeOperationsStatus/[^/]+"
WRONG_SERVICES: dict[str, Mistake] = {
    "deletes an active schedule": Mistake(when("GET", STATUS, _delete_after_all)),
    "keeps what was deleted": Mistake(
        when("DELETE", SCHEDULE, _accept_deletion), when("DELETE", SCHEDULE, _keep_deleted)
    ),
    "lists disabled schedules for enabled ones": Mistake(ask=when("GET", "/schedules", _swap_views)),
    "ignores isEnabled": Mistake(ask=when("PUT", SCHEDULE, _drop_enabled)),
    "shows every schedule as disabled": change_properties(lambda properties: _set(properties, "isEnabled", False)),
    "writes start times with a T": change_trigger(
        lambda trigger: _set(trigger, "startTime", (trigger.get("startTime") or "").replace(" ", "T") or None)
    ),
    "moves start times to UTC": change_trigger(
        lambda trigger: _set(trigger, "startTime", (trigger.get("startTime") or "").replace("10:15", "18:15") or None)
    ),
    "forgets the end time": change_trigger(lambda trigger: _set(trigger, "endTime", None)),
    "forgets the time zone": change_trigger(lambda trigger: _set(trigger, "timeZone", "UTC")),
    "answers the trigger call with another shape": Mistake(
        when("POST", f"{SCHEDULE}/trigger", lambda exchange: _set_body(exchange, {"jobName": "job", "type": "Job"}))
    ),
    "names another job in the trigger's answer": Mistake(when("POST", f"{SCHEDULE}/trigger", _answer_other_job)),
    "writes week days in lower case": change_trigger(_lower_days),
    "promises a page of a list that is not there": Mistake(when("GET", "/schedules", _promise_page)),
    "answers everything with 200": Mistake(lambda exchange: setattr(exchange, "status", 200)),
    "calls a schedule by another name": Mistake(
        when("GET", SCHEDULE, lambda exchange: exchange.body.update(name="other") if exchange.status == 200 else None)
    ),
    "makes a pattern where there is none": change_trigger(_count_from_zero),
    "answers a put without a body": Mistake(when("PUT", SCHEDULE, _lose_body)),
    "fails every operation": Mistake(when("GET", STATUS, _fail)),
    "resolves macros in the definition": change_job(_resolve_macros),
    "loses the identity of the job": change_job(lambda job: _set(job, "identity", None)),
    "loses the job that is referred to": change_job(lambda job: _set(job, "sourceJobId", None)),
    "fills in an experiment for a reference": change_job(
        lambda job: _set(job, "experimentName", job.get("experimentName") or "Default")
    ),
    "loses the modes of outputs": change_job(_lose_modes),
    "loses the environment variables of a command": change_job(lambda job: _set(job, "environmentVariables", None)),
}


def _set_body(exchange: Exchange, body: Any) -> None:
    exchange.body = body
