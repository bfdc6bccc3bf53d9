"""Who calls: the principal that a bearer token names. Tokens are read, never verified."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from pytest_mlschedule.arm.errors import ArmError

# The first of these that the token has.
_CLAIMS = ("oid", "appid", "upn", "unique_name")
_CHALLENGE = {
    "WWW-Authenticate": 'Bearer authorization_uri="https://login.microsoftonline.com/", error="invalid_token"'
}


def read_principal(authorization: str | None, default: str | None) -> str:
    """The principal of an ``Authorization`` header; ``default`` without one.

    Raises ArmError (401) where there is neither, and for what is no bearer token that names somebody.
    """
    if authorization is None:
        if default is not None:
            return default
        raise _refuse("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer":
        text = "Authentication failed. The 'Authorization' header is not 'Bearer <token>'."
        raise _refuse("AuthenticationFailed", text)
    claims = read_claims(token.strip())
    for name in _CLAIMS:
        value = claims.get(name)
        if isinstance(value, str) and value:
            return value
    raise _refuse("InvalidAuthenticationToken", f"The access token names nobody: it has none of {', '.join(_CLAIMS)}.")


def read_claims(token: str) -> dict[str, Any]:
    """The claims of a JWT. Raises ArmError (401)."""
    parts = token.split(".")
    try:
        padding = "=" * (-len(parts[1]) % 4)
        claims = json.loads(base64.b64decode(parts[1] + padding, altchars=b"-_", validate=True))
    except (IndexError, binascii.Error, ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        way_out = "pytest_mlschedule.azure.FakeCredential('ci').get_token(scope) gives one that names ci"
        raise _refuse("InvalidAuthenticationToken", f"The access token is invalid: it is no JWT; {way_out}.")
    return claims


def _refuse(code: str, message: str) -> ArmError:
    return ArmError(401, code, message, _CHALLENGE)
