"""azure-identity logs in within a mocked Azure: each kind of credential, and who it is then."""

from __future__ import annotations

import subprocess
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from azure_names import (
    ClientAssertionCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    DeviceCodeCredential,
    EnvironmentCredential,
    ManagedIdentityCredential,
    UsernamePasswordCredential,
    WorkloadIdentityCredential,
)

from pytest_mlschedule.arm.identity import read_claims, read_principal
from pytest_mlschedule.azure import MockedAzure, mock_azure
from pytest_mlschedule.azure.hosts import LOGIN_HOSTS

SCOPE = "https://management.azure.com/.default"


@pytest.fixture
def azure() -> Iterator[MockedAzure]:
    with mock_azure(principal="ada") as mocked:
        yield mocked


def principal_of(credential: Any) -> str:
    return read_principal(f"Bearer {credential.get_token(SCOPE).token}", None)


def by_password() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return UsernamePasswordCredential("client", "grace@example.com", "secret", tenant_id="t")


def by_token_file() -> Any:
    path = Path("token.txt")
    path.write_text("assertion", encoding="utf-8")
    return WorkloadIdentityCredential(client_id="workload", tenant_id="t", token_file_path=str(path))


CREDENTIALS: dict[str, tuple[Callable[[], Any], str]] = {
    "the chain": (DefaultAzureCredential, "ada"),
    "the chain without the environment": (lambda: DefaultAzureCredential(exclude_environment_credential=True), "ada"),
    "the chain for a managed identity": (
        lambda: DefaultAzureCredential(exclude_environment_credential=True, managed_identity_client_id="mi"),
        "mi",
    ),
    "the environment": (EnvironmentCredential, "ada"),
    "a secret": (lambda: ClientSecretCredential("tenant", "deployer", "secret"), "deployer"),
    "an assertion": (lambda: ClientAssertionCredential("tenant", "pipeline", lambda: "assertion"), "pipeline"),
    "a token file": (by_token_file, "workload"),
    "a managed identity": (ManagedIdentityCredential, "ada"),
    "a managed identity by client id": (lambda: ManagedIdentityCredential(client_id="mi"), "mi"),
    "a managed identity by object id": (
        lambda: ManagedIdentityCredential(identity_config={"object_id": "object"}),
        "object",
    ),
    "a password": (by_password, "grace@example.com"),
    "a device code": (lambda: DeviceCodeCredential(prompt_callback=lambda *_: None), "ada"),
}


@pytest.mark.filterwarnings("ignore:This API has been deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_credential_gets_a_token_and_is_somebody(
    name: str, azure: MockedAzure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make, principal = CREDENTIALS[name]
    assert principal_of(make()) == principal


@pytest.mark.parametrize("name", ["the chain", "the chain without the environment"])
def test_the_chain_starts_no_program(name: str, azure: MockedAzure, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*args: Any, **options: Any) -> None:
        raise AssertionError(f"started {args}")

    monkeypatch.setattr(subprocess.Popen, "__init__", start)
    assert principal_of(CREDENTIALS[name][0]()) == "ada"


@pytest.mark.filterwarnings("ignore:decode_id_token:DeprecationWarning")
@pytest.mark.parametrize("now", ["1990-01-01", "2190-01-01"])
def test_an_identity_is_valid_whatever_the_time_is_where_it_is_read(now: str) -> None:
    from msal.oauth2cli.oidc import decode_id_token

    from pytest_mlschedule.azure.tokens import make_identity

    seconds = datetime.fromisoformat(now).replace(tzinfo=UTC).timestamp()
    assert decode_id_token(make_identity("client", {"sub": "ada"}), client_id="client", now=seconds)["sub"] == "ada"


@pytest.mark.parametrize("host", sorted(LOGIN_HOSTS - {"169.254.169.254"}))
def test_the_login_hosts_of_all_clouds_answer(host: str, azure: MockedAzure) -> None:
    assert principal_of(ClientSecretCredential("tenant", "deployer", "secret", authority=host)) == "deployer"


def test_a_token_is_for_what_was_asked_for(azure: MockedAzure) -> None:
    token = DefaultAzureCredential().get_token("https://ml.azure.com/.default").token
    assert read_claims(token)["aud"] == "https://ml.azure.com"


@pytest.mark.parametrize(
    "name",
    [
        "AZURE_AUTHORITY_HOST",
        "AZURE_TOKEN_CREDENTIALS",
        "IDENTITY_ENDPOINT",
        "AZURE_REGIONAL_AUTHORITY_NAME",
        "AZURE_CLIENT_ID",
    ],
)
def test_what_the_environment_says_otherwise_does_not_matter(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "dev")
    with mock_azure(principal="ada"):
        assert principal_of(DefaultAzureCredential()) == "ada"


def test_a_credential_made_before_is_somebody_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    credential = DefaultAzureCredential()
    with mock_azure(principal="ada"):
        assert principal_of(credential) == "ada"
