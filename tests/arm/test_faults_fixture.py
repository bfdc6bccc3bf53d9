"""The fixture ml_faults: faults that did not happen fail the test that asked for them."""

from __future__ import annotations

import freezegun.api  # noqa: F401  imported here once: pytester forgets what an inner session imports
import pytest

import pytest_mlschedule.arm.application
import pytest_mlschedule.arm.faults  # noqa: F401

FIXTURE = """
import pytest
from werkzeug.test import Client

from pytest_mlschedule.arm.application import ArmApplication
from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.plugin.faults_fixtures import watch_faults


@pytest.fixture
def cloud(ml_workspace):
    return Cloud(ml_workspace)


@pytest.fixture
def ml_faults(request, cloud):
    with watch_faults(cloud, request) as faults:
        yield faults


@pytest.fixture
def call(cloud):
    client = Client(ArmApplication(cloud, default_principal="Owner"))
    path = f"{cloud.workspaces[0].id}/schedules?api-version=2024-04-01"
    return lambda: client.get(path).status_code
"""


def run(pytester: pytest.Pytester, text: str) -> pytest.RunResult:
    pytester.makeconftest(FIXTURE)
    pytester.makepyfile(text)
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    return pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:hypothesispytest")


def test_a_fault_that_happens(pytester: pytest.Pytester) -> None:
    text = """
    def test_throttled(ml_faults, call):
        ml_faults.throttle("schedules.list")
        assert [call(), call()] == [429, 200]

    def test_the_next_test_starts_anew(call):
        assert call() == 200
    """
    run(pytester, text).assert_outcomes(passed=2)


def test_a_fault_that_does_not_happen(pytester: pytest.Pytester) -> None:
    text = """
    def test_throttled(ml_faults, call):
        ml_faults.throttle("schedules.list", times=2)
        ml_faults.fail("schedules.put", status=503).only(name="nightly")
        assert call() == 429
    """
    result = run(pytester, text)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "ml_faults: 2 faults did not happen as often as the test asked for:",
            "  throttle('schedules.list', retry_after=1): 1 of 2 times",
            "  fail('schedules.put', status=503).only(name='nightly'): never",
            "What was called, in this order:",
            "  schedules.list by Owner: 429 from throttle('schedules.list', retry_after=1)",
            "Take out what is not needed, or correct its operation, names or times. On purpose: allow_unused().",
        ],
        consecutive=True,
    )
    result.stdout.no_fnmatch_line("*faults_fixtures.py*")


def test_a_test_that_fails_by_itself_says_nothing_else(pytester: pytest.Pytester) -> None:
    text = """
    def test_throttled(ml_faults, call):
        ml_faults.throttle("schedules.list")
        assert False
    """
    run(pytester, text).assert_outcomes(failed=1)


def test_on_purpose(pytester: pytest.Pytester) -> None:
    text = """
    def test_throttled(ml_faults, call):
        ml_faults.allow_unused()
        ml_faults.throttle("schedules.list")
    """
    run(pytester, text).assert_outcomes(passed=1)
