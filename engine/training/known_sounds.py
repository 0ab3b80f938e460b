"""Sounds made by formula, each for one thing that a codec may lose, and how much of that is left in a copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d, uniform_filter

from engine.codecs.source import HOP, RATE_HZ

Floats = npt.NDArray[np.float64]
Copy = Callable[[npt.NDArray[np.float32], npt.NDArray[np.float32]], npt.NDArray[np.float32]]

FRAMES = 2 * RATE_HZ
TREMOLO_HZ, BEATING_HZ = 6.0, 4.0
BELL_HZ = 440 * np.array([0.5, 1.0, 1.19, 1.5, 2.0, 2.51, 3.01, 4.17])  # hum, prime, tierce, quint, nominal …
NO_PITCH_CENTS = 12000.0  # stands for a copy without a fundamental
_FOLLOWED = 95  # percent of the moments
_HEARD_DB, _LOST_DB = -40.0, -30.0  # moments of the original under its loudest; a copy's fundamental under that
_SLOPE = 64  # frames from which a phase's turning is taken: up to 345 Hz off are told apart
_ENVELOPE_HOP = 441


@dataclass(frozen=True, eq=False)
class Known:
    """samples, hz (FRAMES,): the sound and its pitch, 0 where it has none."""

    samples: npt.NDArray[np.float32]
    hz: Floats

    @property
    def f0_hz(self) -> npt.NDArray[np.float32]:
        """The pitch every HOP frames."""
        return self.hz[::HOP].astype(np.float32)


def known_sounds() -> dict[str, Known]:
    """glide: an octave down within a second; vibrato: half a semitone either way; drop: an 808's; tremolo and beating:
    of a saw; bell: inharmonic partials that die away at their own pace; hiss: noise that does, darker with time."""
    time_s = np.arange(FRAMES) / RATE_HZ
    steady = np.full(FRAMES, 220.0)
    glide = 220 * 2.0 ** -np.clip(time_s - 0.5, 0, 1)
    vibrato = 220 * 2.0 ** (np.sin(2 * np.pi * 5.5 * time_s) / 24)
    drop = 48 * 2.0 ** (2 * np.exp(-time_s / 0.04))
    low, high = (_saw(steady / 2 + shift) for shift in (-BEATING_HZ / 2, BEATING_HZ / 2))
    bell = sum(
        np.sin(2 * np.pi * hz * time_s + place) * np.exp(-time_s * hz / 500) / (1 + place / 3)
        for place, hz in enumerate(BELL_HZ)
    )
    made = {
        "glide": (_saw(glide), glide),
        "vibrato": (_saw(vibrato), vibrato),
        "drop": (_saw(drop, 3) * np.exp(-time_s / 0.5), drop),
        "tremolo": (_saw(steady) * (1 + 0.6 * np.sin(2 * np.pi * TREMOLO_HZ * time_s)), steady),
        "beating": (low + high, steady / 2),
        "bell": (bell, 0 * steady),
        "hiss": (_hiss() * np.exp(-time_s / 0.7), 0 * steady),
    }
    return {key: Known(_levelled(samples), hz) for key, (samples, hz) in made.items()}


def survived(copy: Copy, out: Path | None = None) -> dict[str, float]:
    """What is left when each of the sounds is copied.

    glide_cents, vibrato_cents, drop_cents: how far the copy's fundamental lies from the original's, which 95 % of the
    moments keep. tremolo_left, beating_left: depth of the modulation over the original's, 1 is all. bell_db,
    bell_cents: how far a partial's level over time, and its frequency, lie from the original's, medians over partials.
    Draws the spectra of both as `codec-known-sounds.png` into `out`, a folder that exists.
    """
    originals = known_sounds()
    copies = {key: copy(known.samples, known.f0_hz) for key, known in originals.items()}
    found = {}
    for key in ("glide", "vibrato", "drop"):
        found[f"{key}_cents"] = float(np.percentile(_detuned(copies[key], originals[key]), _FOLLOWED))
    for key, hz in (("tremolo", TREMOLO_HZ), ("beating", BEATING_HZ)):
        found[f"{key}_left"] = _modulation(copies[key], hz) / _modulation(originals[key].samples, hz)
    partials = [_partial(copies["bell"], originals["bell"].samples, hz) for hz in BELL_HZ]
    found["bell_db"], found["bell_cents"] = (float(np.median(column)) for column in zip(*partials, strict=True))
    found["hiss_left"] = _scatter(copies["hiss"]) / _scatter(originals["hiss"].samples)
    if out is not None:
        _draw(out / "codec-known-sounds.png", originals, copies)
    return {key: round(value, 3) for key, value in found.items()}


def _detuned(copied: npt.NDArray[np.float32], original: Known) -> Floats:
    """Cents, without sign, between the fundamentals of two copies at the moments in which the original is loud.

    Both are turned back along the pitch curve, which leaves the fundamental resting at 0 Hz, where a window of one
    period of the lowest pitch parts it from all else; how fast one's phase runs from the other's is what they are
    apart. Correlating a frame with itself (`engine.analysis.pitch_track`) sees the mean over 50 ms, and a vibrato of
    half a semitone 15 cents wrong."""
    back = np.exp(-2j * np.pi * np.cumsum(original.hz) / RATE_HZ)
    period = RATE_HZ / original.hz.min()
    ours, theirs = (
        gaussian_filter1d((one * back).real, period) + 1j * gaussian_filter1d((one * back).imag, period)
        for one in (copied, original.samples)
    )
    apart = ours * theirs.conj()
    turned = np.angle(apart[_SLOPE:] * apart[:-_SLOPE].conj()) / (2 * np.pi) * RATE_HZ / _SLOPE
    share = turned / original.hz[_SLOPE // 2 : -_SLOPE // 2]
    middle = slice(_SLOPE // 2, -_SLOPE // 2)
    level, lost = np.abs(theirs[middle]), 10 ** (_LOST_DB / 20)
    cents = 1200 * np.abs(np.log2(np.maximum(1 + share, 1e-3)))
    cents = np.where(np.abs(ours[middle]) < lost * level, NO_PITCH_CENTS, cents)
    return np.asarray(cents[level > level.max() * 10 ** (_HEARD_DB / 20)])


def _saw(hz: Floats, harmonics: int = 40) -> Floats:
    """Partials up to 16 kHz on a pitch curve (FRAMES,)."""
    phase = 2 * np.pi * np.cumsum(hz) / RATE_HZ
    return np.asarray(sum(np.sin(k * phase) / k * (k * hz < 16000) for k in range(1, 1 + harmonics)))


def _hiss() -> Floats:
    """Noise whose level falls by 3 dB an octave."""
    spectrum = np.fft.rfft(np.random.default_rng(1).standard_normal(FRAMES))
    return np.asarray(np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 100)), FRAMES))


def _scatter(samples: npt.NDArray[np.float32]) -> float:
    """Standard deviation of log levels about their local mean, of the first half second."""
    frames = np.lib.stride_tricks.sliding_window_view(samples[: RATE_HZ // 2], 1024)[::256] * np.hanning(1024)
    size = np.abs(np.fft.rfft(frames, axis=1))
    levels = np.log(size + 1e-3 * size.max() + 1e-9)[:, 12:256]
    return float((levels - uniform_filter(levels, 9)).std())


def _levelled(samples: Floats) -> npt.NDArray[np.float32]:
    """At -1 dBFS, with soft ends."""
    ends = np.clip(np.minimum(np.arange(FRAMES), np.arange(FRAMES)[::-1]) / 220, 0, 1)
    return np.asarray(0.89 * ends * samples / np.abs(ends * samples).max(), np.float32)


def _modulation(samples: npt.NDArray[np.float32], hz: float) -> float:
    """How deep the level of the lowest partials swings so often a second, as a share of its mean."""
    spectrum = np.fft.rfft(samples.astype(np.float64))
    spectrum[round(300 * FRAMES / RATE_HZ) :] = 0
    size = np.abs(np.fft.irfft(spectrum, FRAMES))[RATE_HZ // 4 : -RATE_HZ // 4]
    level = size[: len(size) // _ENVELOPE_HOP * _ENVELOPE_HOP].reshape(-1, _ENVELOPE_HOP).mean(1)
    turns = np.exp(-2j * np.pi * hz * np.arange(len(level)) * _ENVELOPE_HOP / RATE_HZ)
    whole = int(len(level) * _ENVELOPE_HOP / RATE_HZ * hz) / hz * RATE_HZ / _ENVELOPE_HOP  # whole turns
    count = int(whole)
    return float(2 * np.abs((level[:count] * turns[:count]).mean()) / max(level[:count].mean(), 1e-9))


def _partial(copied: npt.NDArray[np.float32], original: npt.NDArray[np.float32], hz: float) -> tuple[float, float]:
    """(dB, cents) between two copies of one partial: mean over time down to 40 dB, and of the whole."""
    size, hop = 8192, 4096
    window = np.hanning(size)
    near = slice(int(hz * 0.97 * size / RATE_HZ), int(hz * 1.03 * size / RATE_HZ) + 2)
    levels, peaks = [], []
    for one in (copied, original):
        frames = np.lib.stride_tricks.sliding_window_view(one, size)[::hop] * window
        lines = np.abs(np.fft.rfft(frames, axis=1))[:, near]
        levels.append(20 * np.log10(lines.max(1) + 1e-9))
        finely = np.abs(np.fft.rfft(one[:RATE_HZ] * np.hanning(RATE_HZ), 4 * RATE_HZ))  # a quarter of a Hz
        low, high = int(4 * hz * 0.97), int(4 * hz * 1.03)
        peaks.append(low + int(finely[low:high].argmax()))
    heard = levels[1] > levels[1].max() - 40
    return float(np.abs(levels[0] - levels[1])[heard].mean()), 1200 * abs(float(np.log2(peaks[0] / peaks[1])))


def _draw(path: Path, originals: dict[str, Known], copies: dict[str, npt.NDArray[np.float32]]) -> None:
    """Spectra over time of originals (above) and copies (below), 80 dB deep, up to 6 kHz."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, len(originals), figsize=(2.6 * len(originals), 5), sharex=True, sharey=True)
    for column, (key, known) in enumerate(originals.items()):
        for row, samples in enumerate((known.samples, copies[key])):
            axes[row][column].specgram(
                samples + 1e-9, NFFT=2048, noverlap=1792, Fs=RATE_HZ, vmin=-150, vmax=-50, cmap="magma"
            )
            axes[row][column].set_ylim(0, 6000)
        axes[0][column].set_title(key)
    axes[0][0].set_ylabel("original, Hz")
    axes[1][0].set_ylabel("through the codec, Hz")
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    plt.close(figure)
