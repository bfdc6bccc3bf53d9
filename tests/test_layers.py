"""The layer table of ARCHITECTURE.md, enforced: who may import whom and what, in functions too, and no wall clock."""

from __future__ import annotations

import ast
import graphlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "pytest_mlschedule"
ROOT = Path(__file__).parents[1] / PACKAGE
ROWS = (
    ("diagnostics", "errors", "clock", "profile"),
    ("triggers",),
    ("schedules",),
    ("costs", "history"),
    ("workspace", "planning", "checks"),
    ("scheduler", "config"),
    ("api",),
    ("report", "arm"),
    ("azure", "az"),
    ("serve",),
    ("cli", "plugin"),
)
ROW_OF = {name: row for row, names in enumerate(ROWS) for name in names}
CORE_ROWS = range(7)
# What each row adds to the standard library; a row may use what the rows above it may.
LIBRARIES: tuple[set[str], ...] = (
    set(),
    {"tzdata"},
    {"yaml", "pydantic", "pydantic_core"},
    set(),
    {"jmespath", "croniter"},
    set(),
    set(),
    {"rich", "werkzeug"},
    {"azure", "requests", "urllib3"},
    set(),
    {"click", "pytest", "freezegun", "time_machine", "xdist"},
)
# Modules that know the time, the zone, the place or the dice of this machine: nothing that may change an answer.
MACHINE_MODULES = {"time", "locale", "random", "secrets", "platform", "getpass", "socket"}
# Dice that a caller throws with a seed of their own.
SEEDED = {"random.Random"}
MACHINE_NAMES = {"datetime", "date", "dt", "uuid", "os", "time"}
MACHINE_CALLS = {"now", "utcnow", "today", "uuid1", "uuid4", "getenv", "tzset", "localtime"}
# A value that takes or gives another form of itself, imported in the one function that needs it: no other circles.
BACK_EDGES = (
    ("triggers.window", "triggers.zones"),
    ("schedules.models", "schedules.sdk"),
    ("planning.plan", "planning.document"),
    ("costs.estimate", "costs.estimate_document"),
)


