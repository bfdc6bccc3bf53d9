"""The real client on a fake workspace in figures. ``python benchmarks/client.py`` prints a Markdown table; a report, not a test.

The share of the fake is the time below requests: the transport's adapter and the REST face. The rest is azure-ai-ml's own.
"""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter

from pytest_mlschedule import FakeWorkspace
from pytest_mlschedule.azure import import_client, make_client, mock_azure
from pytest_mlschedule.azure.wsgi_adapter import WsgiAdapter

PIPELINE = """\
type: pipeline
compute: azureml:cpu-cluster
inputs: {day: "${{creation_context.trigger_time}}"}
jobs:
  score:
    command: echo ${{inputs.day}}
    environment: azureml:score-env:1
    inputs: {day: "${{parent.inputs.day}}"}
"""
_below: list[float] = []


def watch_adapter() -> None:
    """Note the seconds that are spent below requests."""
    send = WsgiAdapter.send

    def watched(*args: object, **options: object) -> object:
        started = perf_counter()
        try:
            return send(*args, **options)  # type: ignore[arg-type]
        finally:
            _below.append(perf_counter() - started)

    setattr(WsgiAdapter, "send", watched)  # noqa: B010


def timed(action: Callable[[], object], times: int) -> tuple[float, float, float]:
    """Milliseconds of one call, of them below requests, and how many requests it makes; medians."""
    whole, below, requests = [], [], []
    for _ in range(times):
        _below.clear()
        started = perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            action()
        whole.append(perf_counter() - started)
        below.append(sum(_below))
        requests.append(len(_below))
    return median(whole) * 1000, median(below) * 1000, median(requests)


def import_seconds() -> float:
    """Seconds of importing azure-ai-ml in a process of its own."""
    code = (
        "from time import perf_counter; start = perf_counter(); from pytest_mlschedule.azure import import_client; "
        "import_client(); print(perf_counter() - start)"
    )
    shown = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(3)]
    return median(float(done.stdout) for done in shown)


def main() -> None:
    import_client()
    from azure.ai.ml import load_job
    from azure.ai.ml.entities import CronTrigger, JobSchedule

    watch_adapter()
    workspace = FakeWorkspace()
    client = make_client(workspace)
    trigger = CronTrigger(expression="0 2 * * *", time_zone="UTC")
    numbers = count(1)

    def put(job: object) -> None:
        schedule = JobSchedule(name=f"s{next(numbers)}", trigger=trigger, create_job=job)  # type: ignore[arg-type]
        client.schedules.begin_create_or_update(schedule).result()

    def mock() -> None:
        with mock_azure(workspace):
            pass

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pipeline.yml"
        path.write_text(PIPELINE, encoding="utf-8")
        rows: dict[str, tuple[Callable[[], object], int]] = {
            "`make_client(workspace)`": (lambda: make_client(workspace), 20),
            "`mock_azure(workspace)`, begin and end": (mock, 20),
            "`begin_create_or_update(...).result()` by reference": (lambda: put("azureml:train"), 200),
            "`begin_create_or_update(...).result()` of an inline pipeline": (lambda: put(load_job(path)), 30),
            "`schedules.get`": (lambda: client.schedules.get("s1"), 200),
            "`begin_disable(...).result()`": (lambda: client.schedules.begin_disable("s1").result(), 100),
            "`schedules.trigger`": (lambda: client.schedules.trigger("s2", schedule_time="2026-03-02T00:00:00"), 200),
            "`schedules.list()` of 232": (lambda: list(client.schedules.list(list_view_type="All")), 5),
            "`jobs.list()` of 201": (lambda: list(client.jobs.list()), 5),
        }
        print("| what | ms | of them the fake | requests |")
        print("| --- | --- | --- | --- |")
        print(f"| `import_client()`, once a session | {import_seconds() * 1000:.0f} | - | - |")
        for name, (action, times) in rows.items():
            timed(action, 1)
            whole, below, requests = timed(action, times)
            print(f"| {name} | {whole:.1f} | {below:.2f} | {requests:.0f} |")


if __name__ == "__main__":
    main()
