"""Timetable: the occurrences of one trigger of one schedule, asked for by window or one at a time."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from datetime import datetime, timedelta

from pytest_mlschedule.triggers.dst_surprises import DstSurprise, find_surprises
from pytest_mlschedule.triggers.minute_sets import minute_set, shortest_distance
from pytest_mlschedule.triggers.occurrences import Occurrences
from pytest_mlschedule.triggers.window import UTC_EPOCH, from_epoch, to_epoch, to_epoch_floor
from pytest_mlschedule.triggers.zones import Zone

_CHUNK = 1024


class Timetable:
    """When a trigger fires. Made by ``trigger.timetable(created_at=…)``; it never changes.

    Windows are half-open; occurrences have whole seconds, are ascending and unique. The methods in datetimes take aware
    ones (TypeError for naive, InstantRangeError outside 1970 to 2200) and give aware UTC ones; those in epochs take and
    give whole seconds since 1970 UTC. A window that ends before it starts is empty.
    """

    def __init__(self, occurrences: Occurrences, zone: Zone, extra: int | None = None) -> None:
        self._occurrences = occurrences
        self._extra = extra  # one more occurrence, not among the others (semantics ST-3, ST-7)
        self._zone = zone

    @property
    def zone(self) -> Zone:
        """The zone whose wall clock the trigger follows."""
        return self._zone

    @property
    def regular(self) -> Occurrences:
        """The occurrences that follow a rule: all but a first one besides it (semantics ST-3, ST-7), ``extra``."""
        return self._occurrences

    @property
    def extra(self) -> int | None:
        """The epoch of the occurrence that comes before the regular ones; None for none."""
        return self._extra

    def between(self, start: datetime, end: datetime) -> list[datetime]:
        """Every occurrence of the window."""
        first, stop = to_epoch(start), to_epoch(end)
        found = self._occurrences.instants(first, stop)
        if self._extra is not None and first <= self._extra < stop:
            insort(found, from_epoch(self._extra))
        return found

    def iter(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """The occurrences of the window one after the other, in constant memory."""
        return self._chunks(to_epoch(start), to_epoch(end))

    def _chunks(self, start: int, end: int) -> Iterator[datetime]:
        while start < end:
            following = self.select(start, _CHUNK)
            stop = end if following is None else min(following, end)
            yield from self.between(from_epoch(start), from_epoch(stop))
            start = stop

    def epochs(self, start: datetime, end: datetime) -> list[int]:
        """Every occurrence of the window as epoch seconds."""
        return self.epochs_between(to_epoch(start), to_epoch(end))

    def count(self, start: datetime, end: datetime) -> int:
        """How many occurrences the window has; takes no longer for a longer window."""
        return self.count_between(to_epoch(start), to_epoch(end))

    def next_after(self, instant: datetime) -> datetime | None:
        """The first occurrence after an instant, that instant excluded; None when there is none up to 2200."""
        epoch = to_epoch_floor(instant)
        found = self._occurrences.next(epoch) if self._extra is None else self.next_epoch(epoch)
        return None if found is None else UTC_EPOCH + timedelta(0, found)

    def previous_before(self, instant: datetime) -> datetime | None:
        """The last occurrence before an instant, that instant excluded; None when there is none."""
        found = self.previous_epoch(to_epoch(instant))
        return None if found is None else UTC_EPOCH + timedelta(0, found)

    def epochs_between(self, start: int, end: int) -> list[int]:
        """Every occurrence of the window of epochs."""
        found = self._occurrences.epochs(start, end)
        if self._extra is not None and start <= self._extra < end:
            insort(found, self._extra)
        return found

    def count_between(self, start: int, end: int) -> int:
        """How many occurrences the window of epochs has."""
        total = self._occurrences.count(start, end)
        return total if self._extra is None else total + (start <= self._extra < end)

    def next_epoch(self, epoch: int) -> int | None:
        """The first occurrence after an epoch, that epoch excluded."""
        found = self._occurrences.next(epoch)
        extra = self._extra
        if extra is None:
            return found
        return extra if epoch < extra and (found is None or extra < found) else found

    def previous_epoch(self, epoch: int) -> int | None:
        """The last occurrence before an epoch, that epoch excluded."""
        found = self._occurrences.previous(epoch)
        extra = self._extra
        if extra is None:
            return found
        return extra if extra < epoch and (found is None or extra > found) else found

    def select(self, start: int, index: int) -> int | None:
        """The occurrence with this index (from 0) among those from the epoch ``start`` on, None if there are fewer."""
        extra = self._extra
        if extra is None or extra < start:
            return self._occurrences.select(start, index)
        before = self._occurrences.count(start, extra)
        if index == before:
            return extra
        return self._occurrences.select(start, index - (index > before))

    def minutes_between(self, start: int, end: int) -> int:
        """The UTC minutes of the window of epochs that have an occurrence, as bits: bit k is the k-th from that of ``start`` on.

        Dense triggers cost no more than others: what coincides is found with ``&``.
        """
        found = minute_set(self._occurrences, start, end)
        if self._extra is not None and start <= self._extra < end:
            found |= 1 << self._extra // 60 - start // 60
        return found

    def shortest_distance(self, start: int, end: int) -> int | None:
        """The seconds between the two nearest occurrences of the window of epochs as the trigger means them, DST apart.

        None where there are no two; a first run at creation (ST-7) does not count.
        """
        return shortest_distance(self._occurrences, start, end)

    def dst_surprises(self, start: datetime, end: datetime) -> list[DstSurprise]:
        """What the clock changes of the window do to this trigger, one entry a change at most (semantics DST-5)."""
        return find_surprises(self._occurrences, self._zone, to_epoch(start), to_epoch(end))
