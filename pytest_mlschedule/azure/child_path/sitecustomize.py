"""Runs at the start of every Python process that a test starts while Azure is mocked: this folder is on its PYTHONPATH.

It waits until the process imports socket, and then has connections to other machines refused; and requests, which all of
Azure's clients import, and then sends on what is meant for Azure. A process that imports neither pays nothing. A
sitecustomize that stands behind this one on the path runs, too.
"""

import importlib.util
import os
import sys
from importlib.machinery import PathFinder
from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))
_SAID = os.environ.get("MLSCHEDULE_AZURE")
_AWAITED = {
    "socket": "guard_sockets",
    "requests.adapters": "connect_requests",
    "azure.core.pipeline.transport._base": "hurry_transports",
}
"""What is called in pytest_mlschedule.azure.child once a module was loaded."""


class _Finder:
    """Finds the modules that are waited for where they are, and does what is to be done right after each was loaded."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in _AWAITED:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return spec
        run = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            run(module)
            _call(_AWAITED[name], module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _call(name: str, module: Any) -> None:
    if importlib.util.find_spec("pytest_mlschedule") is None:
        _load_package(os.path.dirname(os.path.dirname(_HERE)))
    from pytest_mlschedule.azure import child

    getattr(child, name)(module, _SAID)


def _load_package(folder: str) -> None:
    """Make the package of the test known to a process whose Python has not got it installed."""
    place = os.path.join(folder, "__init__.py")
    spec = importlib.util.spec_from_file_location("pytest_mlschedule", place, submodule_search_locations=[folder])
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["pytest_mlschedule"] = module
    spec.loader.exec_module(module)


def _run_next() -> None:
    """What would have run without us."""
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != _HERE]
    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if _SAID is not None:
    sys.meta_path.insert(0, _Finder())
    for _name in _AWAITED.keys() & sys.modules.keys():  # a .pth file ran before
        _call(_AWAITED[_name], sys.modules[_name])
_run_next()
