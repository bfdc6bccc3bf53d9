"""The login of Azure as far as azure-identity asks: everybody who names themselves gets a token.

Secrets, passwords and assertions are not looked at. The client id, or the user name, is the principal of the token.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from pytest_mlschedule.azure.tokens import LIFETIME, TENANT, audience_of, make_identity, make_token

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_DEVICE = {
    "device_code": "device",
    "user_code": "NONE",
    "verification_uri": "https://microsoft.com/devicelogin",
    "expires_in": 900,
    "interval": 0,
    "message": "There is nothing to enter: Azure is mocked.",
}


class LoginApplication:
    """Answers what azure-identity sends to ``login.microsoftonline.com`` and to the machine's own identity endpoint.

    ``principal``: who a login is that names nobody, such as a machine's managed identity. ``otherwise`` answers the rest.
    """

    def __init__(self, principal: str, otherwise: WSGIApplication) -> None:
        self.principal = principal
        self.otherwise = otherwise

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        request = Request(environ)
        data = self._answer(request)
        if data is None:
            return self.otherwise(environ, start_response)
        return Response(json.dumps(data), content_type="application/json")(environ, start_response)

    def _answer(self, request: Request) -> dict[str, Any] | None:
        path = request.path
        if path.endswith("/openid-configuration"):
            return _configuration(f"{request.host_url}{path.strip('/').partition('/')[0]}")
        if "/userrealm/" in path:
            return {"ver": "1.0", "account_type": "Managed", "domain_name": request.host}
        if path.endswith("/oauth2/v2.0/devicecode"):
            return _DEVICE
        if path.endswith("/oauth2/v2.0/token"):
            return self._log_in(request.form)
        if path == "/metadata/identity/oauth2/token":
            return self._identify(request.args)
        return None

    def _log_in(self, form: Mapping[str, str]) -> dict[str, Any]:
        client, audience = form.get("client_id", ""), audience_of(form.get("scope", ""))
        answer: dict[str, Any] = {"token_type": "Bearer", "expires_in": LIFETIME, "ext_expires_in": LIFETIME}
        if form.get("grant_type") == "client_credentials" or "client_secret" in form or "client_assertion" in form:
            return answer | {"access_token": make_token(audience, {"oid": client, "appid": client})}
        user = form.get("username") or self.principal
        person = {"oid": user, "upn": user}
        names = {"sub": user, "preferred_username": user, **person}
        return answer | {
            "access_token": make_token(audience, {"appid": client, **person}),
            "refresh_token": "none",
            "id_token": make_identity(client, names),
            "client_info": _encode({"uid": user, "utid": TENANT}),
        }

    def _identify(self, query: Mapping[str, str]) -> dict[str, Any]:
        given = ("client_id", "object_id", "principal_id", "msi_res_id", "mi_res_id")
        name = next((query[key] for key in given if query.get(key)), self.principal)
        resource = audience_of(query.get("resource", ""))
        token = make_token(resource, {"oid": name, "appid": name})
        times = {"expires_in": str(LIFETIME), "resource": resource, "token_type": "Bearer"}
        return {"access_token": token, "client_id": name, **times}


def _configuration(base: str) -> dict[str, Any]:
    return {
        "issuer": f"{base}/v2.0",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
    }


def _encode(data: Mapping[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()
