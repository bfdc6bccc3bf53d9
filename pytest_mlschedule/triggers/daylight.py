"""How much of a UTC offset is daylight saving time, told by the clock changes alone.

zoneinfo's ``dst()`` follows the tables' own flag, which some countries set in winter (Ireland: an hour less), and which says
nothing about the hour that people mean. Here daylight saving time is what a zone has more than the offset before or after
it, for a season: less than a year, two hours at most. A change for good is none.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from itertools import pairwise

from pytest_mlschedule.triggers.zones import zone

LONGEST_SEASON = 340 * 86_400
MOST_SAVED = 7_200


@cache
def _savings(key: str) -> tuple[int, ...]:
    """Seconds of daylight saving time in each segment of a zone."""
    where = zone(key)
    offsets = where.offsets
    saved = [0]
    for index, (begin, end) in enumerate(pairwise(where.instants), 1):
        more = [offsets[index] - near for near in (offsets[index - 1], offsets[index + 1])]
        season = end - begin <= LONGEST_SEASON
        saved.append(max((length for length in more if season and 0 < length <= MOST_SAVED), default=0))
    return (*saved, 0)


def daylight_saving(key: str, epoch: int) -> int:
    """Seconds that the clocks of an IANA zone are ahead of their standard time at an instant; 0 outside the season."""
    return _savings(key)[bisect_right(zone(key).instants, epoch)]


def saves_daylight(key: str, first: int, last: int) -> bool:
    """Whether the clocks of an IANA zone are ahead of their standard time at some instant from ``first`` to ``last``."""
    instants = zone(key).instants
    return any(_savings(key)[bisect_right(instants, first) : bisect_right(instants, last) + 1])
