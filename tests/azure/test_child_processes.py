"""Processes that a test starts while Azure is mocked: scripts that know nothing of us meet the test's own workspaces."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from azure_names import CronTrigger, DefaultAzureCredential, JobSchedule, MLClient

from pytest_mlschedule import FakeWorkspace, Scheduler
from pytest_mlschedule.azure import MockedAzure, child, mock_azure

CHILD_PATH = Path(child.__file__).parent / "child_path"
PROD = {"subscription_id": "11111111-1111-1111-1111-111111111111", "resource_group": "ml-prod", "name": "prod"}
SCRIPT = """\
import sys
import warnings

warnings.simplefilter("ignore")
from azure.ai.ml import MLClient
from azure.ai.ml.entities._load_functions import load_schedule
from azure.identity import DefaultAzureCredential

client = MLClient(DefaultAzureCredential(), "11111111-1111-1111-1111-111111111111", "ml-prod", "prod")
for path in sys.argv[1:]:
    schedule = client.schedules.begin_create_or_update(load_schedule(path)).result()
    print("\\ndeployed", schedule.name)
"""


@pytest.fixture
def prod() -> FakeWorkspace:
    return FakeWorkspace(**PROD)


@pytest.fixture
def azure(prod: FakeWorkspace) -> Iterator[MockedAzure]:
    with mock_azure(prod) as mocked:
        yield mocked


@pytest.fixture
def script(folder: Path) -> Path:
    (folder / "deploy.py").write_text(SCRIPT, encoding="utf-8")
    return folder / "deploy.py"


def run(*command: Any, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)


def test_a_deploy_script_is_served(azure: MockedAzure, prod: FakeWorkspace, script: Path) -> None:
    done = run(sys.executable, script, "nightly.yml")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("deployed nightly\n")
    jobs = Scheduler(prod).run_until(datetime(2026, 1, 2, tzinfo=UTC))
    assert [job.display_name for job in jobs] == ["nightly-20260101T103000Z"]


def test_several_scripts_at_once_and_scripts_of_scripts(azure: MockedAzure, prod: FakeWorkspace, script: Path) -> None:
    for name in ("a", "b"):
        Path(f"{name}.yml").write_text(Path("nightly.yml").read_text().replace("name: nightly", f"name: {name}"))
    # Each has a file of its own to print to: of two that write to one pipe, lines may mix.
    ways = " ".join(f"{sys.executable} deploy.py {name}.yml > {name}.txt &" for name in ("a", "b"))
    Path("all.sh").write_text(f"{ways} wait\ncat a.txt b.txt\n")
    done = run("sh", "all.sh")
    assert sorted(line for line in done.stdout.splitlines() if line.startswith("deployed")) == [
        "deployed a",
        "deployed b",
    ]
    assert [schedule.name for schedule in prod.schedules.list()] == ["a", "b"]


def test_a_script_may_fail_as_it_would(azure: MockedAzure, prod: FakeWorkspace, script: Path) -> None:
    prod.remove_role("Owner", principal="Owner")
    done = run(sys.executable, script, "nightly.yml")
    assert done.returncode == 1
    assert "does not have authorization to perform action" in done.stderr


PROBES = {
    "what is not modelled": (
        "from azure.ai.ml import MLClient\nfrom azure.identity import DefaultAzureCredential\n"
        "MLClient(DefaultAzureCredential(), '11111111-1111-1111-1111-111111111111', 'ml-prod', 'prod').online_endpoints.get('x')",
        "RouteNotModelledError: GET /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/ml-prod",
    ),
    "another host": (
        "import requests\nrequests.get('https://example.com')",
        "NetworkRefusedError: a connection to example.com was refused: while Azure is mocked nothing leaves this machine; ",
    ),
    "a socket": (
        "import socket\nsocket.create_connection(('example.com', 443), 30)",
        "NetworkRefusedError: a connection to example.com was refused",
    ),
    "a socket, by address": (
        "import socket\nsocket.create_connection(('192.0.2.1', 443), 30)",
        "NetworkRefusedError: a connection to 192.0.2.1 was refused",
    ),
    "a socket once requests is there": (
        "import requests, socket\nsocket.create_connection(('example.com', 443), 30)",
        "NetworkRefusedError: a connection to example.com was refused",
    ),
    "a socket without the variable": (
        "import os\nos.environ.clear()\nimport socket\nsocket.create_connection(('192.0.2.1', 443), 30)",
        "NetworkRefusedError: a connection to 192.0.2.1 was refused",
    ),
    "urllib": (
        "import urllib.request\nurllib.request.urlopen('https://example.com', timeout=30)",
        "NetworkRefusedError: a connection to example.com was refused",
    ),
}


@pytest.mark.parametrize("name", PROBES)
def test_a_script_is_refused_what_the_test_is(azure: MockedAzure, folder: Path, name: str) -> None:
    code, message = PROBES[name]
    done = run(sys.executable, "-W", "ignore", "-c", code)
    assert done.returncode == 1
    assert message in done.stderr


def test_a_script_waits_for_nothing(azure: MockedAzure) -> None:
    code = "from azure.core.pipeline.transport import RequestsTransport; RequestsTransport().sleep(3600); print('done')"
    assert run(sys.executable, "-W", "ignore", "-c", code, timeout=300).stdout == "done\n"


def test_allowed_hosts_are_allowed_in_later_processes(azure: MockedAzure) -> None:
    code = (
        "import requests.adapters, socket\ntry: socket.getaddrinfo('name.invalid', 1)\nexcept OSError: print('asked')"
    )
    azure.allow_host("name.invalid")
    assert run(sys.executable, "-c", code).stdout == "asked\n"


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Coverage, which imports socket before anything else, does not start in processes."""
    for name in ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("unmeasured")
