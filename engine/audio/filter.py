"""Filters of all voices at once: low, high and band-pass of second order with resonance.

State-variable filters with trapezoidal integration (Zavalishin 2012, "The art of VA filter design"; Simper 2013): their
states mean the same whatever the cutoff, so that it may change while they ring. A recursion frame by frame is nothing
for numpy; so each filter is unrolled over CELL frames into matrices: what comes out is the response to what goes in (a
Toeplitz matrix) plus the ringing of the two states. (scipy's filters take a second to import, and freeze their states.)
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from engine.audio.interpolate import Planar

CELL = 64
_LOWEST_HZ, _HIGHEST = 16.0, 0.49  # of the rate
_MOST_RESONANT = 20.0  # Q at 100 %: the cutoff stands 26 dB above the rest
FLAT = math.sqrt(0.5)  # Q without resonance

_COUNT = np.arange(CELL + 1)
_ONE = np.eye(2)

Wide = npt.NDArray[np.float64]


def quality(resonance: float) -> float:
    """Q from 0..100 %."""
    return float(FLAT * (_MOST_RESONANT / FLAT) ** (resonance / 100))


def system(kind: str, cutoff_hz: float, q: float, rate_hz: float) -> tuple[Wide, Wide, Wide, float]:
    """A (2, 2), B (2,), C (2,), D of states' = A states + B x, y = C states + D x. kind: low, high or band-pass."""
    g = math.tan(math.pi * min(max(cutoff_hz, _LOWEST_HZ), _HIGHEST * rate_hz) / rate_hz)
    k = 1 / q
    a1 = 1 / (1 + g * (g + k))
    a2, a3 = g * a1, g * g * a1
    low, band = np.array([a2, 1 - a3]), k * np.array([a1, -a2])
    c, d = {
        "low-pass": (low, a3),
        "high-pass": (-low - band, 1 - k * a2 - a3),
        "band-pass": (band, k * a2),
    }[kind]
    return np.array([[2 * a1 - 1, -2 * a2], [2 * a2, 1 - 2 * a3]]), np.array([2 * a2, 2 * a3]), c, d


class Filters:
    """One for each of `slots`, two channels each; `block`: frames of the longest chunk. `set` allocates a little,
    `process` nothing."""

    def __init__(self, slots: int, block: int) -> None:
        cells = -(-block // CELL)
        self._matrices = _Matrices(slots)
        self._changes = [0] * slots  # counted, so that `process` knows which matrices it has at hand
        self._at_hand = _Matrices(slots)
        self._settings: list[tuple[str, float, float, float] | None] = [None] * slots
        self._latest = 0  # slot that was set last
        self._known = [(-1, -1)] * slots  # slot and its count of changes, by row
        self._states = np.zeros((slots, 2, 2))  # (channel, state)
        self._impulse = np.zeros(2 * CELL - 1)
        self._windows = np.lib.stride_tricks.sliding_window_view(self._impulse, CELL)[::-1]  # row: what a frame gives
        self._in = np.zeros((slots, cells, CELL), np.float32)
        self._out = np.zeros((slots, cells, CELL), np.float32)
        self._caught = np.zeros((slots, cells, 2), np.float32)
        self._before = np.zeros((slots, cells, 2), np.float32)
        self._now = np.zeros((slots, 2, 1))
        self._next = np.zeros((slots, 2, 1))

    def set(self, slot: int, kind: str, cutoff_hz: float, q: float, rate_hz: float) -> None:
        """What it lets through from now on; its states stay."""
        wanted, latest = (kind, cutoff_hz, q, rate_hz), self._latest
        self._latest = slot
        self._changes[slot] += 1
        if self._settings[latest] == wanted:  # all voices of a take mostly have the same
            self._settings[slot] = wanted
            self._matrices.copy(slot, self._matrices, latest)
            return
        self._settings[slot] = wanted
        a, b, c, d = system(kind, cutoff_hz, q, rate_hz)
        radius = math.sqrt(a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0])  # the poles: a complex pair, as Q is above a half
        cosine = (a[0, 0] + a[1, 1]) / (2 * radius)
        angle = math.acos(cosine)
        turn = a / radius - cosine * _ONE
        shrinking = radius**_COUNT
        even, odd = shrinking * np.cos(angle * _COUNT), shrinking * np.sin(angle * _COUNT) / math.sin(angle)
        made = self._matrices
        made.powers[slot] = even[:, None, None] * _ONE + odd[:, None, None] * turn
        even, odd = even[:CELL], odd[:CELL]
        made.ringing[slot] = c[:, None] * even + (c @ turn)[:, None] * odd
        made.catching[slot] = (b[:, None] * even + (turn @ b)[:, None] * odd).T[::-1]
        self._impulse[CELL - 1] = d
        self._impulse[CELL:] = ((c @ b) * even + (c @ turn @ b) * odd)[: CELL - 1]
        made.response[slot] = self._windows

    def begin(self, slot: int, other: int | None) -> None:
        """From silence, or from where another one is."""
        self._states[slot] = 0 if other is None else self._states[other]

    def rings(self, slot: int) -> float:
        """How large its states are: about what would still come out."""
        return float(np.abs(self._states[slot]).max())

    def process(self, channel: int, sound: Planar, rows: list[int], slots: list[int]) -> None:
        """Filter some rows of sound (voices, frames) in place, each by the filter of its slot."""
        self._fetch(slots)
        used, frames = len(rows), sound.shape[1]
        cells = -(-frames // CELL)
        tail = frames - (cells - 1) * CELL
        have = self._at_hand
        into, out = self._in[:used, :cells], self._out[:used, :cells]
        caught, before = self._caught[:used, :cells], self._before[:used, :cells]
        now, then = self._now[:used], self._next[:used]
        into[:, -1] = 0
        for at, row in enumerate(rows):
            self._in[at].reshape(-1)[:frames] = sound[row]
            now[at, :, 0] = self._states[slots[at], channel]
        np.matmul(into, have.response[:used], out=out)
        np.matmul(into, have.catching[:used], out=caught)
        if tail < CELL:
            np.matmul(into[:, -1:, :tail], have.catching[:used, CELL - tail :], out=caught[:, -1:])
        for cell in range(cells):
            before[:, cell] = now[:, :, 0]
            np.matmul(have.powers[:used, CELL if cell < cells - 1 else tail], now, out=then)
            then[:, :, 0] += caught[:, cell]
            now, then = then, now
        np.matmul(before, have.ringing[:used], out=into)
        out += into
        for at, row in enumerate(rows):
            sound[row] = self._out[at].reshape(-1)[:frames]
            self._states[slots[at], channel] = now[at, :, 0]

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

    def copy(self, to: int, other: _Matrices, at: int) -> None:
        self.response[to], self.ringing[to] = other.response[at], other.ringing[at]
        self.catching[to], self.powers[to] = other.catching[at], other.powers[at]
