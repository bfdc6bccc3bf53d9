"""The occurrences of a schedule as few integers: they go into a page that a browser has to load.

``[first, delta, count, delta, count, ..., -k, times, ...]``: epoch seconds of the first run; then pairs: so many more runs, each
``delta`` after the one before it. A negative number repeats the last ``k`` pairs so many times: a week is written once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import sub

LONGEST_REPEAT = 256
"""Pairs of the longest piece that is looked for again: a week of all but the most irregular schedules."""

Pair = tuple[int, int]


def encode_runs(epochs: Sequence[int]) -> list[int]:
    """The code of ascending, unique epochs; empty for none."""
    if not epochs:
        return []
    pairs = [(delta, sum(1 for _ in same)) for delta, same in groupby(map(sub, epochs[1:], epochs))]
    code = [epochs[0]]
    at = 0
    while at < len(pairs):
        length, times = _find_repeat(pairs, at)
        if length * times > 1:
            code += [-length, times]
            at += length * times
        else:
            code += pairs[at]
            at += 1
    return code


def decode_runs(code: Sequence[int]) -> list[int]:
    """The epochs of a code."""
    if not code:
        return []
    epochs = [code[0]]
    for delta, count in _expand(zip(code[1::2], code[2::2], strict=True)):
        epochs += range(epochs[-1] + delta, epochs[-1] + delta * count + 1, delta)
    return epochs


def encode_waits(waits: Sequence[int]) -> list[int]:
    """``[skip, seconds, skip, seconds, ...]``: so many runs that do not wait, then one that waits so long."""
    code: list[int] = []
    last = -1
    for index, seconds in enumerate(waits):
        if seconds:
            code += (index - last - 1, seconds)
            last = index
    return code


def _find_repeat(pairs: Sequence[Pair], at: int) -> tuple[int, int]:
    """The piece before ``at`` that comes again there, and how often: (pairs, times); (0, 0) where there is none."""
    best = (0, 0)
    for length in range(1, min(at, LONGEST_REPEAT) + 1):
        if pairs[at] != pairs[at - length]:
            continue
        piece = pairs[at - length : at]
        times = 0
        while pairs[at + times * length : at + (times + 1) * length] == piece:
            times += 1
        if length * times > best[0] * best[1]:
            best = (length, times)
    return best


def _expand(code: Iterable[Pair]) -> Iterable[Pair]:
    pairs: list[Pair] = []
    for first, second in code:
        if first > 0:
            pairs.append((first, second))
        else:
            pairs += pairs[first:] * second
    return pairs
