"""The script that runs the client's own tests: it fails, and says why, where they cannot be had. CI runs it as a step."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent / "run_sdk_suite.py"


def test_it_fails_where_the_tests_cannot_be_fetched(tmp_path: Path) -> None:
    environment = os.environ | {"PIP_NO_INDEX": "1", "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}
    done = subprocess.run([sys.executable, SCRIPT], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the source distribution of azure-ai-ml" in done.stderr
    assert "cannot be had" in done.stderr


def test_it_is_a_step_of_ci() -> None:
    steps = (Path(__file__).parents[2] / ".ci" / "run").read_text(encoding="utf-8")
    assert "tests/azure/run_sdk_suite.py" in steps
