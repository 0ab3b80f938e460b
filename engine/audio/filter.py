"""Filters of all voices at once: low, high and band-pass of second order with resonance.

State-variable filters with trapezoidal integration (Zavalishin 2012, "The art of VA filter design"; Simper 2013): their
states mean the same whatever the cutoff, so that it may change while they ring. A recursion frame by frame is nothing
for numpy; so each filter is unrolled over CELL frames into matrices: what comes out is the response to what goes in (a
Toeplitz matrix) plus the ringing of the two states. (scipy's filters take a second to import, and freeze their states.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.audio.interpolate import Planar

CELL = 64
_LOWEST_HZ, _HIGHEST = 16.0, 0.49  # of the rate
_MOST_RESONANT = 20.0  # Q at 100 %: the cutoff stands 26 dB above the rest
FLAT = math.sqrt(0.5)  # Q without resonance

_COUNT = np.arange(CELL + 1)

Wide = npt.NDArray[np.float64]
Cells = npt.NDArray[np.float32]  # (rows, cells, …)


def quality(resonance: float) -> float:
    """Q from 0..100 %."""
    return float(FLAT * (_MOST_RESONANT / FLAT) ** (resonance / 100))


@dataclass(frozen=True, slots=True)
class Setting:
    """kind: low-pass, high-pass or band-pass."""

    kind: str
    cutoff_hz: float
    q: float
    rate_hz: float


def system(setting: Setting) -> tuple[float, ...]:
    """A (row by row), B, C and D of states' = A states + B x, y = C states + D x."""
    rate_hz, k = setting.rate_hz, 1 / setting.q
    g = math.tan(math.pi * min(max(setting.cutoff_hz, _LOWEST_HZ), _HIGHEST * rate_hz) / rate_hz)
    a1 = 1 / (1 + g * (g + k))
    a2, a3 = g * a1, g * g * a1
    if setting.kind == "low-pass":
        out = a2, 1 - a3, a3
    elif setting.kind == "band-pass":
        out = k * a1, -k * a2, k * a2
    else:
        out = -a2 - k * a1, a3 - 1 + k * a2, 1 - k * a2 - a3
    return 2 * a1 - 1, -2 * a2, 2 * a2, 1 - 2 * a3, 2 * a2, 2 * a3, *out


