"""The fixtures ``ml_client`` and ``ml_azure``, in small projects where warnings are errors."""

from __future__ import annotations

import sys
from pathlib import Path

import azure_names  # noqa: F401  imported here once: pytester forgets what an inner session imports
import pytest
import werkzeug.serving  # noqa: F401

import pytest_mlschedule.arm.application
import pytest_mlschedule.azure.login
import pytest_mlschedule.azure.transport
import pytest_mlschedule.plugin.azure_fixtures  # noqa: F401

INI = """
[pytest]
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""
NIGHTLY = """
name: nightly
trigger: {type: cron, expression: "30 2 * * *", time_zone: Pacific Standard Time, start_time: "2026-01-01T00:00:00"}
create_job: azureml:train
"""
DEPLOY = """
from azure.ai.ml import MLClient
from azure.ai.ml.entities._load_functions import load_schedule
from azure.identity import DefaultAzureCredential


def connect(subscription="00000000-0000-0000-0000-000000000000", group="fake-resource-group", name="fake-workspace"):
    return MLClient(DefaultAzureCredential(), subscription, group, name)


def deploy(client=None):
    return (client or connect()).schedules.begin_create_or_update(load_schedule("nightly.yml")).result()
"""


@pytest.fixture(autouse=True)
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    (pytester.path / "pytest.ini").write_text(INI)
    (pytester.path / "nightly.yml").write_text(NIGHTLY)
    pytester.makepyfile(deploy=DEPLOY)
    return pytester


def run(project: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    project.makepyfile(test_it=source)
    return project.runpytest_inprocess("-p", "no:randomly", "-p", "no:hypothesispytest", *options)


def test_ml_client_deploys_and_time_passes(project: pytest.Pytester) -> None:
    source = """
    from datetime import UTC, datetime
    from deploy import deploy

    def test_story(ml_client, ml_scheduler):
        deploy(ml_client)
        ml_scheduler.run_until(datetime(2026, 1, 3, tzinfo=UTC))
        assert [job.display_name for job in ml_client.jobs.list()] == [
            "nightly-20260101T103000Z", "nightly-20260102T103000Z"]

    def test_now_is_the_simulated_one(ml_clock, ml_client, ml_workspace):
        deploy(ml_client)
        ml_clock.move_to(datetime(2027, 5, 6, 7, 8, tzinfo=UTC))
        ml_client.schedules.trigger("nightly")
        (job,) = ml_workspace.schedules.jobs("nightly")
        assert job.display_name == "nightly-20270506T070800Z"

    def test_every_test_has_its_own(ml_client):
        assert list(ml_client.schedules.list()) == []
    """
    run(project, source).assert_outcomes(passed=3)


def test_ml_azure_meets_code_that_builds_its_own_client(project: pytest.Pytester) -> None:
    source = """
    import subprocess, sys
    from datetime import UTC, datetime
    from pytest_mlschedule import FakeWorkspace
    from deploy import connect, deploy

    def test_story(ml_azure, ml_workspace, ml_scheduler):
        deploy()
        (job,) = ml_scheduler.run_until(datetime(2026, 1, 2, tzinfo=UTC))
        assert connect().jobs.get(job.name).display_name == "nightly-20260101T103000Z"

    def test_more_workspaces(ml_azure, ml_clock):
        other = FakeWorkspace(clock=ml_clock, name="other", resource_group="g", subscription_id="s")
        ml_azure.add(other)
        deploy(connect("s", "g", "other"))
        assert [found.name for found in other.schedules.list()] == ["nightly"]

    def test_both_see_the_same(ml_client, ml_azure):
        deploy()
        assert ml_client.schedules.get("nightly").name == "nightly"
    """
    run(project, source).assert_outcomes(passed=3)


def test_the_role_of_the_marker_is_that_of_the_client(project: pytest.Pytester) -> None:
    source = """
    import pytest
    from deploy import deploy

    pytestmark = pytest.mark.mlschedule(role="Reader")

    def test_client(ml_client):
        assert list(ml_client.schedules.list()) == []
        with pytest.raises(Exception, match="'Reader'.*schedules/write"):
            deploy(ml_client)

    def test_azure(ml_azure):
        with pytest.raises(Exception, match="'Reader'.*schedules/write"):
            deploy()
    """
    run(project, source).assert_outcomes(passed=2)


def test_a_workspace_of_the_project_is_met(project: pytest.Pytester) -> None:
    """As the docs say it: a project gives ``ml_workspace`` the names that its code uses."""
    source = """
    import pytest
    from pytest_mlschedule import FakeWorkspace
    from deploy import connect, deploy

    @pytest.fixture
    def ml_workspace(ml_clock):
        return FakeWorkspace(clock=ml_clock, name="prod", resource_group="ml", subscription_id="1-2-3")

    def test_it(ml_azure, ml_client):
        deploy(connect("1-2-3", "ml", "prod"))
        assert ml_client.workspace_name == "prod"
        assert [found.name for found in ml_client.schedules.list()] == ["nightly"]
    """
    run(project, source).assert_outcomes(passed=1)


def test_they_work_in_workers(project: pytest.Pytester) -> None:
    source = """
    import pytest, socket
    from deploy import deploy
    from pytest_mlschedule.azure import NetworkRefusedError

    @pytest.mark.parametrize("number", range(4))
    def test_it(ml_azure, ml_workspace, number):
        deploy()
        assert len(ml_workspace.schedules.list()) == 1
        with pytest.raises(NetworkRefusedError):
            socket.create_connection(("example.com", 443))
    """
    project.makeconftest(
        "import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n    import azure.ai.ml.entities\n"
    )
    project.makepyfile(test_it=source)
    result = project.runpytest_subprocess("-p", "xdist", "-n", "2", "-p", "no:randomly")
    result.assert_outcomes(passed=4)


HIDE = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hidden())
"""


@pytest.mark.parametrize("hidden", [("azure",), ("werkzeug",)], ids=" ".join)
def test_without_the_extra_they_are_skipped_with_the_line_to_install(
    project: pytest.Pytester, hidden: tuple[str, ...]
) -> None:
    project.makeconftest(HIDE.format(names=hidden))
    project.makepyfile(
        test_it="""
    def test_client(ml_client): pass
    def test_azure(ml_azure): pass
    def test_again(ml_client): pass
    """
    )
    result = project.runpytest_subprocess("-rs", "-p", "no:randomly", "-p", "no:xdist")
    result.assert_outcomes(skipped=3)
    result.stdout.fnmatch_lines(['*pip install "pytest-mlschedule?azure?"'])


@pytest.mark.parametrize("call", ["make_client()", "mock_azure().__enter__()"])
def test_without_the_extra_functions_raise_the_line_to_install(tmp_path: Path, call: str) -> None:
    import subprocess

    code = f"{HIDE.format(names=('azure',))}\nfrom pytest_mlschedule.azure import make_client, mock_azure\n{call}\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    last = done.stderr.rstrip().splitlines()[-1]
    assert last.startswith("pytest_mlschedule.azure.errors.AzureMissingError: this needs azure-ai-ml")
    assert last.endswith('pip install "pytest-mlschedule[azure]"')


def test_importing_the_package_imports_nothing_of_azure() -> None:
    import subprocess

    code = "import sys, pytest_mlschedule.azure as it; print(sorted({n.partition('.')[0] for n in sys.modules} & {'azure', 'requests', 'werkzeug', 'urllib3', 'pydantic'}), it.make_client)"
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert shown.startswith("[] <function make_client")
