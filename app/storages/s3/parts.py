"""Into which parts a large object is divided. Pure: no request is made here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self

from app.errors import StorageFailure

MIB = 1024 * 1024
TIB = MIB * MIB
PART = 8 * MIB
MAX_PARTS = 10_000
MAX_OBJECT = 5 * TIB


class Part(NamedTuple):
    """One part: its number, counted from 1, and its length in bytes."""

    number: int
    length: int


@dataclass(frozen=True, slots=True)
class Division:
    """How ``size`` bytes are divided: parts of ``part_size`` bytes, the last one of what is left.

    The limits are S3's: 10,000 parts, 5 MiB to 5 GiB each but for the last one, 5 TiB in all.
    """

    size: int
    part_size: int

    @classmethod
    def of(cls, size: int) -> Self:
        """Divide ``size`` bytes, at least one, into parts of 8 MiB, or as many whole MiB as 10,000 parts need.

        Raises:
            StorageFailure: S3 has no way to hold so much in one object.
        """
        if size > MAX_OBJECT:
            raise StorageFailure(f"The file has {size} bytes, and S3 holds at most 5 TiB ({MAX_OBJECT}) in one object.")
        needed = -(-size // MAX_PARTS)
        return cls(size, max(PART, -(-needed // MIB) * MIB))

    @property
    def count(self) -> int:
        """How many parts there are."""
        return -(-self.size // self.part_size)

    def length(self, number: int) -> int:
        """Return the bytes of this part, 0 when there is no such part."""
        if not 1 <= number <= self.count:
            return 0
        return min(self.part_size, self.size - (number - 1) * self.part_size)

    def __iter__(self) -> Iterator[Part]:
        """Give the parts in their order."""
        for number in range(1, self.count + 1):
            yield Part(number, self.length(number))