def module_name(path: Path) -> str:
    parts = (PACKAGE, *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(module: str) -> str | None:
    """The entry of the table that a module of ours belongs to; None for the door, the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else None


def is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def running_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below, without what stands under ``if TYPE_CHECKING:``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and is_type_checking(child.test):
            for other in child.orelse:
                yield other
                yield from running_nodes(other)
            continue
        yield child
        yield from running_nodes(child)


def imports_of(tree: ast.AST, module: str, *, is_package: bool) -> Iterator[tuple[str, int]]:
    """Absolute names of what a module imports when it runs, in functions too, with their lines."""
    for node in running_nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = module.split(".")[: len(module.split(".")) - node.level + is_package] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield f"{origin}.{alias.name}", node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
            literal = node.args[0] if node.args else None
            yield str(literal.value) if isinstance(literal, ast.Constant) else "<computed>", node.lineno


def layer_problems(source: str, module: str, *, is_package: bool = False) -> list[str]:
    """What a module imports against the table."""
    own = layer_of(module)
    if own is None:
        return []
    if own not in ROW_OF:
        return [f"{module}: {own} has no row in the table"]
    row, problems = ROW_OF[own], []
    libraries = set().union(*LIBRARIES[: row + 1])
    for name, line in imports_of(ast.parse(source), module, is_package=is_package):
        top = name.split(".")[0]
        if top == PACKAGE:
            other = layer_of(name)
            if other is None or (other != own and ROW_OF.get(other, len(ROWS)) >= row):
                problems.append(f"{module}:{line}: row {row} imports {name} of row {ROW_OF.get(other or '', 'door')}")
        elif top not in sys.stdlib_module_names and top not in libraries:
            problems.append(f"{module}:{line}: row {row} imports {name}")
    return problems


def machine_problems(source: str, module: str) -> list[str]:
    """Where a module asks the machine for what a caller should have said: time, zone, locale, environment, dice."""
    own = layer_of(module)
    if own is None or ROW_OF.get(own, len(ROWS)) not in CORE_ROWS:
        return []
    tree = ast.parse(source)
    found = [
        (name, line)
        for name, line in imports_of(tree, module, is_package=False)
        if name.split(".")[0] in MACHINE_MODULES and name not in SEEDED
    ]
    for node in running_nodes(tree):
        if isinstance(node, ast.Attribute) and node.attr == "environ":
            found.append(("os.environ", node.lineno))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found += [(call, node.lineno) for call in machine_calls(node, node.func)]
    return [f"{module}:{line}: {name} depends on the machine" for name, line in found]


def machine_calls(call: ast.Call, function: ast.Attribute) -> Iterator[str]:
    owner = ast.unparse(function.value).split(".")[-1]
    given = len(call.args) + len(call.keywords)
    if function.attr in MACHINE_CALLS and owner in MACHINE_NAMES:
        yield f"{owner}.{function.attr}()"
    if function.attr == "astimezone" and given == 0:
        yield "astimezone() without a zone"
    if function.attr == "fromtimestamp" and given == 1:
        yield "fromtimestamp() without a zone"


def modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_imports_point_up_the_table_only(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert layer_problems(source, module_name(path), is_package=path.name == "__init__.py") == []


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_the_engine_never_asks_the_machine(path: Path) -> None:
    assert machine_problems(path.read_text(encoding="utf-8"), module_name(path)) == []


def import_graph() -> dict[str, set[str]]:
    """Which of our modules imports which, in functions too. Not the door: it looks into api, and nothing imports it."""
    names = {module_name(path): path for path in modules()}
    graph: dict[str, set[str]] = {}
    for module, path in names.items():
        if module != PACKAGE:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found = imports_of(tree, module, is_package=path.name == "__init__.py")
            targets = {name if name in names else name.rpartition(".")[0] for name, _ in found}
            graph[module] = {name for name in targets if name in names and name != module}
    return graph


def test_there_is_no_import_cycle() -> None:
    graph = import_graph()
    for module, target in BACK_EDGES:
        graph[f"{PACKAGE}.{module}"].remove(f"{PACKAGE}.{target}")  # KeyError: the exception is no longer needed
    graphlib.TopologicalSorter(graph).prepare()  # CycleError names the cycle


@pytest.mark.parametrize(
    ("module", "source", "problem"),
    [
        ("triggers.zones", "import pydantic", "row 1 imports pydantic"),
        ("triggers.zones", "import pytest_mlschedule.schedules.models", "row 1 imports"),
        ("triggers.zones", "from pytest_mlschedule import api", "row 1 imports"),
        ("triggers.zones", "from pytest_mlschedule import load_schedule", "row 1 imports"),
        ("triggers.zones", "from ..schedules import models", "schedules.models of row 2"),
        ("triggers", "from .. import schedules", "row 1 imports"),
        ("planning.plan", "from pytest_mlschedule.workspace import job", "row 4 imports"),
        ("planning.plan", "def f():\n    import rich", "row 4 imports rich"),
        ("planning.plan", "import importlib\nimportlib.import_module('click')", "row 4 imports click"),
        ("planning.plan", "if TYPE_CHECKING:\n    pass\nelse:\n    import rich", "row 4 imports rich"),
        ("cli.main", "import pytest_mlschedule.plugin", "row 10 imports"),
        ("api", "import freezegun", "row 6 imports freezegun"),
        ("clock", "import pytest_mlschedule.errors", "row 0 imports"),
        ("costs.loads.load", "from pytest_mlschedule.history import jobs", "row 3 imports"),
        ("newcomer", "", "newcomer has no row"),
    ],
)  # fmt: skip
def test_the_layer_test_finds(module: str, source: str, problem: str) -> None:
    found = layer_problems(source, f"{PACKAGE}.{module}", is_package=module == "triggers")
    assert len(found) == 1
    assert problem in found[0]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("triggers.zones", "from pytest_mlschedule.triggers.window import Window\nimport zoneinfo, tzdata"),
        ("planning.plan", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import rich"),
        ("planning.plan", "import pydantic, jmespath\nfrom pytest_mlschedule.errors import MLScheduleError"),
        ("plugin", "import pytest, freezegun\nimport pytest_mlschedule.api"),
    ],
)
def test_the_layer_test_passes(module: str, source: str) -> None:
    assert layer_problems(source, f"{PACKAGE}.{module}") == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.datetime.now(datetime.UTC)",
        "import datetime\ndatetime.date.today()",
        "import time",
        "import random",
        "from random import random",
        "def f():\n    from time import time",
        "import os\nos.environ",
        "import os\nos.getenv('TZ')",
        "import uuid\nuuid.uuid4()",
        "value.astimezone()",
        "datetime.fromtimestamp(0)",
    ],
)
def test_the_machine_test_finds(source: str) -> None:
    assert len(machine_problems(source, f"{PACKAGE}.triggers.zones")) == 1


@pytest.mark.parametrize(
    "source",
    [
        "clock.now()",
        "from random import Random",
        "value.astimezone(zone)",
        "datetime.fromtimestamp(0, UTC)",
        "import os\nos.path",
    ],
)
def test_the_machine_test_passes(source: str) -> None:
    assert machine_problems(source, f"{PACKAGE}.triggers.zones") == []
