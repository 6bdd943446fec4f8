"""A set of prefixes that knows quickly whether another one meets any of them. Pure."""

from bisect import bisect_left, bisect_right


class Prefixes:
    """Prefixes of keys in one target. Two meet when one begins with the other: then both could write the same key.

    Only those are kept that begin with no other one, since what meets the longer one meets the shorter one too. Among
    those, in their order, a prefix meets one if and only if it meets one of its two neighbours.
    """

    def __init__(self) -> None:
        self._shortest: list[str] = []

    def meet(self, prefix: str) -> bool:
        """Return whether one of them and ``prefix`` meet."""
        place = bisect_right(self._shortest, prefix)
        before, after = self._shortest[max(place - 1, 0) : place], self._shortest[place : place + 1]
        return any(prefix.startswith(one) for one in before) or any(one.startswith(prefix) for one in after)

    def add(self, prefix: str) -> None:
        """Take it in."""
        place = bisect_left(self._shortest, prefix)
        if place and prefix.startswith(self._shortest[place - 1]):
            return
        end = place
        while end < len(self._shortest) and self._shortest[end].startswith(prefix):
            end += 1
        self._shortest[place:end] = [prefix]
