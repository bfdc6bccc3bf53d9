"""What is no workspace, and one that is given twice: told at once, and nothing stays open."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mlschedule import FakeWorkspace
from pytest_mlschedule.azure import make_client, mock_azure


@pytest.mark.parametrize("wrong", ["nightly", 5])
def test_what_is_no_workspace_is_a_type_error(wrong: Any) -> None:
    with (
        pytest.raises(TypeError, match=r"a workspace is a FakeWorkspace\(name=\.\.\.\), not (str|int)"),
        mock_azure(wrong),
    ):
        pass
    with pytest.raises(TypeError, match="a workspace is a FakeWorkspace"):
        make_client(wrong)


def test_a_workspace_that_is_given_twice_is_refused() -> None:
    workspace = FakeWorkspace()
    with pytest.raises(ValueError, match="there is a workspace"), mock_azure(workspace, workspace):
        pass
