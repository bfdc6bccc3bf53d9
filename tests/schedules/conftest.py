"""What the tests of schedules share."""

from __future__ import annotations

from pathlib import Path

import pytest
from schedule_texts import JOB


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "job.yml").write_text(JOB)
    return tmp_path
