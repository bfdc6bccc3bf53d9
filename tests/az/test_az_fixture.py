"""The fixture ``ml_az`` in a project of its own."""

from __future__ import annotations

import os

import pytest

SCHEDULE = """
name: nightly
trigger: {type: cron, expression: "30 2 * * *", start_time: "2026-01-01T00:00:00"}
create_job: azureml:score
"""
INI = """
[pytest]
asyncio_default_fixture_loop_scope = function
filterwarnings = error
mlschedule_now = 2026-03-01T00:00:00Z
"""
FAST = ("-p", "no:randomly", "-p", "no:hypothesispytest", "-p", "no:cacheprovider")


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    (pytester.path / "nightly.yml").write_text(SCHEDULE, encoding="utf-8")
    (pytester.path / "pytest.ini").write_text(INI, encoding="utf-8")
    return pytester


def test_a_script_deploys_and_time_passes(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import subprocess
        from datetime import timedelta

        def test_deploy(ml_az, ml_scheduler):
            subprocess.run(["az", "ml", "schedule", "create", "-f", "nightly.yml"], check=True)
            ml_scheduler.advance(timedelta(days=2))
            names = ml_az("ml job list --query [].display_name").json()
            assert names == ["nightly-20260302T023000Z", "nightly-20260301T023000Z"]
        """
    )
    project.runpytest_inprocess(*FAST).assert_outcomes(passed=1)


def test_the_role_and_the_profile_of_the_test_count(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.mlschedule(role="Reader", profile={"trigger_when_disabled": "run"})
        def test_reader(ml_az, ml_workspace):
            refused = ml_az("ml schedule create -f nightly.yml")
            assert (refused.exit_code, refused.stdout) == (1, "")
            assert refused.stderr.startswith("ERROR: (AuthorizationFailed) The client 'Reader' with role 'Reader'")
            assert ml_az.workspaces == (ml_workspace,)

        @pytest.mark.mlschedule(profile={"trigger_when_disabled": "run"})
        def test_profile(ml_az):
            ml_az("ml schedule create -f nightly.yml", check=True)
            ml_az("ml schedule disable -n nightly", check=True)
            ml_az("ml schedule trigger -n nightly", check=True)
        """
    )
    project.runpytest_inprocess(*FAST).assert_outcomes(passed=2)


def test_each_test_has_an_az_of_its_own(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import os, shutil

        seen = []

        def test_one(ml_az):
            ml_az("configure --defaults group=other", check=True)
            seen.append(shutil.which("az"))
            seen.append(os.environ["PATH"])

        def test_two(ml_az):
            assert ml_az("ml schedule list").json() == []
            assert shutil.which("az") != seen[0]

        def test_three():
            assert "mlschedule-az-" not in os.environ["PATH"]
            assert not os.path.exists(seen[0])
        """
    )
    before = os.environ["PATH"]
    project.runpytest_inprocess(*FAST).assert_outcomes(passed=3)
    assert os.environ["PATH"] == before


def test_under_xdist(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    project.makepyfile(
        """
        import subprocess
        import pytest

        @pytest.mark.parametrize("number", range(6))
        def test_deploy(ml_az, ml_workspace, number):
            subprocess.run(["az", "ml", "schedule", "create", "-f", "nightly.yml", "-n", f"s{number}"], check=True)
            assert [schedule.name for schedule in ml_workspace.schedules.list()] == [f"s{number}"]
        """
    )
    result = project.runpytest_subprocess(*FAST, "-n", "2")
    result.assert_outcomes(passed=6)


def test_it_costs_nothing_where_nobody_asks_for_it(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import sys

        def test_nothing():
            assert not [name for name in sys.modules if name.startswith("pytest_mlschedule.az")]
        """
    )
    project.runpytest_subprocess(*FAST).assert_outcomes(passed=1)


def test_the_folder_of_the_program_is_nobody_elses(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import os, shutil

        def test_mode(ml_az):
            program = shutil.which("az")
            assert os.stat(program).st_mode & 0o077 == 0
            assert os.stat(os.path.dirname(program)).st_mode & 0o077 == 0
        """
    )
    project.runpytest_inprocess(*FAST).assert_outcomes(passed=1)
