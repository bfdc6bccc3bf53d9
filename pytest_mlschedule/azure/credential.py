"""FakeCredential: a TokenCredential of azure-core that logs in nowhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pytest_mlschedule.azure.tokens import LIFETIME, audience_of, make_token

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, AccessTokenInfo, TokenRequestOptions


class FakeCredential:
    """Gives tokens that name ``principal``, for any scope. The role assignments of a workspace say what it may do."""

    def __init__(self, principal: str = "Owner") -> None:
        self.principal = principal

    def __repr__(self) -> str:
        return f"FakeCredential({self.principal!r})"

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """An unsigned token for the first scope, valid for an hour. Raises ValueError without a scope."""
        from azure.core.credentials import AccessToken

        return AccessToken(self._make(scopes), int(time.time()) + LIFETIME)

    def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        """The same, as newer clients ask for it."""
        from azure.core.credentials import AccessTokenInfo

        return AccessTokenInfo(self._make(scopes), int(time.time()) + LIFETIME)

    def _make(self, scopes: tuple[str, ...]) -> str:
        if not scopes:
            raise ValueError("get_token needs a scope, such as https://management.azure.com/.default")
        return make_token(audience_of(scopes[0]), {"oid": self.principal})
