"""An ``az`` for deploy scripts under test: the commands of ``az ml schedule`` and ``az ml job`` against a FakeWorkspace.

The fixture ``ml_az`` puts it on PATH; ``Az`` is the same without pytest. Importing this package imports nothing: the program on
PATH starts with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_mlschedule.az.az import Az
    from pytest_mlschedule.az.errors import AzCommandError
    from pytest_mlschedule.az.result import AzResult

__all__ = ["Az", "AzCommandError", "AzResult"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pytest_mlschedule.az.az import Az
    from pytest_mlschedule.az.errors import AzCommandError
    from pytest_mlschedule.az.result import AzResult

    return {"Az": Az, "AzCommandError": AzCommandError, "AzResult": AzResult}[name]
