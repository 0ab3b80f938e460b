"""Reading: voices whose sound is interpolated, all at once; those that bend, go round a loop or change over to another
level one by one as far as needed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.audio.interpolate import LEAD, Positions, Reader
from engine.audio.levels import Level
from engine.audio.manner import Manner
from engine.audio.paths import Paths, Seam, place_in
from engine.audio.voice import Voice

_Fours = npt.NDArray[np.float32]
_SLACK = 1.002  # a level is kept until the speed is clearly below what the fuller one bears


class Reading:
    """For so many voices and chunks of so many frames. Owns scratch; nothing is allocated while it reads."""

    def __init__(self, rows: int, block: int) -> None:
        self._reader = Reader(block)
        self._seam = Seam(block)
        self._start, self._step = np.zeros((2, rows, 1))
        self._positions = np.zeros((rows, block))
        self._others = np.zeros((rows, block))
        self._again = np.zeros((2, rows, block), np.float32)
        self._share = np.zeros((rows, block), np.float32)
        self._path = np.zeros(block)
        self._count = np.arange(block, dtype=np.float64)
        self._counts = np.tile(self._count, (rows, 1))
        self._steps = np.zeros((rows, block))

    def read(self, voices: list[Voice], stereo: int, ways: dict[int, int], paths: Paths, now: int, wet: _Fours) -> None:
        """Fill wet (2, voices, frames) and take the voices further. The first `stereo` have two channels. ways: which
        path those go that do not go straight on, by their number."""
        frames = wet.shape[2]
        sounds: list[_Fours] = []
        starts: list[float] = []
        paces: list[float] = []
        positions = self._positions[: len(voices), :frames]
        special: list[tuple[int, Voice, Manner, float, bool, Level | None]] = []
        for row, voice in enumerate(voices):
            manner, way = voice.manner, ways.get(voice.number)
            if manner is None:
                continue
            speed = voice.speed if way is None else paths.fastest(way)
            before, voice.read_level = voice.read_level, _level(manner.playable.levels, speed, voice.read_level)
            sounds.append(voice.read_level.fours)
            begins = max(0, voice.begins - now)
            position, loop = voice.position, manner.loop
            scale, offset = _scale(manner, voice.read_level)
            starts.append((position - begins * voice.speed) * scale + offset)
            paces.append(voice.speed * scale)
            changed = before if before is not voice.read_level else None
            if way is None:
                voice.position += (frames - begins) * voice.speed
            else:
                voice.position += paths.advance(way) - (paths.path(way)[begins] if begins else 0.0)
            seam = loop is not None and voice.position >= loop.end - loop.fade
            if way is not None or seam or changed is not None:
                special.append((row, voice, manner, position, seam, changed))
            if loop is not None:
                voice.position = place_in(loop, voice.position)
        self._start[: len(starts), 0], self._step[: len(paces), 0] = starts, paces
        steps = self._steps[: len(voices), :frames]
        np.copyto(
            steps, self._step[: len(voices)]
        )  # copied first: arithmetic on unequal shapes would allocate a buffer
        np.multiply(steps, self._counts[: len(voices), :frames], out=steps)
        np.copyto(positions, self._start[: len(voices)])
        positions += steps
        again: list[tuple[int, _Fours]] = []
        for row, voice, manner, position, seam, changed in special:
            way = ways.get(voice.number)
            path = self._walk(voice, position, way, paths, max(0, voice.begins - now), frames)
            again += self._turn(row, voice, manner, path, seam, changed, len(again), positions[row])
            if way is not None:
                voice.speed = paths.last_speed(way)
        self._reader.read(sounds, positions, stereo, wet)
        if again:
            self._blend(again, stereo, wet)

    def _walk(
        self, voice: Voice, position: float, way: int | None, paths: Paths, begins: int, frames: int
    ) -> Positions:
        """Where in its sound the voice is at every frame, loops left aside."""
        path = self._path[:frames]
        if way is None:
            np.multiply(self._count[:frames], voice.speed, out=path)
            path += position - begins * voice.speed
        else:
            np.add(paths.path(way), position - (paths.path(way)[begins] if begins else 0.0), out=path)
        return path

    def _turn(
        self, row: int, voice: Voice, manner: Manner, path: Positions, seam: bool, changed: Level | None, at: int,
        out: Positions,
    ) -> list[tuple[int, _Fours]]:
        """Positions of one special voice; and what else must be read for it: the next round of its loop or the level it
        has left. seam: whether it comes to where its loop goes over into the next round."""
        level, loop = voice.read_level, manner.loop if seam else None
        if level is None:
            return []
        if loop is not None:
            self._seam.wrap(path, loop)
        scale, offset = _scale(manner, level)
        np.multiply(path, scale, out=out)
        out += offset
        other, share = self._others[at, : len(path)], self._share[at, : len(path)]
        if loop is not None and self._seam.share(path, loop, share):
            np.subtract(path, loop.end - loop.start, out=other)
            other *= scale
            other += offset
            return [(row, level.fours)]
        if changed is not None:
            scale, offset = _scale(manner, changed)
            np.multiply(path, scale, out=other)
            other += offset
            np.multiply(self._count[: len(path)], -1 / len(path), out=share, casting="unsafe")
            share += 1
            return [(row, changed.fours)]
        return []

    def _blend(self, again: list[tuple[int, _Fours]], stereo: int, wet: npt.NDArray[np.float32]) -> None:
        used, frames = len(again), wet.shape[2]
        read, share = self._again[:, :used, :frames], self._share[:used, :frames]
        both = sum(row < stereo for row, _ in again)
        self._reader.read([fours for _, fours in again], self._others[:used, :frames], both, read)
        for at, (row, _) in enumerate(again):
            for channel in range(2 if row < stereo else 1):
                other = read[channel, at]
                other -= wet[channel, row]
                other *= share[at]
                wet[channel, row] += other


def _scale(manner: Manner, level: Level) -> tuple[float, float]:
    """Position in the sound as it is played -> in a level: times the first, plus the second."""
    if manner.mirrored:
        return -level.ratio, (manner.playable.frames - 1) * level.ratio + LEAD
    return level.ratio, float(LEAD)


def _level(levels: tuple[Level, ...], speed: float, present: Level | None) -> Level:
    """The fullest one without alias at a speed, rather the present one than one that will not last."""
    for level in levels:
        if speed * (1.0 if level is present else _SLACK) <= level.fastest:
            return level
    return levels[-1]
