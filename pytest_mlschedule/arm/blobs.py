"""Blob storage, as far as an upload of the client needs it: blobs of one piece, their metadata, whether they exist."""

from __future__ import annotations

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.cloud import Blob
from pytest_mlschedule.arm.errors import ArmError
from pytest_mlschedule.arm.requests import ArmRequest
from pytest_mlschedule.arm.responses import empty_response
from pytest_mlschedule.arm.storage import sas_token

_STAMP = {
    "ETag": '"0x8D0000000000000"',
    "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT",
    "x-ms-version": "2024-11-04",
    "x-ms-blob-type": "BlockBlob",
    "x-ms-request-server-encrypted": "true",
}
_PREFIX = "x-ms-meta-"


def put_blob(request: ArmRequest) -> Response:
    """Store a blob in one piece; with ``comp=metadata`` its metadata alone."""
    _check_signature(request)
    key, blobs = _key(request), request.cloud.blobs
    # WSGI writes names of headers with hyphens alone; names of metadata are identifiers and have none.
    metadata = {
        name.lower().removeprefix(_PREFIX).replace("-", "_"): value
        for name, value in request.http.headers.items()
        if name.lower().startswith(_PREFIX)
    }
    part = request.query.get("comp")
    if part == "metadata":
        blobs[key] = Blob(_find(request).content, metadata)
        return empty_response(200, _STAMP)
    if part is not None:
        text = f"PUT of a blob with comp={part[:60]} is not modelled: blobs are uploaded in one piece, up to 64 MiB"
        raise ArmError(501, "NotModelled", text)
    blobs[key] = Blob(request.read_data(), metadata)
    return empty_response(201, _STAMP)


def get_blob(request: ArmRequest) -> Response:
    """The content; for HEAD the properties alone."""
    _check_signature(request)
    blob = _find(request)
    headers = {**_STAMP, **{f"{_PREFIX}{name}": value for name, value in blob.metadata.items()}}
    return Response(blob.content, 200, headers, content_type="application/octet-stream")


def _key(request: ArmRequest) -> str:
    return f"{request.arguments['account']}/{request.arguments['path']}"


def _find(request: ArmRequest) -> Blob:
    blob = request.cloud.blobs.get(_key(request))
    if blob is None:
        raise ArmError(404, "BlobNotFound", "The specified blob does not exist.", {"x-ms-error-code": "BlobNotFound"})
    return blob


def _check_signature(request: ArmRequest) -> None:
    expected = sas_token(request.arguments["account"]).rsplit("sig=", 1)[1]
    if request.query.get("sig") != expected:
        text = "Server failed to authenticate the request: the shared access signature is missing or wrong."
        raise ArmError(403, "AuthenticationFailed", text, {"x-ms-error-code": "AuthenticationFailed"})
