"""Finding and reading the configuration of a repository."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pytest_mlschedule.checks.limits import UTC_KEY, Budget, QuietHours
from pytest_mlschedule.checks.rule import Thresholds
from pytest_mlschedule.checks.selection import RuleSelection
from pytest_mlschedule.config.config import Config
from pytest_mlschedule.config.cost_tables import LogicAppTable
from pytest_mlschedule.config.tables import Budgets, Limits, Root, Rules
from pytest_mlschedule.config.toml_document import TomlDocument, mentions, read_toml
from pytest_mlschedule.config.toml_places import TomlPath
from pytest_mlschedule.costs.settings import CostSettings
from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import DEFAULT_PROFILE
from pytest_mlschedule.schedules.problems import describe, problems_of
from pytest_mlschedule.schedules.reader import in_file_order

OWN_FILE = "mlschedule.toml"
SHARED_FILE = "pyproject.toml"
SHARED_TABLE: TomlPath = ("tool", "mlschedule")
LIMITS = tuple(Limits.model_fields)


def load_config(path: str | os.PathLike[str] | None = None) -> Config:
    """The configuration of a file; of None that of the working directory, see find_config. Raises DefinitionError."""
    return find_config(Path()) if path is None else read_config(Path(path))


def find_config(start: Path) -> Config:
    """The configuration for work in a folder: the ``mlschedule.toml`` of that folder, or the nearest one above it.

    Where there is none, the nearest ``pyproject.toml`` with a table [tool.mlschedule]. The search ends at the root of a
    repository (a folder with .git). Without any file everything is as by default. Raises DefinitionError like ``read_config``.
    """
    folders = list(_folders_of_repository(start))
    for folder in folders:
        if (folder / OWN_FILE).is_file():
            return read_config(folder / OWN_FILE)
    for folder in folders:
        shared = folder / SHARED_FILE
        if mentions(shared, "mlschedule") and _has_table(document := read_toml(shared)):
            return _read(document, SHARED_TABLE)
    return Config()


def _folders_of_repository(start: Path) -> Iterator[Path]:
    """The folder and those above it, up to the root of its repository."""
    for folder in _folders_above(start):
        yield folder
        if (folder / ".git").exists():
            return


def read_config(path: Path) -> Config:
    """The configuration of one file: ``pyproject.toml`` has it in [tool.mlschedule], any other file at the top.

    Its paths are relative to the file's folder. Raises DefinitionError with every problem and its place.
    """
    document = read_toml(path)
    return _read(document, SHARED_TABLE if path.name == SHARED_FILE else ())


def _folders_above(start: Path) -> Iterator[Path]:
    """The folder and those above it, absolute where ``start`` is: paths of a configuration read as those people give."""
    absolute = Path(os.path.abspath(start))
    for folder in (absolute, *absolute.parents):
        yield folder if start.is_absolute() else Path(os.path.relpath(folder))


def _has_table(document: TomlDocument) -> bool:
    return _table(document, SHARED_TABLE) is not None


def _table(document: TomlDocument, path: TomlPath) -> Any:
    data: Any = document.data
    for part in path:
        data = data.get(part) if isinstance(data, Mapping) else None
    return data


def _read(document: TomlDocument, prefix: TomlPath) -> Config:
    data = _table(document, prefix)
    if not isinstance(data, Mapping | None):
        problem = error("MLS008", f"must be a table, not {describe(data)}", "", tuple(prefix))
        raise DefinitionError([document.locate(problem)])
    try:
        root = Root.model_validate(data or {})
    except ValidationError as failure:
        found = [_place(_name_top(item, document).under(*prefix), document) for item in problems_of(failure, ())]
        raise DefinitionError(in_file_order(found)) from None
    return _Reading(document, prefix, root).config()


def _name_top(problem: Diagnostic, document: TomlDocument) -> Diagnostic:
    """The problem; of [tool.mlschedule], which belongs into pyproject.toml, with where its tables stand here."""
    if problem.field != SHARED_TABLE[:1] or not _has_table(document):
        return problem
    name = Path(document.name).name
    hint = f"in {name} the tables stand at the top: [computes.cpu], not [tool.mlschedule.computes.cpu]"
    return replace(problem, hint=hint)


def _place(problem: Diagnostic, document: TomlDocument) -> Diagnostic:
    """The problem in the words of TOML, at its place, its field as the file spells it."""
    words = problem.message.replace("a mapping", "a table")
    return document.locate(replace(problem, message=words, field=document.written(problem.field)))


class _Reading:
    """What the tables of one file mean."""

    def __init__(self, document: TomlDocument, prefix: TomlPath, root: Root) -> None:
        self._document = document
        self._prefix = prefix
        self._root = root
        self._folder = Path(document.name).parent
        self._zone = root.zone or ("UTC", UTC_KEY)

    def config(self) -> Config:
        root = self._root
        return Config(
            path=Path(self._document.name),
            paths=tuple(map(self._resolve, root.paths)),
            jobs=tuple(map(self._resolve, root.jobs)),
            window=root.window,
            zone=root.zone[0] if root.zone else None,
            profile=root.profile or DEFAULT_PROFILE,
            rules=self._selection(root.rules or Rules()),
            thresholds=_thresholds(root.rules or Rules()),
            budgets=tuple(self._budgets(root.budgets or Budgets())),
            baseline=self._resolve(root.baseline) if root.baseline else None,
            lock=self._resolve(root.lock) if root.lock else None,
            fail_on=root.fail_on or Config().fail_on,
            values=root.values,
            costs=CostSettings(
                computes=root.computes,
                durations=root.durations,
                currency=root.currency,
                price_factor=root.price_factor,
                **(root.logic_app or LogicAppTable()).model_dump(),
            ),
            prices=tuple(map(self._resolve, root.prices)),
            history=tuple(map(self._resolve, root.history)),
        )

    def _resolve(self, path: str) -> str:
        return os.path.normpath(self._folder / path)

    def _selection(self, rules: Rules) -> RuleSelection:
        return RuleSelection(
            select=rules.select,
            ignore=rules.ignore,
            severity=rules.severity,
            per_file_ignores=rules.per_file_ignores,
            root=os.fspath(self._folder),
        )

    def _budgets(self, budgets: Budgets) -> Iterator[Budget]:
        """The total, then schedules and tags in the order of the file."""
        yield from self._budget(budgets, Budget(scope="total"))
        for name, limits in budgets.schedules.items():
            yield from self._budget(limits, Budget(scope="schedule", name=name))
        for name, limits in budgets.tags.items():
            yield from self._budget(limits, Budget(scope="tag", name=name))

    def _budget(self, limits: Limits, of: Budget) -> Iterator[Budget]:
        """The budget with its limits and their places; nothing where there are none."""
        given = {name: value for name in LIMITS if (value := getattr(limits, name)) is not None}
        if not given:
            return
        table: TomlPath = (*self._prefix, "budgets", *(() if of.scope == "total" else (f"{of.scope}s", of.name)))
        if "quiet_hours" in given:
            given["quiet_hours"] = tuple(map(self._in_zone, given["quiet_hours"]))
        yield replace(
            of,
            **given,
            zone_name=self._zone[0],
            zone_key=self._zone[1],
            location=self._document.place_of(table),
            places={name: self._document.place_of((*table, name)) for name in given},
        )

    def _in_zone(self, hours: QuietHours) -> QuietHours:
        """The hours in the zone of the configuration where they name none."""
        return hours if hours.zone_key else replace(hours, zone_name=self._zone[0], zone_key=self._zone[1])


def _thresholds(rules: Rules) -> Thresholds:
    default = Thresholds()
    return Thresholds(
        shortest_period=rules.shortest_period or default.shortest_period,
        most_starts_per_minute=rules.most_starts_per_minute or default.most_starts_per_minute,
    )
