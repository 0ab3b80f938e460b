"""Loops: the best one found, and its seam crossfaded so that round and round is as smooth as straight on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.signal import fftconvolve

from engine.dsp.trim import onset_frame
from engine.sound import Sound

Floats = npt.NDArray[np.float64]
_WINDOW_S = 0.05  # what lies before the loop's end must resemble what lies before its start for so long
_SHORTEST_S = 0.1  # shorter ones buzz
_LONGEST_S = 5.0
_STARTS = 16  # places tried for the start
_SUSTAINED = 0.1  # of the loudest 50 ms: below it the sound has died away
_REPEATS = 0.5  # resemblance below which no wave repeats
_COLOUR_S = 0.2
_LONGER = 0.02  # what a loop of double length may be worse and still be preferred: it sounds less like one


@dataclass(frozen=True)
class FoundLoop:
    """first, last: frames, last inclusive. quality: 0 nothing repeats, 1 the seam cannot be told from the rest."""

    first: int
    last: int
    quality: float


def find_loop(sound: Sound) -> FoundLoop | None:
    """The loop whose end resembles most what comes before its start, in wave and level; None for sounds too short.

    Normalised cross-correlation over 50 ms. Where no wave repeats, as in noise, the spectra on both sides of the seam
    say how good it is: a quality above 0.9 is a seam that can hardly be heard.
    """
    rate_hz = sound.rate_hz
    window, shortest = round(_WINDOW_S * rate_hz), round(_SHORTEST_S * rate_hz)
    mono = sound.mono().astype(np.float64)
    begin, end = _sustained(mono, window, onset_frame(sound.samples, rate_hz))
    if end - begin < window + shortest + 1:
        return None
    energy = np.cumsum(np.concatenate([[0.0], np.square(mono)]))
    best: FoundLoop | None = None
    best_score = -1.0
    for start in np.linspace(begin + window, end - shortest - 1, _STARTS).astype(int):
        ends = np.arange(start + shortest, min(end, start + round(_LONGEST_S * rate_hz)))
        pattern = mono[start - window : start]
        resemblance = fftconvolve(mono[ends[0] - window : ends[-1]], pattern[::-1], mode="valid")
        own = energy[start] - energy[start - window]
        theirs = energy[ends] - energy[ends - window]
        # 2r / (E0 + E1) is 1 for the same wave at the same level, and less where either differs
        alike = 2.0 * resemblance / np.maximum(own + theirs, 1e-12)
        score = alike + _LONGER * np.log2(np.maximum((ends - start) / rate_hz, 1e-3))
        place = int(np.argmax(score))
        if score[place] > best_score:
            best_score = float(score[place])
            best = FoundLoop(int(start), int(ends[place]) - 1, float(np.clip(alike[place], 0.0, 1.0)))
    if best is None or best.quality >= _REPEATS:
        return best
    return replace(best, quality=_same_colour(mono, best.first, best.last + 1, rate_hz))


def crossfade(sound: Sound, first: int, last: int, fade_s: float) -> Sound:
    """The sound with this loop, its seam crossfaded over at most `fade_s`, as far as there is sound before it.

    After the loop, too, the sound goes on smoothly, for players that ignore loops or leave them when a key is let go.
    Raises ValueError when the loop does not lie within the sound.
    """
    if not 0 <= first < last < sound.frames:
        raise ValueError(f"no loop from {first} to {last} in {sound.frames} frames")
    samples = sound.samples.astype(np.float64)
    frames = min(round(fade_s * sound.rate_hz), first, last + 1 - first)
    if frames > 0:
        end = last + 1
        old, new = samples[end - frames : end].copy(), samples[first - frames : first].copy()
        samples[end - frames : end] = _blend(old, new)
        after = min(frames, sound.frames - end)
        if after > 0:
            samples[end : end + after] = _blend(
                sound.samples[first : first + after].astype(np.float64), samples[end : end + after]
            )
    return replace(sound, samples=np.asarray(samples, np.float32), loop=(first, last))


def _blend(old: Floats, new: Floats) -> Floats:
    """`old` going over into `new`, (frames, channels), at constant power however alike they are (Fink et al. 2016)."""
    place = np.arange(1, len(old) + 1) / (len(old) + 1)
    rising = (0.5 - 0.5 * np.cos(np.pi * place))[:, None]
    power = np.sqrt(float(np.square(old).sum()) * float(np.square(new).sum()))
    alike = float(np.clip(float((old * new).sum()) / power, 0.0, 1.0)) if power > 0 else 1.0
    falling = 1.0 - rising
    return np.asarray((falling * old + rising * new) / np.sqrt(falling**2 + rising**2 + 2 * falling * rising * alike))


def _same_colour(mono: Floats, first: int, end: int, rate_hz: int) -> float:
    """1 where 0.2 s before `end` sound like 0.2 s after `first`, in bands of a third of an octave; 0 at 12 dB apart."""
    frames = min(round(_COLOUR_S * rate_hz), end - first)
    edges = np.geomspace(50.0, 0.45 * rate_hz, 30) * frames / rate_hz
    levels = []
    for start in (first, end - frames):
        power = np.cumsum(np.square(np.abs(np.fft.rfft(mono[start : start + frames] * np.hanning(frames)))))
        levels.append(10 * np.log10(np.maximum(np.diff(np.interp(edges, np.arange(len(power)), power)), 1e-12)))
    heard = np.maximum(*levels) > max(level.max() for level in levels) - 40.0
    return float(np.clip(1.0 - np.abs(levels[0] - levels[1])[heard].mean() / 12.0, 0.0, 1.0))


def _sustained(mono: Floats, window: int, onset: int) -> tuple[int, int]:
    """First and last frame between which the sound holds its level, the attack left out. mono (frames,)."""
    blocks = len(mono) // window
    if blocks == 0:
        return 0, 0
    level = np.sqrt(np.square(mono[: blocks * window]).reshape(blocks, window).mean(axis=1))
    loud = np.flatnonzero(level >= _SUSTAINED * level.max(initial=0.0))
    if level.max() <= 0 or not len(loud):
        return 0, 0
    return min(len(mono), onset + window), int(loud[-1] + 1) * window