def test_a_process_that_needs_no_network_pays_nothing(azure: MockedAzure) -> None:
    code = "import sys; print(sorted(name for name in sys.modules if name.startswith(('pytest_mlschedule', 'requests', 'azure'))))"
    assert run(sys.executable, "-c", code).stdout == "[]\n"


@pytest.mark.usefixtures("unmeasured")
def test_a_process_that_needs_no_azure_loads_the_standard_library_alone(azure: MockedAzure) -> None:
    names = "{name.partition('.')[0] for name in sys.modules}"
    code = f"import sys; before = {names}; import socket; print(sorted({names} - before - sys.stdlib_module_names))"
    assert run(sys.executable, "-c", code).stdout == "['pytest_mlschedule']\n"


@pytest.mark.usefixtures("unmeasured")
def test_a_socket_that_was_there_before_us_is_guarded(azure: MockedAzure, tmp_path: Path) -> None:
    """As where a .pth file imports it."""
    start = (
        "import runpy, socket, sys\n"
        f"runpy.run_path({str(CHILD_PATH / 'sitecustomize.py')!r})\n"
        "socket.create_connection(('192.0.2.1', 443), 30)"
    )
    done = run(sys.executable, "-S", "-c", start, cwd=Path(__file__).parents[2])
    assert "NetworkRefusedError: a connection to 192.0.2.1 was refused" in done.stderr


def test_a_process_is_refused_but_reaches_this_machine(azure: MockedAzure) -> None:
    code = (
        "import socket\nwith socket.create_server(('127.0.0.1', 0)) as server:\n"
        "    socket.create_connection(server.getsockname(), 30).close()\nprint('reached')"
    )
    assert run(sys.executable, "-W", "error", "-c", code).stdout == "reached\n"


def test_a_sitecustomize_of_the_project_runs_too(
    azure: MockedAzure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import builtins; builtins.customized = 7")
    monkeypatch.setenv("PYTHONPATH", f"{os.environ['PYTHONPATH']}{os.pathsep}{tmp_path}")
    assert run(sys.executable, "-c", "print(customized)").stdout == "7\n"


def test_a_python_without_our_package_is_served(
    azure: MockedAzure, prod: FakeWorkspace, folder: Path, script: Path
) -> None:
    """As where a deploy script has an environment of its own: the package is found, although it is not installed there."""
    hide = (
        "import sys, importlib.machinery as m\nfind = m.PathFinder.find_spec\n"
        "m.PathFinder.find_spec = classmethod(lambda cls, name, path=None, target=None:\n"
        "    None if name == 'pytest_mlschedule' else find(name, path, target))\n"
        "sys.meta_path[:] = [finder for finder in sys.meta_path if '__editable__' not in repr(finder)]\n"
    )
    Path("hidden.py").write_text(hide + SCRIPT)
    done = run(sys.executable, "hidden.py", "nightly.yml")
    assert done.stdout.endswith("deployed nightly\n"), done.stderr


def _deploy_in_child() -> None:
    client = MLClient(DefaultAzureCredential(), PROD["subscription_id"], PROD["resource_group"], PROD["name"])
    trigger = CronTrigger(expression="0 2 * * *", time_zone="UTC")
    client.schedules.begin_create_or_update(JobSchedule(name="n", trigger=trigger, create_job="azureml:train")).result()


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_processes_of_multiprocessing_are_served(azure: MockedAzure, prod: FakeWorkspace, method: str) -> None:
    process = multiprocessing.get_context(method).Process(target=_deploy_in_child)
    process.start()
    process.join()
    assert process.exitcode == 0
    assert [schedule.name for schedule in prod.schedules.list()] == ["n"]


def test_processes_started_later_are_left_alone(prod: FakeWorkspace, script: Path) -> None:
    with mock_azure(prod):
        pass
    assert "MLSCHEDULE_AZURE" not in os.environ
    code = "import requests.adapters; print(requests.adapters.HTTPAdapter.send.__module__)"
    assert run(sys.executable, "-c", code).stdout == "requests.adapters\n"
