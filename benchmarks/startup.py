"""What an installed plugin costs everybody. ``python benchmarks/startup.py`` prints a Markdown table; a report, not a test."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

HEAVY = ("pydantic", "yaml", "croniter", "freezegun", "jmespath", "azure", "rich", "click", "pytest_mlschedule.api")
SCHEDULE = "name: nightly\ntrigger: {type: cron, expression: '0 3 * * *', start_time: '2026-01-01T00:00:00'}\ncreate_job: azureml:train\n"
FIRST_USE = "def test_first(ml_scheduler):\n    assert ml_scheduler\n"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=True)


def modules_after_collection(folder: Path) -> list[str]:
    """Which of the heavy modules are loaded after pytest collected a project that does not use us."""
    (folder / "test_other.py").write_text("def test_nothing():\n    pass\n")
    (folder / "conftest.py").write_text(
        "import sys\n\ndef pytest_unconfigure():\n"
        f"    print('LOADED', *[name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    plugin = ("-p", "no:hypothesispytest", "-p", "no:randomly", "-p", "no:asyncio", "-p", "no:xdist", "-p", "no:time_machine")
    output = run(folder, "-m", "pytest", "--collect-only", "-q", *plugin, "test_other.py").stdout
    (line,) = re.findall(r"LOADED(.*)", output)
    return line.split()


def plugin_import(folder: Path) -> float:
    """Milliseconds that our modules take in ``-X importtime`` of a collection, the median of nine."""
    def once() -> float:
        output = run(folder, "-X", "importtime", "-m", "pytest", "--collect-only", "-q", "test_other.py").stderr
        return sum(int(own) for own in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+pytest_mlschedule", output)) / 1000

    return median(once() for _ in range(9))


def first_use(folder: Path) -> float:
    """Milliseconds that a first test with ``ml_scheduler`` takes, by the setup time that pytest reports."""
    (folder / "test_first.py").write_text(FIRST_USE)

    def once() -> float:
        output = run(folder, "-m", "pytest", "-q", "--durations=0", "-vv", "test_first.py").stdout
        return float(re.findall(r"([\d.]+)s setup", output)[0]) * 1000

    return median(once() for _ in range(5))


def cold_next(folder: Path) -> float:
    """Milliseconds of ``mlschedule next one.yml`` from a cold shell."""
    (folder / "one.yml").write_text(SCHEDULE)

    def once() -> float:
        started = perf_counter()
        run(folder, "-m", "pytest_mlschedule.cli", "next", "one.yml", "--now", "2026-01-01T00:00Z")
        return (perf_counter() - started) * 1000

    return median(once() for _ in range(5))


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
