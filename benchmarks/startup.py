"""What an installed plugin costs everybody. ``python benchmarks/startup.py`` prints a Markdown table; a report, not a test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

HEAVY = ("pydantic", "yaml", "croniter", "freezegun", "jmespath", "azure", "rich", "click", "pytest_mlschedule.api")
SCHEDULE = (
    "name: nightly\n"
    "trigger: {type: cron, expression: '0 3 * * *', start_time: '2026-01-01T00:00:00'}\n"
    "create_job: azureml:train\n"
)
FIRST_USE = "def test_first(ml_scheduler):\n    assert ml_scheduler\n"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python with our plugin alone, and with its bytecode cached as on anybody's machine."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)


PYTEST = ("-m", "pytest", "-q", "-p", "pytest_mlschedule.plugin")


def modules_after_collection(folder: Path) -> list[str]:
    """Which of the heavy modules are loaded after pytest collected a project that does not use us."""
    (folder / "test_other.py").write_text("def test_nothing():\n    pass\n")
    (folder / "conftest.py").write_text(
        "import sys\n\ndef pytest_unconfigure():\n"
        f"    print('LOADED', *[name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    (line,) = re.findall(r"LOADED(.*)", run(folder, *PYTEST, "--collect-only", "test_other.py").stdout)
    return line.split()


def plugin_import(folder: Path) -> float:
    """Milliseconds of our modules in ``-X importtime``, pytest loaded before, as when it loads plugins; the median of nine.

    Not from a session: importtime does not list what importlib.import_module loads, and pytest loads plugins with it.
    """

    def once() -> float:
        output = run(folder, "-X", "importtime", "-c", "import pytest, tzdata; import pytest_mlschedule.plugin").stderr
        times = re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(?:pytest_mlschedule|tzdata)\b", output)
        assert len(times) > 2, "importtime shows none of our modules"
        return sum(map(int, times)) / 1000

    return median([once() for _ in range(10)][1:])


def first_use(folder: Path) -> float:
    """Milliseconds that a first test with ``ml_scheduler`` takes, by the setup time that pytest reports."""
    (folder / "test_first.py").write_text(FIRST_USE)

    def once() -> float:
        output = run(folder, *PYTEST, "--durations=0", "-vv", "test_first.py").stdout
        return float(re.findall(r"([\d.]+)s setup", output)[0]) * 1000

    return median([once() for _ in range(6)][1:])


def cold_next(folder: Path) -> float:
    """Milliseconds of ``mlschedule next one.yml`` from a cold shell."""
    (folder / "one.yml").write_text(SCHEDULE)

    def once() -> float:
        started = perf_counter()
        run(folder, "-m", "pytest_mlschedule.cli", "next", "one.yml", "--now", "2026-01-01T00:00Z")
        return (perf_counter() - started) * 1000

    return median([once() for _ in range(6)][1:])


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        loaded = modules_after_collection(folder)
        rows = [
            ("modules loaded because of us in a project that does not use us", ", ".join(loaded) or "none", "none"),
            ("import of all our modules that pytest loads", f"{plugin_import(folder):.2f} ms", "≤ 1 ms"),
            ("first use of `ml_scheduler` in a session", f"{first_use(folder):.0f} ms", "≤ 320 ms"),
            ("`mlschedule next one.yml` from a cold shell", f"{cold_next(folder):.0f} ms", "≤ 400 ms"),
        ]
    print("| what | measured | goal |\n| --- | --- | --- |")
    for what, figure, goal in rows:
        print(f"| {what} | {figure} | {goal} |")


if __name__ == "__main__":
    main()
