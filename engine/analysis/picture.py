"""Sound -> PNG: waveform over a log-frequency spectrogram, for eyes that have no window to look at.

`python -m engine.analysis.picture IN.wav OUT.png`
"""

from __future__ import annotations

import io
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine import paths
from engine.audiofile import read_audio
from engine.errors import BadRequest, LatenteError
from engine.files import write_atomically
from engine.pitch import note_name
from engine.sound import Sound

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

HOP_FRAMES = 256
WINDOWS_FRAMES = (1024, 8192)  # one that is sharp in time, one that is sharp in frequency
LOWEST_HZ, HIGHEST_HZ = 20.0, 20000.0
ROWS = 480  # about 48 an octave
FLOOR_DB = -80.0
TICKS_HZ = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)
COLOURS = ("#0c0e11", "#1d1230", "#4a1a5c", "#8c2a73", "#d1496b", "#f58a4d", "#ffc766", "#fff3d6")


def log_spectrogram(samples: npt.NDArray[np.float32], rate_hz: int) -> npt.NDArray[np.float32]:
    """Level in dB under the sound's loudest point, float32 (ROWS, hops), lowest frequency first, FLOOR_DB..0.

    samples (frames,). The geometric mean of a wide-band and a narrow-band spectrogram shows attacks and partials both
    (Cheung & Lim 1991). Rows above half the rate are at the floor.
    """
    hops = max(1, -(-len(samples) // HOP_FRAMES))
    edges = np.geomspace(LOWEST_HZ, HIGHEST_HZ, ROWS)
    level = np.zeros((ROWS, hops))
    for window_frames in WINDOWS_FRAMES:
        padded = np.pad(samples, (window_frames // 2, window_frames // 2 + hops * HOP_FRAMES - len(samples)))
        window = np.hanning(window_frames)
        cut = np.lib.stride_tricks.sliding_window_view(padded, window_frames)[: hops * HOP_FRAMES : HOP_FRAMES]
        amplitude = np.abs(np.fft.rfft(cut * (window / window.sum()), axis=1))
        decibel = 20 * np.log10(np.maximum(amplitude, 1e-9))
        bins = np.arange(amplitude.shape[1]) * (rate_hz / window_frames)
        for hop in range(hops):
            level[:, hop] += np.interp(edges, bins, decibel[hop])
    level /= len(WINDOWS_FRAMES)
    level[edges > rate_hz / 2] = -np.inf
    return np.asarray(np.maximum(level - max(level.max(), -120.0), FLOOR_DB), np.float32)


def picture(sound: Sound, title: str = "", dpi: int = 130) -> bytes:
    """A PNG, 1300 × 800 at the default dpi. The title defaults to the prompt that the sound carries."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

    look = tomllib.loads((paths.resources() / "theme" / "dark.toml").read_text("utf-8"))
    plain, strong = _font("Inter-Regular.otf", 9), _font("Inter-SemiBold.otf", 14)
    figure = Figure(figsize=(10, 800 / 130), dpi=dpi, facecolor=look["pane"])
    FigureCanvasAgg(figure)
    edges = {"left": 0.07, "right": 0.93, "top": 0.87, "bottom": 0.08, "hspace": 0.06, "wspace": 0.02}
    grid = figure.add_gridspec(2, 2, height_ratios=(1, 1.9), width_ratios=(1, 0.016), **edges)
    wave = figure.add_subplot(grid[0, 0])
    spectrum = figure.add_subplot(grid[1, 0], sharex=wave)
    bar = figure.add_subplot(grid[1, 1])
    for axes in (wave, spectrum, bar):
        _dress(axes, look)

    seconds = max(sound.seconds, 1 / sound.rate_hz)
    _draw_wave(wave, sound, look)
    wave.set_ylabel("amplitude", fontproperties=plain, color=look["quiet"])
    wave.tick_params(labelbottom=False)

    image = spectrum.imshow(
        log_spectrogram(sound.mono(), sound.rate_hz),
        origin="lower",
        aspect="auto",
        interpolation="bilinear",
        extent=(0.0, seconds, np.log10(LOWEST_HZ), np.log10(HIGHEST_HZ)),
        cmap=LinearSegmentedColormap.from_list("ember", COLOURS),
        vmin=FLOOR_DB,
        vmax=0.0,
    )
    spectrum.set_yticks(np.log10(TICKS_HZ), [f"{hz // 1000} k" if hz >= 1000 else str(hz) for hz in TICKS_HZ])
    spectrum.set_ylabel("frequency (Hz)", fontproperties=plain, color=look["quiet"])
    spectrum.set_xlabel("time (s)", fontproperties=plain, color=look["quiet"])
    spectrum.set_xlim(0.0, seconds)
    figure.colorbar(image, cax=bar).outline.set_visible(False)
    bar.set_ylabel("dB under the loudest point", fontproperties=plain, color=look["quiet"])
    for axes in (wave, spectrum, bar):
        for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
            label.set_fontproperties(plain)

    title = title or sound.provenance.get("prompt", "")
    figure.text(0.07, 0.935, _short(title), fontproperties=strong, color=look["text"])
    figure.text(0.07, 0.895, _facts(sound), fontproperties=plain, color=look["quiet"])
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", facecolor=figure.get_facecolor())
    return buffer.getvalue()


def _draw_wave(axes: Axes, sound: Sound, look: dict[str, str]) -> None:
    """Lowest and highest sample of each of 1600 columns, so that no peak is lost."""
    samples = sound.mono() if sound.frames else np.zeros(1, np.float32)
    starts = np.unique(np.linspace(0, len(samples), 1601, dtype=int)[:-1])
    times = starts / sound.rate_hz
    low, high = np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)
    axes.fill_between(times, low, high, color=look["amber"], linewidth=0.6)
    axes.axhline(0.0, color=look["line"], linewidth=0.8, zorder=0)
    axes.set_ylim(-1.05, 1.05)
    axes.set_yticks((-1, 0, 1))


def _dress(axes: Axes, look: dict[str, str]) -> None:
    axes.set_facecolor(look["well"])
    axes.tick_params(colors=look["quiet"], length=3, width=0.8)
    for spine in axes.spines.values():
        spine.set_color(look["line"])


def _font(file: str, points: float) -> FontProperties:
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(paths.resources() / "fonts" / file), size=points)


def _short(title: str, limit: int = 80) -> str:
    """One line that fits; what the font cannot draw becomes a dot, and a dollar sign is no formula."""
    line = "".join(ch if ord(ch) < 0x2100 else "·" for ch in title).replace("$", r"\$")
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _facts(sound: Sound) -> str:
    note = "no pitch" if sound.root_note is None else note_name(sound.root_note)
    peak = f"{sound.peak_dbfs:.1f} dBFS peak" if sound.peak else "silent"
    facts = [note, f"{sound.seconds:.2f} s", peak.replace("-", "−"), f"{sound.rate_hz / 1000:g} kHz"]
    if "seed" in sound.provenance:
        facts.append(f"seed {sound.provenance['seed']}")
    return " · ".join(facts)


def main(arguments: list[str]) -> int:
    """Draws the picture of one file. 0 done, 2 wrong usage, 1 failed with one line on stderr."""
    if len(arguments) != 2:
        print("usage: python -m engine.analysis.picture IN.wav OUT.png", file=sys.stderr)
        return BadRequest.exit_code
    source, target = map(Path, arguments)
    try:
        sound = read_audio(source)
        title = "" if "prompt" in sound.provenance else source.stem
        write_atomically(target, picture(sound, title))
    except LatenteError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
