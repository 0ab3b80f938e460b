"""Ring: hands commands from one thread to the callback, without a lock on either side."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Ring(Generic[T]):
    """One writer, one reader. The writer only moves `_written`, the reader only `_read`; a slot is filled before it
    counts and counted out before it is filled again, and single stores are atomic under the interpreter lock."""

    def __init__(self, slots: int = 1024) -> None:
        self._slots: list[T | None] = [None] * slots
        self._written = 0
        self._read = 0

    def put(self, item: T) -> bool:
        """Writer: False when the ring is full (the item is then not taken)."""
        if self._written - self._read >= len(self._slots):
            return False
        self._slots[self._written % len(self._slots)] = item
        self._written += 1
        return True

    def get(self) -> T | None:
        """Reader: the oldest item, None when there is none."""
        if self._read == self._written:
            return None
        at = self._read % len(self._slots)
        item = self._slots[at]
        self._slots[at] = None
        self._read += 1
        return item

    @property
    def empty(self) -> bool:
        return self._read == self._written

    @property
    def written(self) -> int:
        """How many items were ever put."""
        return self._written

    @property
    def read(self) -> int:
        """How many items were ever got."""
        return self._read
