"""Files that were damaged or built to hurt, opened as the program opens them: audio in its child, presets here."""

from __future__ import annotations

import contextlib
import io
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.report import Benchmark, Figures
from engine import paths
from engine.audiofile import wav_bytes
from engine.errors import LatenteError
from engine.outside.decode import DecoderDied, decode
from engine.presets.toml import read_preset
from engine.sound import Sound

FORMATS = ("WAV", "FLAC", "MP3", "OGG", "AIFF")
EXTREME = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF8)
PRESETS_EACH = 20  # a preset is opened so much faster than a file in a child
NASTY = (b"a." * 60_000, b"x=" + b"[" * 60_000, b"x=" + b"{a=" * 40_000, b"x=" + b"9" * 100_000, b"[[a]]\n" * 20_000)


def measure(count: int) -> Figures:
    """inputs; deaths: of decode children, which the program survives; escapes: answers that are neither a sound (or a
    preset) nor one clear line; slowest_s of any. Each `count` is 10 audio files and 20 presets."""
    rng = np.random.default_rng(0)
    deaths = escapes = inputs = 0
    slowest_s = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for attempt in _attempts(rng, Path(folder), count):
            began = time.perf_counter()
            try:
                attempt()
            except DecoderDied as problem:
                deaths += 1
                escapes += not _clear(problem)
            except LatenteError as problem:
                escapes += not _clear(problem)
            except Exception:
                escapes += 1
            inputs += 1
            slowest_s = max(slowest_s, time.perf_counter() - began)
    return {"inputs": inputs, "deaths": deaths, "escapes": escapes, "slowest_s": slowest_s}


def _attempts(rng: np.random.Generator, folder: Path, count: int) -> Iterator[Callable[[], None]]:
    honest = {name: _honest(name) for name in FORMATS}
    presets = [path.read_bytes() for path in sorted(paths.presets().glob("*.toml"))]
    for data in NASTY:
        yield lambda data=data: _open_preset(data)  # type: ignore[misc]
    for number in range(2 * count):
        for name, data in honest.items():
            path = folder / f"{number}.{name.lower()}"
            path.write_bytes(_mutated(data, rng))
            yield lambda path=path: _open_audio(path)  # type: ignore[misc]
            path.unlink()
        for _ in range(PRESETS_EACH // 2):
            data = _mutated(presets[rng.integers(len(presets))], rng)
            yield lambda data=data: _open_preset(data)  # type: ignore[misc]


def _open_audio(path: Path) -> None:
    sound = decode(path).sound
    if not np.isfinite(sound.samples).all() or sound.seconds > 30.0 or sound.channels > 2:
        raise AssertionError("a sound that breaks the limits")


def _open_preset(data: bytes) -> None:
    read_preset(data)


def _honest(name: str) -> bytes:
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8000) / 44100)
    if name == "WAV":
        return wav_bytes(Sound(tone.astype(np.float32), 44100, 69.0, (100, 7000), {"prompt": "x", "seed": "1"}))
    file = io.BytesIO()
    soundfile.write(file, tone, 44100, format=name)
    return file.getvalue()


def _mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """One to three of: other bytes (mostly near the head, where formats are brittle), an extreme number, a cut, a
    part twice, a part gone."""
    out = bytearray(data)
    for kind in rng.integers(0, 5, rng.integers(1, 4)):
        place = int(rng.integers(0, max(1, min(len(out), 200 if rng.random() < 0.7 else len(out)))))
        length = int(rng.integers(1, 64))
        if kind == 0:
            for at in rng.integers(0, max(1, len(out)), 4):
                if out:
                    out[at] = rng.integers(0, 256)
        elif kind == 1:
            order = "<I" if rng.random() < 0.5 else ">I"
            out[place : place + 4] = struct.pack(order, EXTREME[rng.integers(len(EXTREME))])
        elif kind == 2:
            del out[int(rng.integers(0, len(out) + 1)) :]
        elif kind == 3:
            out[place:place] = out[place : place + length] * int(rng.integers(1, 50))
        else:
            del out[place : place + length]
    return bytes(out)


def _clear(problem: LatenteError) -> bool:
    text = str(problem)
    with contextlib.suppress(UnicodeEncodeError):
        text.encode()
        return bool(text) and "\n" not in text and "Traceback" not in text
    return False


BENCHMARK = Benchmark(
    "Damaged and hostile files, opened as the program opens them", measure, {"escapes": 0.0, "slowest_s": 20.5}
)
