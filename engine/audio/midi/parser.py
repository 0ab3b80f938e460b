"""Bytes of a MIDI port → messages. Whatever comes, nothing is raised: a cable may bring anything.

MIDI 1.0 Detailed Specification (running status, real-time bytes in between, system exclusive).
"""

from __future__ import annotations

from collections.abc import Sequence

NOTE_OFF, NOTE_ON, POLY_PRESSURE, CONTROL, PROGRAM, PRESSURE, BEND = 0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0
_ONE_BYTE = frozenset({PROGRAM, PRESSURE})
_REAL_TIME = 0xF8  # and above: a single byte that may stand anywhere, even within a message
_SYSTEM = 0xF0  # and above: system exclusive and common; they end running status

Message = tuple[int, int, int, int]  # kind, channel 1..16, first data byte, second data byte (0 where there is none)


class Parser:
    """One per port: it remembers the running status and half a message between two calls."""

    def __init__(self) -> None:
        self._status = 0  # 0: none, data bytes mean nothing
        self._first = -1  # data byte of a message of two, -1 for none yet

    def feed(self, data: Sequence[int]) -> list[Message]:
        """The channel messages that these bytes complete. Everything else (system messages, stray data) is skipped."""
        messages: list[Message] = []
        for byte in data:
            if byte >= _REAL_TIME or byte < 0:
                continue
            if byte >= 0x80:
                self._status, self._first = (byte if byte < _SYSTEM else 0), -1
            elif self._status == 0:
                continue
            elif self._status & 0xF0 in _ONE_BYTE:
                messages.append((self._status & 0xF0, (self._status & 0x0F) + 1, byte, 0))
            elif self._first < 0:
                self._first = byte
            else:
                messages.append((self._status & 0xF0, (self._status & 0x0F) + 1, self._first, byte))
                self._first = -1
        return messages
