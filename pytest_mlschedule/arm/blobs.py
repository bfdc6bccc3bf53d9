"""Blob storage, as far as uploads and downloads of the client need it: blobs of one piece, their metadata, what there is."""

from __future__ import annotations

from werkzeug.http import parse_range_header
from werkzeug.wrappers import Response

from pytest_mlschedule.arm.blob_lists import ETAG, LAST_MODIFIED, list_blobs
from pytest_mlschedule.arm.cloud import Blob
from pytest_mlschedule.arm.errors import ArmError
from pytest_mlschedule.arm.requests import ArmRequest
from pytest_mlschedule.arm.responses import empty_response
from pytest_mlschedule.arm.storage import sas_token

_STAMP = {
    "ETag": ETAG,
    "Last-Modified": LAST_MODIFIED,
    "x-ms-version": "2024-11-04",
    "x-ms-blob-type": "BlockBlob",
    "x-ms-request-server-encrypted": "true",
}
_PREFIX = "x-ms-meta-"
_BYTES = "application/octet-stream"


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
    if part is not None or "restype" in request.query:
        raise _not_modelled(request, "blobs are uploaded in one piece, up to 64 MiB")
    blobs[key] = Blob(request.read_data(), metadata)
    return empty_response(201, _STAMP)


def get_blob(request: ArmRequest) -> Response:
    """The content, or the range of it that is asked for; for HEAD the properties alone. With ``comp=list`` what a container
    holds."""
    _check_signature(request)
    kind = request.query.get("restype"), request.query.get("comp")
    if kind == ("container", "list"):
        folder = f"{_key(request)}/"
        blobs = {key.removeprefix(folder): blob for key, blob in request.cloud.blobs.items() if key.startswith(folder)}
        return list_blobs(blobs, request.query)
    if kind != (None, None):
        raise _not_modelled(request, "blobs are read, and containers listed")
    blob = _find(request)
    headers = {**_STAMP, **{f"{_PREFIX}{name}": value for name, value in blob.metadata.items()}}
    wanted = parse_range_header(request.http.headers.get("x-ms-range") or request.http.headers.get("Range"))
    if wanted is None:
        return Response(blob.content, 200, headers, content_type=_BYTES)
    place = wanted.range_for_length(len(blob.content))
    if place is None:
        raise _refuse(416, "InvalidRange", "The range specified is invalid for the current size of the resource.")
    headers["Content-Range"] = f"bytes {place[0]}-{place[1] - 1}/{len(blob.content)}"
    return Response(blob.content[slice(*place)], 206, headers, content_type=_BYTES)


def _not_modelled(request: ArmRequest, scope: str) -> ArmError:
    kind = "&".join(f"{name}={request.query[name][:60]}" for name in ("restype", "comp") if name in request.query)
    return ArmError(501, "NotModelled", f"{request.http.method} of a blob with {kind} is not modelled: {scope}")


def _refuse(status: int, code: str, text: str) -> ArmError:
    return ArmError(status, code, text, {"x-ms-error-code": code})


def _key(request: ArmRequest) -> str:
    return f"{request.arguments['account']}/{request.arguments['path']}"


def _find(request: ArmRequest) -> Blob:
    blob = request.cloud.blobs.get(_key(request))
    if blob is None:
        raise _refuse(404, "BlobNotFound", "The specified blob does not exist.")
    return blob


def _check_signature(request: ArmRequest) -> None:
    expected = sas_token(request.arguments["account"]).rsplit("sig=", 1)[1]
    if request.query.get("sig") != expected:
        text = "Server failed to authenticate the request: the shared access signature is missing or wrong."
        raise _refuse(403, "AuthenticationFailed", text)
