"""What the fixture ``ml_faults`` needs, imported once a test asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_mlschedule.arm.cloud import Cloud
    from pytest_mlschedule.arm.faults import Faults


@contextmanager
def watch_faults(cloud: Cloud, request: pytest.FixtureRequest) -> Iterator[Faults]:
    """Faults for a cloud. When the block ends, those that did not happen fail a test that has not failed by itself."""
    __tracebackhide__ = True
    from pytest_mlschedule.arm.faults import Faults

    failed = request.session.testsfailed
    faults = cloud.faults = Faults()
    yield faults
    cloud.faults = None
    if request.session.testsfailed > failed:
        return
    try:
        faults.check_used()
        return
    except AssertionError as unused:
        text = str(unused)
    pytest.fail(f"ml_faults: {text}", pytrace=False)
