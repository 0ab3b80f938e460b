"""The corpus on disk: samples and pitch curves back to back, one manifest line per sound.

corpus.json     version, seed, rate, counts
manifest.jsonl  one sound per line: instrument, licence, split, attributes, measured features, where it lies
samples.i16     int16 mono at 44.1 kHz, sounds back to back (peak 0.9 of full scale)
pitch.f32       f0 in Hz per 512 frames, 0 where there is no pitch
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import CannotWrite, LatenteError

VERSION = 1
Row = dict[str, Any]


class CorpusWriter:
    """Writes sounds in order; the manifest appears last, so a folder with a manifest is complete."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: list[Row] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "manifest.jsonl").unlink(missing_ok=True)
            self._samples = (folder / "samples.i16").open("wb")
            self._pitch = (folder / "pitch.f32").open("wb")
        except OSError as error:
            raise CannotWrite(f"The corpus cannot be written to {folder}: {error.strerror}.") from error
        self._frames = self._points = 0

    def add(self, samples: npt.NDArray[np.int16], f0_hz: npt.NDArray[np.float32], row: Row) -> None:
        """samples (frames,) int16; f0_hz (points,)."""
        self._samples.write(samples.astype("<i2").tobytes())
        self._pitch.write(f0_hz.astype("<f4").tobytes())
        place = {"frame": self._frames, "frames": len(samples), "point": self._points, "points": len(f0_hz)}
        self.rows.append({"index": len(self.rows), **row, **place})
        self._frames += len(samples)
        self._points += len(f0_hz)

    def finish(self, facts: dict[str, Any]) -> None:
        """Close the data and write the manifest."""
        for file in (self._samples, self._pitch):
            file.flush()
            os.fsync(file.fileno())
            file.close()
        facts = {"version": VERSION, "rate_hz": 44100, "sounds": len(self.rows), **facts}
        (self.folder / "corpus.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        temporary = self.folder / "manifest.jsonl.part"
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.rows)
        temporary.write_text(lines, encoding="utf-8")
        temporary.replace(self.folder / "manifest.jsonl")

    def __enter__(self) -> CorpusWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._samples.close()
        self._pitch.close()


@dataclass(frozen=True, eq=False)
class Corpus:
    """A rendered corpus, opened for reading. Samples stay on disk until asked for (memory-mapped, read-only)."""

    folder: Path
    rows: list[Row]
    samples: npt.NDArray[np.int16]
    pitch: npt.NDArray[np.float32]

    @staticmethod
    def open(folder: Path) -> Corpus:
        """Raises LatenteError when the folder holds no complete corpus."""
        try:
            lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
            samples = np.memmap(folder / "samples.i16", dtype="<i2", mode="r")
            pitch = np.fromfile(folder / "pitch.f32", dtype="<f4")
        except (OSError, ValueError) as error:
            raise LatenteError(
                f"{folder} holds no complete corpus. Make one with `latente corpus render --out {folder}`."
            ) from error
        return Corpus(folder, [json.loads(line) for line in lines], samples, pitch)

    def sound(self, index: int, start: int = 0, frames: int | None = None) -> npt.NDArray[np.float32]:
        """float32 (frames,), -1..1; zeros beyond the end of the sound. `frames` None: the whole sound."""
        row = self.rows[index]
        length = row["frames"] - start if frames is None else frames
        stop = min(row["frames"], start + length)
        out = np.zeros(length, np.float32)
        if stop > start:
            out[: stop - start] = self.samples[row["frame"] + start : row["frame"] + stop] * np.float32(1 / 32768)
        return out

    def f0(self, index: int, start: int = 0, points: int | None = None) -> npt.NDArray[np.float32]:
        """f0 in Hz (points,); beyond the end the last value holds."""
        row = self.rows[index]
        curve = self.pitch[row["point"] : row["point"] + row["points"]]
        wanted = row["points"] - start if points is None else points
        return np.asarray(curve[np.clip(np.arange(start, start + wanted), 0, row["points"] - 1)], np.float32)

    def of_split(self, *splits: str) -> list[int]:
        """Indices of the sounds whose instrument belongs to one of the splits."""
        return [row["index"] for row in self.rows if row["split"] in splits]

    def pairs(self, indices: Iterable[int]) -> list[tuple[int, int]]:
        """(sound, the same instrument at another note) for each index; (sound, itself) where there is no other."""
        by_pair: dict[int, list[int]] = {}
        chosen = list(indices)
        for index in chosen:
            by_pair.setdefault(self.rows[index]["pair"], []).append(index)
        return [(index, next((o for o in by_pair[self.rows[index]["pair"]] if o != index), index)) for index in chosen]
