"""The credential that logs in nowhere: tokens of real shape."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import azure_names  # noqa: F401  first: it imports azure without its warnings
import pytest

from pytest_mlschedule.arm.identity import read_principal
from pytest_mlschedule.azure import FakeCredential


def claims_of(token: str) -> dict[str, Any]:
    head, payload, signature = token.split(".")
    assert json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["typ"] == "JWT"
    assert signature
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


@pytest.mark.parametrize(
    ("scope", "audience"),
    [
        ("https://management.azure.com/.default", "https://management.azure.com"),
        ("https://ml.azure.com/.default", "https://ml.azure.com"),
        ("https://storage.azure.com//.default", "https://storage.azure.com/"),
        ("api://x/scope", "api://x/scope"),
    ],
)
def test_a_token_is_for_the_scope(scope: str, audience: str) -> None:
    assert claims_of(FakeCredential().get_token(scope).token)["aud"] == audience


@pytest.mark.parametrize("principal", ["Owner", "a", "ab", "abc", "abcd", "Ada <ada@example.com>", "\u00e4"])
def test_the_rest_face_reads_who_it_is(principal: str) -> None:
    token = FakeCredential(principal).get_token("https://management.azure.com/.default").token
    assert read_principal(f"Bearer {token}", None) == principal


def test_a_token_is_valid_for_an_hour() -> None:
    token = FakeCredential().get_token("https://management.azure.com/.default", enable_cae=True, tenant_id="t")
    claims = claims_of(token.token)
    assert abs(token.expires_on - time.time() - 3600) < 60
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["tid"] in claims["iss"]


def test_newer_clients_get_the_same() -> None:
    info = FakeCredential("ada").get_token_info("https://ml.azure.com/.default", options={"enable_cae": True})
    assert claims_of(info.token)["oid"] == "ada"
    assert info.token_type == "Bearer"
    assert abs(info.expires_on - time.time() - 3600) < 60


def test_a_token_without_a_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a scope"):
        FakeCredential().get_token()


def test_a_credential_says_who_it_is() -> None:
    assert repr(FakeCredential("ada")) == "FakeCredential('ada')"
