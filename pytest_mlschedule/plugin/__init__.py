"""The pytest plugin ``mlschedule``: fixtures, marker, options, explained failures.

pytest imports this module in every project that has the package installed. It loads nothing but pytest, and the rest of
the plugin and the engine only once a test asks for one of the fixtures or an option or ini value is given.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from azure.ai.ml import MLClient

    from pytest_mlschedule.arm.cloud import Cloud
    from pytest_mlschedule.arm.faults import Faults
    from pytest_mlschedule.az.az import Az
    from pytest_mlschedule.azure import MockedAzure
    from pytest_mlschedule.clock import SimulatedClock
    from pytest_mlschedule.plugin.schedule_cases import ScheduleCase
    from pytest_mlschedule.scheduler import Scheduler
    from pytest_mlschedule.schedules.models import JobSchedule
    from pytest_mlschedule.workspace.workspace import FakeWorkspace

_SETTINGS = {
    "now": ("TIME", "where ml_clock starts, for example 2026-03-08T02:30 (UTC) or 2026-03-08T02:30-08:00"),
    "role": ("ROLE", "as whom ml_workspace is used, for example 'AzureML Data Scientist'"),
    "profile": ("FIELDS", "how the service behaves where Azure ML does not say, for example 'gap=skip fold=both'"),
}
_LOCK_HELP = "collect this lock file (mlschedule lock): schedules behave as it says, a test for each"
_MARKER_HELP = (
    "mlschedule(now=, role=, profile=): where ml_clock starts (text like '2026-03-08T02:30', which is UTC, or an aware "
    "datetime), as whom ml_workspace is used, how the service behaves where Azure ML does not say."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("mlschedule", "Azure Machine Learning job schedules")
    for name, (metavar, text) in _SETTINGS.items():
        group.addoption(f"--mlschedule-{name}", metavar=metavar, default=None, help=text)
        parser.addini(f"mlschedule_{name}", f"{text}; option --mlschedule-{name} goes first", default="")
    group.addoption(
        "--mlschedule",
        action="store_true",
        dest="mlschedule_collect",
        help="collect schedule files as tests: they load, pass the rules, and meet what NAME.expect.yml expects",
    )
    parser.addini("mlschedule", "collect schedule files as tests, as --mlschedule does", type="bool", default=False)
    group.addoption("--mlschedule-lock", metavar="FILE", default=None, help=_LOCK_HELP)
    parser.addini("mlschedule_lock", f"{_LOCK_HELP}; option --mlschedule-lock goes first", default="")
    group.addoption("--mlschedule-summary", action="store_true", help="say at the end which schedules ran how often")
    parser.addini(
        "mlschedule_paths",
        "schedule files and directories, relative to the root directory: ml_schedule is one test case for each",
        type="args",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER_HELP)
    names = [f"mlschedule_{name}" for name in _SETTINGS]
    if any(config.getoption(name) is not None or config.getini(name) for name in names):
        from pytest_mlschedule.plugin.settings import check_config

        check_config(config)
    if any(config.getoption(f"mlschedule_{name}") for name in ("collect", "lock")) or any(
        config.getini(name) for name in ("mlschedule", "mlschedule_lock")
    ):
        from pytest_mlschedule.plugin.collection_start import start_collection

        start_collection(config)
    if config.getoption("mlschedule_summary"):
        from pytest_mlschedule.plugin.summary import Summary

        config.pluginmanager.register(Summary(config), "mlschedule-summary")


def pytest_report_header(config: pytest.Config) -> str:
    from importlib.metadata import version

    import tzdata  # type: ignore[import-untyped]

    us = sys.modules[__name__]
    known = (dist.version for plugin, dist in config.pluginmanager.list_plugin_distinfo() if plugin is us)
    return f"mlschedule: {next(known, None) or version('pytest-mlschedule')}, tzdata {tzdata.IANA_VERSION}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "_ml_schedule_case" in metafunc.fixturenames:
        from pytest_mlschedule.plugin.schedule_cases import find_cases

        cases = find_cases(metafunc)
        metafunc.parametrize("_ml_schedule_case", cases, ids=[case.id for case in cases], indirect=True)


def pytest_assertrepr_compare(config: pytest.Config, op: str, left: object, right: object) -> list[str] | None:
    if op != "==" or "pytest_mlschedule.planning" not in sys.modules:
        return None
    from pytest_mlschedule.plugin.explanation import explain_equality

    return explain_equality(left, right, verbosity=config.get_verbosity(pytest.Config.VERBOSITY_ASSERTIONS))


@pytest.fixture
def ml_clock(request: pytest.FixtureRequest) -> Iterator[SimulatedClock]:
    """A SimulatedClock that ``datetime.now()`` and ``time.time()`` of the code under test follow.

    Starts at the marker's ``now=``, else ``--mlschedule-now``, else ini ``mlschedule_now``, else 2026-01-01T00:00Z.
    """
    __tracebackhide__ = True
    from pytest_mlschedule.clock import SimulatedClock
    from pytest_mlschedule.plugin.freezing import follow_clock
    from pytest_mlschedule.plugin.settings import settings_of

    clock = SimulatedClock(settings_of(request.node).now)
    with follow_clock(clock, request):
        yield clock


@pytest.fixture
def ml_workspace(request: pytest.FixtureRequest, ml_clock: SimulatedClock) -> Iterator[FakeWorkspace]:
    """An empty FakeWorkspace on ``ml_clock``, used with the marker's ``role=`` and ``profile=`` (or option, or ini)."""
    __tracebackhide__ = True
    from pytest_mlschedule.plugin.settings import settings_of
    from pytest_mlschedule.plugin.summary import count_jobs
    from pytest_mlschedule.workspace.workspace import FakeWorkspace

    settings = settings_of(request.node)
    workspace = FakeWorkspace(clock=ml_clock, profile=settings.profile)
    yield workspace if settings.role is None else workspace.as_role(settings.role)
    count_jobs(request.config, workspace)


