"""When values of runs are equal: as the service would get them, so 1, True and 1.0 are three values (semantics JB-4)."""

from __future__ import annotations

from collections.abc import Mapping

_TYPED = (bool, int, float)


def same_value(one: object, other: object) -> bool:
    """Whether two values are equal, numbers and booleans of one type, inside mappings and sequences too."""
    if one is other:
        return True
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_value(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        alike = isinstance(one, list) == isinstance(other, list) and len(one) == len(other)
        return alike and all(map(same_value, one, other))
    return one == other and (type(one) is type(other) or not isinstance(one, _TYPED))
