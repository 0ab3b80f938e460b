"""Renderer: turns the voices into sound, a chunk at a time, all of them together wherever that is possible."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.audio.copying import Copier
from engine.audio.filter import CELL, FLAT, Filters, Setting, quality
from engine.audio.gains import Gains
from engine.audio.interpolate import Planar
from engine.audio.keys import Keys
from engine.audio.manner import velocity_cutoff_hz
from engine.audio.paths import Paths
from engine.audio.reading import Reading
from engine.audio.voice import Voice
from engine.patch import Patch

_SHORTEST_COPIED_LOOP = 64  # frames; shorter ones are cheaper to read frame by frame
_STILL = 3e-6  # below it a filter no longer rings: -110 dB


class Renderer:
    """slots: of the voices; block: frames of the longest chunk. Owns all scratch; nothing is allocated in `render`."""

    def __init__(self, rate_hz: int, slots: int, block: int) -> None:
        self._rate_hz = rate_hz
        self._paths = Paths(slots, block, rate_hz)
        self._reading = Reading(slots, block)
        self._copier = Copier(block)
        self._tones = Filters(slots, block)
        self._filters = Filters(slots, block)
        self._gains = Gains(slots, block)
        self._wet = np.zeros((2, slots, block), np.float32)
        self._sum = np.zeros((3, block), np.float32)
        self._frames = 0

    # filters

    def prepare(self, voice: Voice, other: Voice | None) -> None:
        """Set the filters of a voice that begins, or that goes on from another's."""
        patch = voice.manner.patch if voice.manner is not None else None
        if patch is None:
            return
        dark_hz = velocity_cutoff_hz(patch, voice.velocity, voice.target)
        voice.tones = dark_hz is not None
        voice.filtered = patch.filter_type != "off"
        if dark_hz is not None:
            self._tones.set(voice.number, Setting("low-pass", dark_hz, FLAT, self._rate_hz))
            self._tones.begin(voice.number, other.number if other is not None and other.tones else None)
        if voice.filtered:
            if not voice.sweeping:
                self._tune(voice, patch)
            self._filters.begin(voice.number, other.number if other is not None and other.filtered else None)

    def _tune(self, voice: Voice, patch: Patch) -> None:
        """Set a filter that rests."""
        self._filters.set(voice.number, self._setting(patch, voice.cutoff.goal, voice.resonance.goal))

    def _setting(self, patch: Patch, octaves: float, resonance: float) -> Setting:
        return Setting(patch.filter_type, 2.0**octaves, quality(resonance), self._rate_hz)

    def _way(self, voice: Voice, now: int, frames: int) -> list[Setting]:
        """What a filter that is on its way lets through in every cell of a chunk."""
        patch = voice.manner.patch if voice.manner is not None else None
        if patch is None:
            return []
        cells = range(now, now + frames, CELL)
        return [self._setting(patch, voice.cutoff.at(frame), voice.resonance.at(frame)) for frame in cells]

    def rings(self, voice: Voice) -> bool:
        """Whether a voice's filters still give something, though its sound is at its end."""
        if voice.tones and self._tones.rings(voice.number) > _STILL:
            return True
        return voice.filtered and self._filters.rings(voice.number) > _STILL

    def loudness(self, voice: Voice) -> float:
        """Peak in the last chunk; one that has only begun counts as loud."""
        if voice.last_row < 0:
            return 2.0
        return float(np.abs(self._wet[0, voice.last_row, : self._frames]).max())

    # sound

    def render(self, voices: list[Voice], keys: Keys, now: int, bus: Planar) -> None:
        """Fill bus (2, frames), and take every voice as many frames further."""
        frames = self._frames = bus.shape[1]
        paths = self._paths
        paths.begin(now, frames)
        copied: tuple[list[Voice], list[Voice]] = ([], [])
        read: tuple[list[Voice], list[Voice]] = ([], [])
        ways: dict[int, int] = {}
        for voice in voices:
            manner = voice.manner
            if manner is None:
                continue
            speed = paths.steady_speed(voice, keys)
            if speed is None:
                ways[voice.number] = paths.add(voice, keys)
            else:
                voice.speed = speed
            (copied if speed == 1.0 and _copyable(voice) else read)[len(manner.playable.samples) - 1].append(voice)
        paths.work_out()
        # those with two channels first, those that are interpolated side by side
        order = copied[1] + read[1] + read[0] + copied[0]
        first, last = len(copied[1]), len(order) - len(copied[0])
        stereo = first + len(read[1])
        wet = self._wet[:, : len(order), :frames]
        if first < last:
            self._reading.read(order[first:last], stereo - first, ways, paths, now, wet[:, first:last])
        for row, voice in enumerate(order):
            begins = max(0, voice.begins - now)
            if not first <= row < last and voice.manner is not None:
                part = wet[: 2 if row < stereo else 1, row, begins:]
                voice.position = float(self._copier.copy(voice.manner, int(voice.position), part))
            if begins:
                wet[:, row, :begins] = 0
            voice.last_row, voice.last_frame = row, now + frames
        self._filter(order, stereo, now, wet)
        for voice in order:
            voice.glide.settle(now + frames)
            self._settle(voice, now + frames)
        self._mix(order, stereo, now, wet, bus)

    def _settle(self, voice: Voice, frame: int) -> None:
        """Its filter may have come to rest."""
        patch, swept = voice.manner.patch if voice.manner is not None else None, voice.sweeping
        voice.cutoff.settle(frame)
        voice.resonance.settle(frame)
        if swept and patch is not None and not voice.sweeping:
            self._tune(voice, patch)

    def _filter(self, order: list[Voice], stereo: int, now: int, wet: npt.NDArray[np.float32]) -> None:
        steady: list[int] = []
        swept: list[int] = []
        for row, voice in enumerate(order):
            if voice.filtered:
                (swept if voice.sweeping else steady).append(row)
        self._apply(self._tones.process, order, [row for row, voice in enumerate(order) if voice.tones], stereo, wet)
        self._apply(self._filters.process, order, steady, stereo, wet)
        if swept:
            self._filters.prepare_sweep([self._way(order[row], now, wet.shape[2]) for row in swept])
            self._apply(self._filters.sweep, order, swept, stereo, wet)

    @staticmethod
    def _apply(
        work: Callable[[int, Planar, list[int], list[int]], None],
        order: list[Voice],
        rows: list[int],
        stereo: int,
        wet: npt.NDArray[np.float32],
    ) -> None:
        if rows:
            slots = [order[row].number for row in rows]
            both = sum(row < stereo for row in rows)
            work(0, wet[0], rows, slots)
            if both:
                work(1, wet[1], rows[:both], slots[:both])

    def _mix(self, order: list[Voice], stereo: int, now: int, wet: npt.NDArray[np.float32], bus: Planar) -> None:
        frames = bus.shape[1]
        self._gains.begin(len(order), frames)
        for row, voice in enumerate(order):
            voice.shape(self._gains, row, now, frames)
        gains = self._gains.result()
        wet[0] *= gains
        wet[1, :stereo] *= gains[:stereo]
        left, right, both = self._sum[:, :frames]
        np.add.reduce(wet[0, :stereo], axis=0, out=left)
        np.add.reduce(wet[1, :stereo], axis=0, out=right)
        np.add.reduce(wet[0, stereo:], axis=0, out=both)
        np.add(left, both, out=bus[0])
        np.add(right, both, out=bus[1])


def _copyable(voice: Voice) -> bool:
    """Whether it goes from frame to frame, so that nothing needs to be interpolated."""
    manner = voice.manner
    if manner is None or not voice.position.is_integer():
        return False
    loop = manner.loop
    if loop is None:
        return True
    whole = loop.start.is_integer() and loop.end.is_integer()
    return whole and loop.end - loop.start >= _SHORTEST_COPIED_LOOP
