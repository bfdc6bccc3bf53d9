"""forecast with workers: threads, processes, a Dask cluster. The same counts, whoever makes them."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from forecast_estates import START, build, random_estate

from pytest_mlschedule import Plan, plan_runs
from pytest_mlschedule.planning import forecast_chunks
from pytest_mlschedule.planning.forecasts import Forecast, forecast
from pytest_mlschedule.planning.recorded import RecordedTimes
from pytest_mlschedule.planning.run import ScheduleRuns

END = START + timedelta(days=60)
ZONE = "Europe/Berlin"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_runs(random_estate(5, 60), START, END, created_at=START - timedelta(days=3))


@pytest.fixture
def expected(plan: Plan) -> Forecast:
    """What this process counts."""
    found = forecast(plan, zone=ZONE)
    assert found.runs > 10_000
    return found


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast_chunks, "CHUNK", 7)


class Recorder(Executor):
    """Counts in this process what went through pickle, and keeps what it was given."""

    def __init__(self) -> None:
        self.given: list[bytes] = []
        self.is_open = True

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.given.append(pickle.dumps((fn, args, kwargs)))
        function, arguments, _ = pickle.loads(self.given[-1])
        future: Future[Any] = Future()
        try:
            future.set_result(pickle.loads(pickle.dumps(function(*arguments))))
        except Exception as failure:
            future.set_exception(failure)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001 (the base's signature)
        self.is_open = False


def test_threads(plan: Plan, expected: Forecast) -> None:
    with ThreadPoolExecutor(3) as executor:
        assert forecast(plan, zone=ZONE, executor=executor) == expected
        assert executor.submit(int, "5").result() == 5  # still open


@pytest.mark.parametrize("workers", [1, 2])
def test_processes(plan: Plan, expected: Forecast, workers: int) -> None:
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as executor:
        assert forecast(plan, zone=ZONE, executor=executor) == expected
        assert forecast(Plan.from_dict(plan.to_dict()), zone=ZONE, executor=executor) == expected


# What distributed and its libraries warn of on some Python is theirs to mend.
@pytest.mark.filterwarnings("default")
def test_a_dask_cluster(plan: Plan, expected: Forecast) -> None:
    from dask.distributed import Client, LocalCluster

    machines = LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)
    with machines as cluster, Client(cluster) as client, client.get_executor() as executor:
        assert forecast(plan, zone=ZONE, executor=executor) == expected


@pytest.mark.parametrize("size", [1, 7, 59, 60, 1000])
def test_the_cut_changes_nothing(size: int, plan: Plan, expected: Forecast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast_chunks, "CHUNK", size)
    executor = Recorder()
    assert forecast(plan, zone=ZONE, executor=executor) == expected
    assert len(executor.given) == -(-60 // size)
    assert executor.is_open


def test_what_travels_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither files, nor places, nor what jobs are: a schedule is some hundred bytes, whatever the length of the window."""
    estate = random_estate(9, 2000)
    monkeypatch.setattr(forecast_chunks, "CHUNK", 1000)
    executor = Recorder()
    marked = [schedule.replace(description="secret-" * 100, source="secret.yml") for schedule in estate]
    found = forecast(marked, START, START + timedelta(days=3650), executor=executor)
    assert found.runs > 10_000_000
    assert sum(map(len, executor.given)) / len(estate) < 500
    assert not any(b"secret" in given or b"train" in given for given in executor.given)


def test_no_schedules() -> None:
    executor = Recorder()
    assert forecast([], START, END, executor=executor) == forecast([], START, END)


class BrokenTimes(RecordedTimes):
    """Times that a worker cannot count."""

    def count_between(self, start: int, end: int) -> int:
        raise ZeroDivisionError("this one cannot be counted")


@pytest.mark.parametrize("make", [Recorder, ThreadPoolExecutor])
def test_what_a_worker_raises_is_raised(make: Callable[[], Executor], plan: Plan) -> None:
    part = plan.parts[0]
    broken = ScheduleRuns(part.source, BrokenTimes(()), part.time_zone)
    failing = Plan([*plan.parts[1:], broken], plan.window, created_at=None, tzdata_version=plan.tzdata_version)
    executor = make()
    try:
        with pytest.raises(ZeroDivisionError, match="this one cannot be counted"):
            forecast(failing, executor=executor)
        assert forecast(plan, executor=executor) == forecast(plan)  # it still works
    finally:
        executor.shutdown()


def test_an_executor_that_answers_late_does_not_change_the_order(plan: Plan, expected: Forecast) -> None:
    class Backwards(Recorder):
        """Works on the last chunk first, as a cluster may."""

        def map(self, fn: Callable[..., Any], *iterables: Iterable[Any], **_: Any) -> Iterator[Any]:  # type: ignore[override]
            arguments = list(zip(*iterables, strict=True))
            done = {index: self.submit(fn, *arguments[index]).result() for index in reversed(range(len(arguments)))}
            return (done[index] for index in range(len(arguments)))

    assert forecast(plan, zone=ZONE, executor=Backwards()) == expected


def test_one_schedule_is_one_chunk() -> None:
    executor = Recorder()
    assert forecast(build("a", "*/5 * * * *"), START, END, executor=executor).runs == 60 * 288
    assert len(executor.given) == 1


def test_what_is_no_executor_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^an executor has map, as those of concurrent\.futures; int has not$"):
        forecast([], START, START + timedelta(days=1), executor=3)  # type: ignore[arg-type]
