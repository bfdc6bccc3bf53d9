"""What the client's own tests of schedules are run with: their fixtures, and a service that may be a wrong one.

A plugin of pytest (``-p suite_plugin``). The tests come from the client's source distribution; they ask for a recording
proxy, ``devtools_testutils``, of which a stub is enough here.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from wrong_services import WRONG_SERVICES, WrongService

FAITHFUL = "faithful"
RESULTS = "MLSCHEDULE_SUITE_RESULTS"
SERVICES = "MLSCHEDULE_SUITE_SERVICES"
_NOTHING = ("recorded_test", "mock_code_hash", "mock_asset_name", "mock_component_hash", "mock_anon_component_version")
_results: dict[str, dict[str, str]] = {}
_numbers = itertools.count(1)


def _stub() -> ModuleType:
    module = ModuleType("devtools_testutils")
    module.AzureRecordedTestCase = type("AzureRecordedTestCase", (), {})  # type: ignore[attr-defined]
    module.is_live = lambda: True  # type: ignore[attr-defined]
    return module


sys.modules["devtools_testutils"] = _stub()


def pytest_configure(config: pytest.Config) -> None:
    for mark in ("timeout", "e2etest", "pipeline_test"):
        config.addinivalue_line("markers", f"{mark}: of the client's own tests")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "client" in metafunc.fixturenames:
        services = [FAITHFUL] if os.environ[SERVICES] == FAITHFUL else list(WRONG_SERVICES)
        metafunc.parametrize("service", services, indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    service = item.callspec.params["service"]  # type: ignore[attr-defined]
    outcomes = _results.setdefault(service, {})
    name = item.originalname  # type: ignore[attr-defined]
    if report.outcome != "passed" or (report.when == "call" and name not in outcomes):
        outcomes[name] = report.outcome
    return report


def pytest_sessionfinish() -> None:
    Path(os.environ[RESULTS]).write_text(json.dumps(_results), encoding="utf-8")


@pytest.fixture
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(service: str) -> Any:
    """The client that ``make_client`` gives; in front of a wrong service, what is wrong with it."""
    from pytest_mlschedule.azure import make_client

    made = make_client()
    if service != FAITHFUL:
        for adapter in made._kwargs["transport"].session.adapters.values():
            adapter.application = WrongService(adapter.application, WRONG_SERVICES[service])
    return made


@pytest.fixture
def randstr() -> Callable[[str], str]:
    return lambda name: f"test_{next(_numbers)}"


@pytest.fixture
def snapshot_hash_sanitizer() -> None:
    """Nothing is recorded."""


@pytest.fixture
def mock_set_headers_with_user_aml_token() -> None:
    """Our tokens can be read: the client does what it does."""


@pytest.fixture
def enable_pipeline_private_preview_features(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's own switch, and no components that it remembers from the last time."""
    monkeypatch.setenv("AZURE_ML_CLI_PRIVATE_FEATURES_ENABLED", "True")
    monkeypatch.setenv("AZURE_ML_DISABLE_ON_DISK_CACHE", "True")


def _do_nothing() -> None:
    """Nothing is recorded."""


for _name in _NOTHING:
    globals()[_name] = pytest.fixture(name=_name)(_do_nothing)
