"""Access tokens of real shape that nobody signed: the REST face reads who calls, and verifies nothing."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from itertools import count

TENANT = "00000000-0000-0000-0000-0000000000aa"
"""The tenant of every token."""
LIFETIME = 3600
"""Seconds that a token is valid."""
_SIGNATURE = "A" * 43
_DEFAULT = "/.default"
_NEVER = 2**33
# Two tokens are never the same, also while the clock stands still: one can expire and the other not.
_NUMBERS = count(1)


def audience_of(scope: str) -> str:
    """What a token for a scope is meant for: the scope without ``/.default``; of several the first."""
    first = (scope.split() or [""])[0]
    return first.removesuffix(_DEFAULT)


def make_token(audience: str, claims: Mapping[str, str]) -> str:
    """A JWT for an audience, issued now, with the claims that name somebody: ``oid``, ``appid``, ``upn``."""
    issued = int(time.time())
    times = {"iat": issued, "nbf": issued, "exp": issued + LIFETIME}
    issuer = f"https://sts.windows.net/{TENANT}/"
    payload = {
        "aud": audience,
        "iss": issuer,
        "tid": TENANT,
        "ver": "1.0",
        "uti": str(next(_NUMBERS)),
        **times,
        **claims,
    }
    return f"{_encode({'alg': 'none', 'typ': 'JWT'})}.{_encode(payload)}.{_SIGNATURE}"


def make_identity(client: str, claims: Mapping[str, str]) -> str:
    """An identity token for a client, valid at any time: a process with another clock reads it, too."""
    payload = {
        "aud": client,
        "iss": f"https://sts.windows.net/{TENANT}/",
        "tid": TENANT,
        "iat": 0,
        "exp": _NEVER,
        **claims,
    }
    return f"{_encode({'alg': 'none', 'typ': 'JWT'})}.{_encode(payload)}.{_SIGNATURE}"


def _encode(part: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
