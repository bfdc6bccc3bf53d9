"""Values that runs of two plans have otherwise: of templates as written, of plans that were read back as far as runs tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pytest_mlschedule.planning.compare import ABSENT
from pytest_mlschedule.planning.diff_fields import FieldChange, Values, changes_of
from pytest_mlschedule.planning.equality import same_value
from pytest_mlschedule.planning.run import RunSource, ScheduleRuns
from pytest_mlschedule.schedules.template import RunTemplate
from pytest_mlschedule.triggers.window import Window, from_epoch

VALUE_GROUPS = ("inputs", "outputs", "settings", "tags", "compute", "experiment_name")
"""What every run says, in the order to show it."""
_OWN = VALUE_GROUPS[:2]
_VARIES = object()
"""Stands for a value that follows no macro that we know."""


def run_changes(old: ScheduleRuns, new: ScheduleRuns, window: Window) -> Iterator[FieldChange]:
    """What the runs of a window have otherwise on the old and the new side, macros unresolved where that can be told.

    The time or the name of a run that was read back is no value of its own: it is the macro.
    """
    one, other = old.source, new.source
    if isinstance(one, RunTemplate) and isinstance(other, RunTemplate):
        if same_value(one.recipe, other.recipe):
            return
        found = list(changes_of(_written(one), _written(other)))
        if found:  # else the format of times differs, which no value says
            yield from found
            return
    first, stop = window.epochs
    epochs = old.occurrences.epochs_between(first, stop), new.occurrences.epochs_between(first, stop)
    yield from _changes_of_runs(one, other, epochs)
    yield from changes_of(_shared(one), _shared(other))


def _shared(source: RunSource) -> Values:
    values: Values = {f"settings.{name}": value for name, value in source.settings.items()}
    values |= {f"tags.{name}": value for name, value in source.tags.items()}
    values |= {} if source.compute is None else {"compute": source.compute}
    return values | {"experiment_name": source.experiment_name}


def _written(source: RunTemplate) -> Values:
    """The values of a template, macros unresolved."""
    return _own(source) | _shared(source)


def _own(source: RunTemplate) -> Values:
    groups = {} if source.job is None else {group: getattr(source.job, group) for group in _OWN}
    return {f"{group}.{name}": value for group, items in groups.items() for name, value in items.items()}


def _changes_of_runs(
    old: RunSource, new: RunSource, epochs: tuple[Sequence[int], Sequence[int]]
) -> Iterator[FieldChange]:
    """The inputs and outputs that differ, from what the runs themselves say. Nothing is known where a side has none."""
    if not epochs[0] or not epochs[1]:
        return
    common = sorted({*epochs[0]}.intersection(epochs[1]))
    # Of two templates only runs tell the difference: what is written is the same.
    recover = _recover if isinstance(old, RunTemplate) and isinstance(new, RunTemplate) else _write_or_recover
    before, after = (recover(source, side) for source, side in zip((old, new), epochs, strict=True))
    for name in dict.fromkeys((*before, *after)):
        values = before.get(name, ABSENT), after.get(name, ABSENT)
        known = all(value is not _VARIES for value in values)
        if known and not list(changes_of(*({name: value} for value in values))):
            continue
        differing = next((pair for pair in _at(name, (old, new), common) if not same_value(*pair)), None)
        if differing is not None or not common:
            shown = values if known else differing
            if shown is not None:
                yield from changes_of(*({name: value} for value in shown))


def _at(name: str, sources: tuple[RunSource, RunSource], common: Sequence[int]) -> Iterator[tuple[Any, Any]]:
    """A value on both sides, at every time that both have."""
    group, _, key = name.partition(".")
    for epoch in common:
        one, other = (getattr(source, group)(epoch).get(key, ABSENT) for source in sources)
        yield one, other


def _write_or_recover(source: RunSource, epochs: Sequence[int]) -> Values:
    """Inputs and outputs as the template says, else as runs tell."""
    return _own(source) if isinstance(source, RunTemplate) else _recover(source, epochs)


def _recover(source: RunSource, epochs: Sequence[int]) -> Values:
    """The inputs and outputs of all runs with their macros, by name; _VARIES where runs differ beyond macros."""
    found: Values = {}
    for epoch in epochs:
        stamp = f"{from_epoch(epoch):%Y-%m-%dT%H:%M:%SZ}"
        macros = {source.job_name(epoch): "${{name}}", stamp: "${{creation_context.trigger_time}}"}
        for group in _OWN:
            for name, value in getattr(source, group)(epoch).items():
                text = _with_macros(value, macros)
                if not same_value(found.setdefault(f"{group}.{name}", text), text):
                    found[f"{group}.{name}"] = _VARIES
    return found


def _with_macros(value: Any, macros: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _with_macros(item, macros) for name, item in value.items()}
    if isinstance(value, str):
        for text, macro in macros.items():
            value = value.replace(text, macro)
    return value
