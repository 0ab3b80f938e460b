"""Finishing: how one sound was finished, so that variants of it (other notes, edits) are finished alike.

Nothing is measured anew in the variant: it begins where the sound began and keeps its level beside the sound's own. So
neither a keyboard of variants nor a slider jumps, unless the variant itself is later or louder.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.dsp.dc import without_dc
from engine.dsp.fade import fade_window
from engine.sound import Sound

_FADE_IN_S, _FADE_OUT_S = 0.001, 0.05  # as in `finish`
_CEILING = 4.0  # +12 dBFS: a variant that would be louder is turned down to it, whatever made it so
Samples = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Finishing:
    """start: first frame kept. frames: length of what was finished. gain: linear. likeness: 0..1, correlation of the
    sound finished so with the one that it was found from; far below 1 the two are not the same sound."""

    start: int
    frames: int
    gain: float
    likeness: float

    @staticmethod
    def between(raw: Sound, finished: Sound) -> Finishing:
        """The offset and the gain that turn `raw` into `finished`, by cross-correlation. Both at one rate."""
        if raw.rate_hz != finished.rate_hz:
            raise ValueError(f"{raw.rate_hz} Hz and {finished.rate_hz} Hz cannot be compared")
        before, after = _prepared(raw), finished.mono()
        size = 1 << (len(before) + len(after)).bit_length()
        product = np.fft.rfft(before, size) * np.fft.rfft(after, size).conj()
        offsets = np.fft.irfft(product, size)[: max(1, len(before))]
        start = int(np.argmax(offsets))
        part = before[start : start + len(after)]
        part = part * _window(len(part), raw.rate_hz)
        energy, other = float(np.dot(part, part)), float(np.dot(after, after))
        if energy <= 0.0 or other <= 0.0:
            return Finishing(0, finished.frames, 1.0, 0.0)
        match = float(np.dot(part, after[: len(part)]))
        return Finishing(start, finished.frames, match / energy, max(0.0, match / float(np.sqrt(energy * other))))

    @staticmethod
    def level(raw: Sound, sound: Sound) -> Finishing:
        """For a sound that was encoded, not made: `raw`, what its latent decodes to, begins where it does and becomes
        as loud. The waveforms may differ."""
        energy = float(np.mean(np.square(_prepared(raw)[: sound.frames], dtype=np.float64)))
        wanted = float(np.mean(np.square(sound.mono(), dtype=np.float64)))
        return Finishing(0, sound.frames, float(np.sqrt(wanted / max(energy, 1e-12))), 1.0)

    def applied(self, raw: Sound, frames: int | None = None, gain: float = 1.0) -> Sound:
        """`raw` (of the same rate) finished alike: no NaN, no DC, ends faded to zero.

        frames: another length than the sound had; what is missing is silence. gain: on top of the sound's own.
        """
        frames = self.frames if frames is None else frames
        kept = _without_offset(raw.samples, raw.rate_hz)[self.start : self.start + frames]
        samples = np.zeros((frames, raw.channels), np.float32)
        if kept.any():
            window = _window(len(kept), raw.rate_hz)[:, None]
            faded = kept * window
            samples[: len(kept)] = (faded - window * (faded.sum(axis=0) / window.sum())) * (self.gain * gain)
            peak = float(np.abs(samples).max())
            samples *= min(1.0, _CEILING / max(peak, 1e-9))
        return Sound(samples, raw.rate_hz, raw.root_note)


    def part(self, raw: Sound, begin: int, frames: int) -> Samples:
        """What `applied` makes of a part of a sound, nearly: `raw` begins with frame `begin` of what is finished, which
        is `frames` long. What needs the whole (its mean, its ceiling) is taken from the part. Returns samples (frames,
        channels)."""
        kept = _without_offset(raw.samples, raw.rate_hz)[: frames - begin]
        kept = kept * _window(frames, raw.rate_hz)[begin : begin + len(kept), None] * np.float32(self.gain)
        return np.asarray(kept * min(1.0, _CEILING / max(float(np.abs(kept).max(initial=0.0)), 1e-9)), np.float32)


def _prepared(raw: Sound) -> Samples:
    """Mono (frames,), without NaN and DC."""
    return _without_offset(raw.mono()[:, None], raw.rate_hz)[:, 0]


def _without_offset(samples: Samples, rate_hz: int) -> Samples:
    """samples (frames, channels), finite and without DC."""
    return without_dc(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), rate_hz)


@lru_cache(maxsize=2)  # a slider that moves asks for the same again and again
def _window(frames: int, rate_hz: int) -> Samples:
    fade_out = min(round(_FADE_OUT_S * rate_hz), frames // 5)
    window = fade_window(frames, round(_FADE_IN_S * rate_hz), fade_out).astype(np.float32)
    window.flags.writeable = False
    return window
