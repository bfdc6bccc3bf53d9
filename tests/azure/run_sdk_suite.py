"""azure-ai-ml's own end-to-end tests of schedules against ``make_client``: all pass, and notice every wrong service.

``python tests/azure/run_sdk_suite.py``: the tests come from the source distribution of the installed version, fetched by
pip into a folder of this machine's temporary files, and are never stored in the repository. Exit code 1 says that a test
failed, or that a wrong service went unnoticed, or that the source distribution cannot be had, and prints why.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
SUITE = HERE / "sdk_suite"
EXPECTED = 11
LEAST_WRONG = 10
TESTS = (
    "schedule/__init__.py",
    "schedule/_util.py",
    "schedule/e2etests/__init__.py",
    "schedule/e2etests/test_schedule.py",
    "test_schedule_gaps.py",
)
RESULTS = "MLSCHEDULE_SUITE_RESULTS"
SERVICES = "MLSCHEDULE_SUITE_SERVICES"


def fetch_tests(folder: Path) -> None:
    """Put the client's tests into a folder. Raises SystemExit with what pip says where they cannot be had."""
    release = version("azure-ai-ml")
    cache = (
        Path(tempfile.gettempdir()) / f"mlschedule-sdk-suite-{os.getuid() if hasattr(os, 'getuid') else 0}" / release
    )
    archive = next(cache.glob("*.tar.gz"), None)
    if archive is None:
        print(f"fetching the source distribution of azure-ai-ml {release}", flush=True)
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", "azure-ai-ml"]
        done = subprocess.run(
            [*command, "-d", str(cache), f"azure-ai-ml=={release}"], capture_output=True, text=True, check=False
        )
        archive = next(cache.glob("*.tar.gz"), None)
        if done.returncode or archive is None:
            raise SystemExit(f"the source distribution of azure-ai-ml {release} cannot be had:\n{done.stderr}")
    with tarfile.open(archive) as opened:
        root = opened.getnames()[0].split("/")[0]
        for name in TESTS:
            try:
                content = opened.extractfile(f"{root}/tests/{name}")
            except KeyError:
                raise SystemExit(f"the source distribution of azure-ai-ml {release} has no tests/{name}") from None
            assert content is not None
            target = folder / "tests" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())
    shutil.copytree(SUITE / "test_configs", folder / "tests" / "test_configs")


def run_tests(folder: Path, services: str, *options: str) -> tuple[dict[str, dict[str, str]], str]:
    """Run the tests against the faithful service or the wrong ones: the outcome of each test by service, and the output."""
    results = folder / "results.json"
    path = os.pathsep.join([str(SUITE), str(HERE.parents[1])])
    settings = {"PYTHONPATH": path, "PYTHONWARNINGS": "ignore", RESULTS: str(results), SERVICES: services}
    (folder / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n", encoding="utf-8")
    switched_off = [f"-pno:{name}" for name in ("randomly", "cacheprovider", "logging", "xdist")]
    tests = [f"tests/{name}" for name in TESTS if Path(name).name.startswith("test_")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "suite_plugin", *switched_off, *options, *tests],
        cwd=folder,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    if not results.exists():
        raise SystemExit(f"the tests did not run:\n{done.stdout}\n{done.stderr}")
    outcomes: dict[str, dict[str, str]] = json.loads(results.read_text(encoding="utf-8"))
    return outcomes, done.stdout


def report(passing: set[str], wrong: dict[str, dict[str, str]]) -> bool:
    """Print which tests notice each wrong service; whether all were noticed."""
    unnoticed = 0
    for name, outcomes in wrong.items():
        noticing = sorted(test for test in passing if outcomes.get(test) == "failed")
        unnoticed += not noticing
        print(f"a service that {name}: {len(noticing)} fail: {', '.join(noticing) or 'NOT NOTICED'}")
    print(f"{len(wrong) - unnoticed} of {len(wrong)} wrong services noticed")
    return unnoticed == 0 and len(wrong) >= LEAST_WRONG


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fetch_tests(folder)
        faithful, output = run_tests(folder, "faithful", "--tb=short")
        passing = {test for test, outcome in faithful["faithful"].items() if outcome == "passed"}
        if len(passing) != EXPECTED or len(faithful["faithful"]) != EXPECTED:
            print(output)
        print(f"the client's own tests against make_client: {len(passing)} of {EXPECTED} passed")
        wrong, _ = run_tests(folder, "wrong", "--tb=no")
        return 0 if report(passing, wrong) and len(passing) == EXPECTED == len(faithful["faithful"]) else 1


if __name__ == "__main__":
    sys.exit(main())
