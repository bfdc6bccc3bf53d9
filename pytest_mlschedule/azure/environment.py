"""Environment variables while Azure is mocked: a login for azure-identity, and the way for processes that a test starts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pytest_mlschedule.azure.child import VARIABLE
from pytest_mlschedule.azure.tokens import TENANT

_CHILD_PATH = str(Path(__file__).parent / "child_path")
# What would send azure-identity elsewhere than to the login that is answered.
_REMOVED = (
    "AZURE_AUTHORITY_HOST",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_PASSWORD",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    "AZURE_REGIONAL_AUTHORITY_NAME",
    "AZURE_TOKEN_CREDENTIALS",
    "AZURE_USERNAME",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "IMDS_ENDPOINT",
    "MSI_ENDPOINT",
    "MSI_SECRET",
)
# What MLClient itself leaves behind.
_RESTORED = ("AZUREML_CURRENT_CLOUD",)
# The client remembers components on disk where its preview features are on: they would be those of another workspace.
_FORGETFUL = {"AZURE_ML_DISABLE_ON_DISK_CACHE": "True"}


def login_variables(principal: str) -> dict[str, str]:
    """A service principal as azure-identity reads it from the environment."""
    return {"AZURE_TENANT_ID": TENANT, "AZURE_CLIENT_ID": principal, "AZURE_CLIENT_SECRET": "not-a-secret"}


def child_variables(where: str) -> dict[str, str]:
    """What leads a Python process to the test: ``where`` is for it to read, and its path begins with our folder."""
    path = os.environ.get("PYTHONPATH", "")
    parts = [_CHILD_PATH, *(part for part in path.split(os.pathsep) if part and part != _CHILD_PATH)]
    return {VARIABLE: where, "PYTHONPATH": os.pathsep.join(parts)}


@contextmanager
def set_variables(values: Mapping[str, str]) -> Iterator[None]:
    """Within the block the environment has these values, and none that would send a login elsewhere."""
    with forget_components():
        before = {name: os.environ.get(name) for name in {*values, *_REMOVED, *_RESTORED}}
        for name in _REMOVED:
            os.environ.pop(name, None)
        os.environ.update(values)
        try:
            yield
        finally:
            _restore(before)


@contextmanager
def forget_components() -> Iterator[None]:
    """Within the block the client does not keep on disk which components a workspace has."""
    before = {name: os.environ.get(name) for name in _FORGETFUL}
    os.environ.update(_FORGETFUL)
    try:
        yield
    finally:
        _restore(before)


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
