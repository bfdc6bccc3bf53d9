"""The runs of a plan as a sequence that is never held in memory as a whole.

The window is cut into blocks of equal length; a block is enumerated when somebody reads from it, and the last few are
kept. Where the i-th run lies follows from counts, which are closed form.
"""

from __future__ import annotations

import operator
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple, SupportsIndex, overload

from pytest_mlschedule.planning.run import PlannedRun, ScheduleRuns

BLOCK_RUNS = 1 << 15
KEPT_BLOCKS = 32
SHOWN_RUNS = 3


class Block(NamedTuple):
    """Some runs in time order: ``first`` is the index of the earliest, ``owners[i]`` runs at ``epochs[i]``."""

    first: int
    epochs: Sequence[int]
    owners: Sequence[ScheduleRuns]


class PlannedRuns(Sequence[PlannedRun]):
    """Runs in time order, ties by schedule name. ``len`` and indexing enumerate nothing before and little around.

    A slice is a list. Equal to any sequence of equal runs.
    """

    __slots__ = ("_blocks", "_bounds", "_counts", "_epochs", "_first", "_owners", "_parts", "_total")

    def __init__(self, parts: Sequence[ScheduleRuns], start: int, end: int) -> None:
        """``parts`` in the order of their names; ``start`` and ``end``: the half-open window in epoch seconds."""
        self._parts = parts
        self._total = sum(part.occurrences.count_between(start, end) for part in parts)
        number = max(1, min(-(-self._total // BLOCK_RUNS), end - start))
        self._bounds = [start + (end - start) * index // number for index in range(number + 1)]
        self._counts = {0: 0, number: self._total}
        self._blocks: dict[int, Block] = {}
        self._first, self._epochs, self._owners = Block(0, (), ())

    def __len__(self) -> int:
        return self._total

    @overload
    def __getitem__(self, index: SupportsIndex) -> PlannedRun: ...
    @overload
    def __getitem__(self, index: slice) -> list[PlannedRun]: ...
    def __getitem__(self, index: SupportsIndex | slice) -> PlannedRun | list[PlannedRun]:
        try:
            # The fast way: an integer that falls into the block that was read last.
            place = index - self._first  # type: ignore[operator]
            if place >= 0 and index >= 0:  # type: ignore[operator]
                return PlannedRun(self._owners[place], self._epochs[place])
        except (TypeError, IndexError):
            pass
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(self._total))]
        return self._find(operator.index(index))

    def __iter__(self) -> Iterator[PlannedRun]:
        for number in range(len(self._bounds) - 1):
            block = self._load(number)
            yield from map(PlannedRun, block.owners, block.epochs)

    def __contains__(self, run: object) -> bool:
        if not isinstance(run, PlannedRun):
            return False
        epoch = run._epoch
        if not self._bounds[0] <= epoch < self._bounds[-1]:
            return False
        mine = (PlannedRun(part, epoch) for part in self._parts if part.occurrences.count_between(epoch, epoch + 1))
        return any(run == other for other in mine)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PlannedRuns | list | tuple):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        more = ", ..." if self._total > SHOWN_RUNS else ""
        return f"<{self._total} runs: [{', '.join(map(repr, self[:SHOWN_RUNS]))}{more}]>"

    def _find(self, index: int) -> PlannedRun:
        """The run at an index, which may be negative. Raises IndexError outside the sequence."""
        position = index + self._total if index < 0 else index
        if not 0 <= position < self._total:
            raise IndexError(f"run {index} of a plan with {self._total} runs")
        number = bisect_right(range(len(self._bounds)), position, key=self._count_before) - 1
        self._first, self._epochs, self._owners = self._load(number)
        place = position - self._first
        return PlannedRun(self._owners[place], self._epochs[place])

    def _count_before(self, number: int) -> int:
        """How many runs lie before block ``number``."""
        known = self._counts.get(number)
        if known is None:
            start, bound = self._bounds[0], self._bounds[number]
            known = sum(part.occurrences.count_between(start, bound) for part in self._parts)
            self._counts[number] = known
        return known

    def _load(self, number: int) -> Block:
        block = self._blocks.get(number)
        if block is None:
            block = self._enumerate(number)
            if len(self._blocks) >= KEPT_BLOCKS:
                del self._blocks[next(iter(self._blocks))]
            self._blocks[number] = block
        return block

    def _enumerate(self, number: int) -> Block:
        start, end = self._bounds[number], self._bounds[number + 1]
        lists = [part.occurrences.epochs_between(start, end) for part in self._parts]
        # One integer a run, epoch first and rank of the schedule second: sorting them is a merge of sorted lists.
        width = len(lists)
        keys = [epoch * width + rank for rank, epochs in enumerate(lists) for epoch in epochs]
        keys.sort()
        first = self._count_before(number)
        self._counts[number + 1] = first + len(keys)
        return Block(first, array("q", [key // width for key in keys]), [self._parts[key % width] for key in keys])
