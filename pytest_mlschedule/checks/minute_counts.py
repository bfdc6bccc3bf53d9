"""How many of many sets of minutes hold each minute, counted for all minutes at once."""

from __future__ import annotations


class MinuteCounts:
    """A counter for every minute, stored across: the integer ``i`` holds bit ``i`` of all counters.

    Adding a set is an addition with carry of all counters in a few operations on whole integers.
    """

    def __init__(self) -> None:
        self._digits: list[int] = []

    def add(self, minutes: int) -> None:
        """Count a set of minutes (bit k: minute k)."""
        carry = minutes
        for place, digit in enumerate(self._digits):
            self._digits[place], carry = digit ^ carry, digit & carry
            if not carry:
                return
        if carry:
            self._digits.append(carry)

    def find_most(self) -> tuple[int, int]:
        """The highest count, and the set of minutes that have it; (0, 0) where nothing was counted."""
        number, minutes = 0, -1
        for place in reversed(range(len(self._digits))):
            both = minutes & self._digits[place]
            if both:
                number, minutes = number | 1 << place, both
        return (number, minutes) if number else (0, 0)

    def find_above(self, limit: int) -> int:
        """The minutes that were counted more than ``limit`` times (0 or more)."""
        above, equal = 0, -1
        for place in reversed(range(max(len(self._digits), limit.bit_length()))):
            digit = self._digits[place] if place < len(self._digits) else 0
            if limit >> place & 1:
                equal &= digit
            else:
                above |= equal & digit
                equal &= ~digit
        return above
