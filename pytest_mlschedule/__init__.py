"""Azure Machine Learning job schedules, under test.

This module is a door: pytest imports it at every start of every project that has the package installed, so nothing is
loaded until a name is asked for. The names are those of ``pytest_mlschedule.api``.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_mlschedule.api import *  # noqa: F403
else:

    def __getattr__(name: str) -> object:
        if name.startswith("__") and name != "__all__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import pytest_mlschedule.api as api

        if name == "__all__":
            return list(api.__all__)
        if name in api.__all__:
            return getattr(api, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(api.__all__)}")

    def __dir__() -> list[str]:
        import pytest_mlschedule.api as api

        return list(api.__all__)
