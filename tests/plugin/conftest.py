"""Small projects that use the plugin, each run by a pytest of its own."""

from __future__ import annotations

import pytest
from small_project import Project


@pytest.fixture
def project(pytester: pytest.Pytester) -> Project:
    return Project(pytester)