@pytest.fixture
def ml_scheduler(ml_workspace: FakeWorkspace) -> Scheduler:
    """A Scheduler on ``ml_workspace`` and ``ml_clock``: ``run_until`` and ``advance`` let the time pass."""
    from pytest_mlschedule.scheduler import Scheduler

    return Scheduler(ml_workspace)


@pytest.fixture(scope="session")
def _ml_azure_library() -> None:
    """azure-ai-ml, imported before the clock of any test is frozen; without it a test that needs it is skipped."""
    __tracebackhide__ = True
    from pytest_mlschedule.plugin.azure_fixtures import import_client_or_skip

    import_client_or_skip()


@pytest.fixture
def _ml_cloud(ml_workspace: FakeWorkspace) -> Cloud:
    """The REST face's cloud of ``ml_workspace``, the same for all fixtures of a test."""
    __tracebackhide__ = True
    from pytest_mlschedule.plugin.azure_fixtures import open_cloud_or_skip

    return open_cloud_or_skip(ml_workspace)


@pytest.fixture
def ml_client(_ml_azure_library: None, ml_workspace: FakeWorkspace, _ml_cloud: Cloud) -> Iterator[MLClient]:
    """The real ``azure.ai.ml.MLClient``, wired to ``ml_workspace``; the test is skipped without azure-ai-ml."""
    from pytest_mlschedule.plugin.azure_fixtures import open_client

    with open_client(ml_workspace, _ml_cloud) as client:
        yield client


@pytest.fixture
def ml_azure(_ml_azure_library: None, ml_workspace: FakeWorkspace, _ml_cloud: Cloud) -> Iterator[MockedAzure]:
    """Code that builds its own MLClient, logs in by itself, or runs in a process of its own, meets ``ml_workspace``.

    ``ml_azure.add(workspace)`` makes more workspaces known. The test is skipped without azure-ai-ml.
    """
    from pytest_mlschedule.plugin.azure_fixtures import open_azure

    with open_azure(ml_workspace, _ml_cloud) as mocked:
        yield mocked


@pytest.fixture
def ml_faults(request: pytest.FixtureRequest, _ml_cloud: Cloud) -> Iterator[Faults]:
    """Faults of what ``ml_client`` and ``ml_azure`` talk to: throttling, timeouts, denials. Unused ones fail the test."""
    __tracebackhide__ = True
    from pytest_mlschedule.plugin.faults_fixtures import watch_faults

    with watch_faults(_ml_cloud, request) as faults:
        yield faults


@pytest.fixture
def ml_az(ml_workspace: FakeWorkspace) -> Iterator[Az]:
    """An ``az`` on PATH for deploy scripts, and a callable: both work on ``ml_workspace``, as the role of the test."""
    from pytest_mlschedule.plugin.az_fixtures import open_az

    with open_az(ml_workspace) as az:
        yield az


@pytest.fixture
def _ml_schedule_case(request: pytest.FixtureRequest) -> ScheduleCase:
    case: ScheduleCase = request.param
    return case


@pytest.fixture
def ml_schedule(request: pytest.FixtureRequest, _ml_schedule_case: ScheduleCase) -> JobSchedule:
    """One schedule at a time: a test case for each under ini ``mlschedule_paths``; its id is the path of the file."""
    __tracebackhide__ = True
    from pytest_mlschedule.plugin.settings import settings_of
    from pytest_mlschedule.plugin.summary import count_schedule

    settings_of(request.node)  # a marker that cannot be used fails here, not later or never
    schedule = _ml_schedule_case.schedule_or_fail()
    count_schedule(request.config, schedule.name)
    return schedule
