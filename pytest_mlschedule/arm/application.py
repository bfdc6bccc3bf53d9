"""ArmApplication: the REST face as a WSGI application."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from pytest_mlschedule.arm.access import Access
from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.arm.errors import ArmError, error_response
from pytest_mlschedule.arm.identity import read_principal
from pytest_mlschedule.arm.requests import ArmRequest, read_data
from pytest_mlschedule.arm.routes import ROUTES, WORKSPACE, Route, build_map, fold_path
from pytest_mlschedule.errors import DefinitionError, MLScheduleError
from pytest_mlschedule.schedules.names import Owner, refuse_name

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NOT_MODELLED = "NotModelled"
"""The error code of a call that this face does not know: 501, and the client should not try again."""

_NAMESPACE = uuid.UUID("0d5b9a4e-8f43-5e0c-a5b5-64f1c9a1d2f7")
_STORAGE = "blob.core.windows.net"
_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?")
_FIRST_VERSION = date(2018, 1, 1)
_NAMED: dict[str, Owner] = {"schedules": "schedule", "jobs": "job"}
# Calls of these methods name a schedule or a job by all that follows; what others name may have parts of its own.
_NAMED_METHODS = ("PUT", "DELETE")
_LARGEST = 64 * 1024 * 1024


class ArmApplication:
    """Answers HTTP calls as Azure Resource Manager does, for the workspaces of a cloud.

    The principal is what the bearer token says (``oid``, else ``appid``, else ``upn`` or ``unique_name``; never
    verified); for a call without a token ``default_principal``, and 401 where that is None. Every call is
    authorized against the role assignments of the workspace.
    """

    routes: tuple[Route, ...] = ROUTES
    """The calls that are answered."""

    def __init__(self, cloud: Cloud, *, default_principal: str | None = None) -> None:
        self.cloud = cloud
        self.default_principal = default_principal
        self._adapter = build_map().bind("arm")
        self._answered = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.answer(Request(environ))(environ, start_response)

    def answer(self, http: Request) -> Response:
        """The answer to one call."""
        http.max_content_length = _LARGEST
        try:
            read_data(http)  # now: a client that sends it slowly keeps nobody waiting
        except ArmError as refusal:
            return error_response(refusal)
        with self.cloud.lock:
            try:
                response = self._dispatch(http)
            except MLScheduleError as failure:
                response = error_response(failure)
            self._answered += 1
            response.headers["x-ms-request-id"] = str(uuid.uuid5(_NAMESPACE, str(self._answered)))
        return response

    def _dispatch(self, http: Request) -> Response:
        route, arguments = self._match(http)
        principal = None
        if route.action is not None:
            principal = read_principal(http.headers.get("Authorization"), self.default_principal)
        access = Access(route, arguments, principal)
        workspace = access.find(self.cloud)
        call = access.call(http, workspace)
        faults = self.cloud.faults
        veto = None if faults is None else faults.before(call)
        if veto is not None:
            return veto
        try:
            access.check(workspace, call)
            response = route.handler(ArmRequest(http, self.cloud, arguments, workspace, call))
        except MLScheduleError as failure:
            response = error_response(failure)
        return response if faults is None else faults.after(call, response)

    def _match(self, http: Request) -> tuple[Route, Mapping[str, str]]:
        try:
            route, arguments = self._adapter.match(_path_of(http), http.method)
        except HTTPException:
            _check_name(http)
            raise _not_modelled(http) from None
        if route.path.startswith("/subscriptions"):
            _check_version(next((value for name, value in http.args.items() if name.lower() == "api-version"), ""))
        return route, arguments


def _check_version(version: str) -> None:
    """Raises ArmError (400) for what is no api-version that Azure ML ever had: any date since its service began is taken."""
    if not version:
        text = "The api-version query parameter (?api-version=) is required for all requests."
        raise ArmError(400, "MissingApiVersionParameter", text)
    try:
        is_known = date.fromisoformat(version.removesuffix("-preview")) >= _FIRST_VERSION
    except ValueError:
        is_known = False
    if not (is_known and _VERSION.fullmatch(version)):
        rule = f"a date from {_FIRST_VERSION.year} on, such as 2024-01-01-preview"
        raise ArmError(400, "InvalidApiVersionParameter", f"The api-version '{version[:60]}' is invalid: it is {rule}.")


def _path_of(http: Request) -> str:
    """The path that is matched. The host of a storage account stands in it: there, all paths are blobs."""
    account, _, domain = http.host.partition(".")
    return f"/blobs/{account}{http.path}" if domain == _STORAGE else fold_path(http.path)


def _check_name(http: Request) -> None:
    """Raises DefinitionError for a call on a schedule or a job whose name no route takes: ``a/b``, or an empty one."""
    level = WORKSPACE.count("/") + 1
    parts = fold_path(http.path).split("/")
    owner = _NAMED.get(parts[level]) if "workspaces" in parts[:level] and len(parts) > level else None
    if owner is not None and http.method in _NAMED_METHODS:
        problems = refuse_name("/".join(parts[level + 1 :]), owner)
        if problems:
            raise DefinitionError(item.under("name") for item in problems)


def _not_modelled(http: Request) -> ArmError:
    text = (
        f"{http.method} {http.path} is not modelled by pytest-mlschedule; ArmApplication.routes lists what is. "
        "Open an issue that says which call you need and what makes it."
    )
    return ArmError(501, NOT_MODELLED, text)
