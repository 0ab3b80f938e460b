"""Reporter: what the audio process tells the program goes through here. Main thread only; the callback has a Ring."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress

from engine.audio.reports import ControlMoved, Report, encode
from engine.audio.ring import Ring

EVERY_S = 0.005
_FLOOD = 4  # values of one controller within EVERY_S that are all told (an endless knob counts them); beyond: the last


class Reporter:
    """write: takes whole lines, at once."""

    def __init__(self, ring: Ring[Report], write: Callable[[bytes], object]) -> None:
        self.lively = False  # whether something came within the last second: look again soon
        self._ring = ring
        self._write = write
        self._drained_s = self._heard_s = 0.0

    def say(self, report: Report) -> None:
        self._send([report])

    def drain(self) -> None:
        """Tell what the callback has left, every few milliseconds."""
        now = time.monotonic()
        if now - self._drained_s < EVERY_S:
            return
        self._drained_s = now
        found = []
        while (report := self._ring.get()) is not None:
            found.append(report)
        if found:
            self._heard_s = now
            self._send(thinned(found))
        self.lively = now - self._heard_s < 1.0

    def _send(self, found: Iterable[Report]) -> None:
        with suppress(OSError):  # nobody reads any more: the program has died, which is seen elsewhere
            self._write(b"".join(encode(report) for report in found))


def thinned(found: list[Report]) -> list[Report]:
    """The same in order, but of a controller that moved more often than _FLOOD times only its last move."""
    left = Counter(_controller(report) for report in found if isinstance(report, ControlMoved))
    floods = {controller for controller, moves in left.items() if moves > _FLOOD}
    kept = []
    for report in found:
        if isinstance(report, ControlMoved):
            controller = _controller(report)
            left[controller] -= 1
            if left[controller] and controller in floods:
                continue
        kept.append(report)
    return kept


def _controller(report: ControlMoved) -> tuple[str, int, int]:
    return report.port, report.channel, report.number