class Filters:
    """One for each of `slots`, two channels each; `block`: frames of the longest chunk. `process` and `sweep` allocate
    a little where filters have been set, else nothing."""

    def __init__(self, slots: int, block: int) -> None:
        cells = -(-block // CELL)
        self._matrices = _Matrices(slots)
        self._changes = [0] * slots  # counted, so that `process` knows which matrices it has at hand
        self._at_hand = _Matrices(slots)
        self._wanted: dict[int, Setting] = {}  # set, and not worked out yet
        self._known = [(-1, -1)] * slots  # slot and its count of changes, by row
        self._on_the_way = _Matrices(slots * cells)  # of rows whose filters change from cell to cell
        self._alike = False  # whether one row's are those of all
        self._states = np.zeros((slots, 2, 2))  # (channel, state)
        self._in = np.zeros((slots, cells, CELL), np.float32)
        self._out = np.zeros((slots, cells, CELL), np.float32)
        self._caught = np.zeros((slots, cells, 2), np.float32)
        self._before = np.zeros((slots, cells, 2), np.float32)
        self._now = np.zeros((slots, 2, 1))
        self._next = np.zeros((slots, 2, 1))

    def set(self, slot: int, setting: Setting) -> None:
        """What it lets through from now on; its states stay."""
        self._wanted[slot] = setting

    def begin(self, slot: int, other: int | None) -> None:
        """From silence, or from where another one is."""
        self._states[slot] = 0 if other is None else self._states[other]

    def rings(self, slot: int) -> float:
        """How large its states are: about what would still come out."""
        return float(np.abs(self._states[slot]).max())

    def process(self, channel: int, sound: Planar, rows: list[int], slots: list[int]) -> None:
        """Filter some rows of sound (voices, frames) in place, each by the filter of its slot."""
        if self._wanted:
            self._work_out()
        self._fetch(slots)
        have, used = self._at_hand, len(rows)
        into, out, caught, tail = self._begun(channel, sound, rows, slots)
        np.matmul(into, have.response[:used], out=out)
        np.matmul(into, have.catching[:used], out=caught)
        if tail < CELL:
            np.matmul(into[:, -1:, :tail], have.catching[:used, CELL - tail :], out=caught[:, -1:])
        powers = have.powers[:used]
        before = self._ring([powers[:, CELL]] * (into.shape[1] - 1) + [powers[:, tail]], caught)
        np.matmul(before, have.ringing[:used], out=into)
        out += into
        self._end(channel, sound, rows, slots)

    def prepare_sweep(self, ways: list[list[Setting]]) -> None:
        """What the rows of the next `sweep` let through: of each row one setting for every CELL frames."""
        self._alike = all(way == ways[0] for way in ways)  # a knob turns for all voices
        settings = [setting for way in ways[: 1 if self._alike else None] for setting in way]
        self._on_the_way.make(slice(len(settings)), np.array([system(setting) for setting in settings]))

    def sweep(self, channel: int, sound: Planar, rows: list[int], slots: list[int]) -> None:
        """Filter some rows in place as `prepare_sweep`; the states are those of their slots."""
        into, out, caught, tail = self._begun(channel, sound, rows, slots)
        cells, kinds = into.shape[1], 1 if self._alike else len(rows)
        have, count = self._on_the_way, kinds * cells
        response = have.response[:count].reshape(kinds, cells, CELL, CELL)
        ringing = have.ringing[:count].reshape(kinds, cells, 2, CELL)
        catching = have.catching[:count].reshape(kinds, cells, CELL, 2)
        powers = have.powers[:count].reshape(kinds, cells, CELL + 1, 2, 2)
        np.matmul(into[:, :, None], response, out=out[:, :, None])
        np.matmul(into[:, :, None], catching, out=caught[:, :, None])
        if tail < CELL:
            np.matmul(into[:, -1:, :tail], catching[:, -1, CELL - tail :], out=caught[:, -1:])
        lengths = [CELL] * (cells - 1) + [tail]
        before = self._ring([powers[:, cell, length] for cell, length in enumerate(lengths)], caught)
        np.matmul(before[:, :, None], ringing, out=into[:, :, None])
        out += into
        self._end(channel, sound, rows, slots)

    def _begun(
        self, channel: int, sound: Planar, rows: list[int], slots: list[int]
    ) -> tuple[Cells, Cells, Cells, int]:
        """The rows cut into cells, room for what comes out and for what the states catch; frames of the last cell."""
        used, frames = len(rows), sound.shape[1]
        cells = -(-frames // CELL)
        into = self._in[:used, :cells]
        into[:, -1] = 0
        for at, row in enumerate(rows):
            self._in[at].reshape(-1)[:frames] = sound[row]
            self._now[at, :, 0] = self._states[slots[at], channel]
        return into, self._out[:used, :cells], self._caught[:used, :cells], frames - (cells - 1) * CELL

    def _ring(self, powers: list[Wide], caught: Cells) -> Cells:
        """Takes the states through all cells: what they were before each, (rows, cells, 2)"""
        used = len(caught)
        before, now, then = self._before[:used, : len(powers)], self._now[:used], self._next[:used]
        for cell, power in enumerate(powers):
            before[:, cell] = now[:, :, 0]
            np.matmul(power, now, out=then)
            then[:, :, 0] += caught[:, cell]
            now[:] = then
        return before

    def _end(self, channel: int, sound: Planar, rows: list[int], slots: list[int]) -> None:
        frames = sound.shape[1]
        for at, row in enumerate(rows):
            sound[row] = self._out[at].reshape(-1)[:frames]
            self._states[slots[at], channel] = self._now[at, :, 0]

    def _work_out(self) -> None:
        """The matrices of those that were set, all at once; those set alike share the work."""
        first: dict[Setting, int] = {}
        for slot, setting in self._wanted.items():
            first.setdefault(setting, slot)
            self._changes[slot] += 1
        self._matrices.make(list(first.values()), np.array([system(setting) for setting in first]))
        for slot, setting in self._wanted.items():
            if first[setting] != slot:
                self._matrices.copy(slot, self._matrices, first[setting])
        self._wanted.clear()

    def _fetch(self, slots: list[int]) -> None:
        """Have the matrices of these slots side by side; most are from the last time."""
        for row, slot in enumerate(slots):
            if self._known[row] != (slot, self._changes[slot]):
                self._known[row] = slot, self._changes[slot]
                self._at_hand.copy(row, self._matrices, slot)


class _Matrices:
    """Of so many filters, unrolled over a cell. response: what goes in -> what comes out. ringing: states -> what comes
    out. catching: what goes in -> states after the cell. powers: states -> states after so many frames."""

    def __init__(self, count: int) -> None:
        self.response = np.zeros((count, CELL, CELL), np.float32)
        self.ringing = np.zeros((count, 2, CELL), np.float32)
        self.catching = np.zeros((count, CELL, 2), np.float32)
        self.powers = np.zeros((count, CELL + 1, 2, 2))
        self._impulse = np.zeros((count, 2 * CELL - 1), np.float32)
        middle = self._impulse[:, CELL - 1 :]
        row, frame = middle.strides
        self._shifted = np.lib.stride_tricks.as_strided(middle, (count, CELL, CELL), (row, -frame, frame))

    def copy(self, to: int, other: _Matrices, at: int) -> None:
        self.response[to], self.ringing[to] = other.response[at], other.ringing[at]
        self.catching[to], self.powers[to] = other.catching[at], other.powers[at]

    def make(self, slots: list[int] | slice, systems: Wide) -> None:
        """systems (slots, 9): as `system` gives them. A^n follows from A's poles, a complex pair as Q is above a half:
        radius^n (cos(n angle) + sin(n angle) / sin(angle) (A / radius - cos(angle)))."""
        a, b, c, d = systems[:, :4].reshape(-1, 2, 2), systems[:, 4:6], systems[:, 6:8], systems[:, 8]
        radius = np.sqrt(a[:, 0, 0] * a[:, 1, 1] - a[:, 0, 1] * a[:, 1, 0])[:, None]
        cosine = (a[:, 0, 0] + a[:, 1, 1])[:, None] / (2 * radius)
        angle = np.arccos(cosine)
        turn = a / radius[:, :, None] - cosine[:, :, None] * np.eye(2)
        shrinking = radius**_COUNT
        even, odd = shrinking * np.cos(angle * _COUNT), shrinking * np.sin(angle * _COUNT) / np.sin(angle)
        self.powers[slots] = even[:, :, None, None] * np.eye(2) + odd[:, :, None, None] * turn[:, None]
        even, odd = even[:, :CELL], odd[:, :CELL]
        c_turn, turn_b = (c[:, None] @ turn)[:, 0], (turn @ b[:, :, None])[:, :, 0]
        self.ringing[slots] = c[:, :, None] * even[:, None] + c_turn[:, :, None] * odd[:, None]
        caught = b[:, None] * even[:, :, None] + turn_b[:, None] * odd[:, :, None]
        self.catching[slots] = caught[:, ::-1]
        impulse = self._impulse[: len(systems)]
        impulse[:, CELL - 1] = d
        impulse[:, CELL:] = (caught[:, :-1] @ c[:, :, None])[:, :, 0]
        self.response[slots] = self._shifted[: len(systems)]  # row: what one frame that goes in gives
