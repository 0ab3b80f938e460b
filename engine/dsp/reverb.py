"""A room of filtered noise that dies away (Moorer 1979, About this reverberation business). The same room each time."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.signal import fftconvolve

from engine.dsp.fade import fade_window
from engine.dsp.trim import tail_frame
from engine.sound import Sound

Floats = npt.NDArray[np.float64]
_EDGES_HZ = (250.0, 1000.0, 2000.0, 4000.0, 8000.0)  # the bands that die away each at its own pace
_LIVELY = (1.0, 1.0, 0.75, 0.5, 0.3, 0.15)  # of the reverberation time, each band at full damping
_LOWEST_HZ = 60.0  # no room under a sub bass: it would only blur
_DELAY_S, _RISE_S = 0.004, 0.006  # the walls are a metre or two away
_SEED = 1979


def reverb(sound: Sound, mix: float, rt60_s: float, damp: float) -> Sound:
    """The sound in a room, stereo, as much longer as the room is heard.

    mix, damp: percent; at mix 0 all is dry, at 100 all is room. rt60_s: how long the room takes to fall by 60 dB,
    below 1 kHz at any damping.
    """
    if mix <= 0 or not sound.frames:
        return sound
    room = response(sound.rate_hz, rt60_s, damp)
    dry = np.broadcast_to(sound.samples[:, :2].astype(np.float64), (sound.frames, 2))
    wet = fftconvolve(dry, room, axes=0)
    angle = 0.5 * np.pi * mix / 100  # equal power: dry and room hardly resemble each other
    out = np.sin(angle) * wet
    out[: sound.frames] += np.cos(angle) * dry
    end = max(sound.frames, tail_frame(out.astype(np.float32), sound.rate_hz))
    out = out[:end]
    out *= fade_window(end, 0, min(end - sound.frames, round(0.3 * rt60_s * sound.rate_hz)))[:, None]
    return replace(sound, samples=out.astype(np.float32))


@lru_cache(maxsize=4)  # while the mix is moved, the room stays
def response(rate_hz: int, rt60_s: float, damp: float) -> Floats:
    """What the room answers to an impulse, (frames, 2), with the energy of one in each channel; read-only."""
    frames = round((_DELAY_S + 1.2 * rt60_s) * rate_hz)
    delay, rise = round(_DELAY_S * rate_hz), max(1, round(_RISE_S * rate_hz))
    noise = np.random.default_rng(_SEED).standard_normal((frames, 2))
    spectrum = np.fft.rfft(noise, axis=0)
    hertz = np.asarray(np.fft.rfftfreq(frames, 1 / rate_hz), np.float64)
    time_s = np.arange(frames)[:, None] / rate_hz
    room = np.zeros((frames, 2))
    for weight, lively in zip(_bands(hertz), _LIVELY, strict=True):
        band_s = rt60_s * (1.0 - (1.0 - lively) * damp / 100)
        band = np.fft.irfft(spectrum * weight[:, None], frames, axis=0)
        room += band * 10.0 ** (-3.0 * time_s / band_s)
    room *= fade_window(frames, rise, 0)[:, None]
    room = np.concatenate([np.zeros((delay, 2)), room[: frames - delay]])
    room /= np.sqrt(np.square(room).sum(axis=0))
    room.flags.writeable = False
    return np.asarray(room)


def _bands(hertz: Floats) -> list[Floats]:
    """Weights of the bands at each frequency; together 1 above `_LOWEST_HZ`, with edges a third of an octave soft."""
    places = np.log2(np.maximum(hertz, 1e-3))
    above = [np.clip((places - np.log2(edge)) * 3 + 0.5, 0.0, 1.0) for edge in (_LOWEST_HZ, *_EDGES_HZ)]
    return [low - high for low, high in zip(above, [*above[1:], np.zeros(len(hertz))], strict=True)]
