"""Where rendered sounds go: what -o means."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from engine.audiofile import file_stem, write_new_wav, write_wav
from engine.errors import BadRequest
from engine.files import check_writable, make_folder
from engine.request import Request
from engine.sound import Sound


@dataclass(frozen=True)
class Destination:
    """folder: of all files. stem: of the files' names, None to make it from prompt, note and seed.
    overwrite: the user named this very file.
    """

    folder: Path
    stem: str | None = None
    overwrite: bool = False

    @classmethod
    def parse(cls, out: str | None, count: int) -> Destination:
        """None is the current folder; `x.wav` a file (`x-1.wav`, `x-2.wav` … when `count` > 1); all else a folder.

        Raises BadRequest on another kind of file, CannotWrite when nothing can be written there.
        """
        destination = cls._read(out, count)
        check_writable(destination.folder)
        return destination

    @classmethod
    def _read(cls, out: str | None, count: int) -> Destination:
        if out is None:
            return cls(Path.cwd())
        if not out.strip() or "\0" in out:
            raise BadRequest("-o names no file or folder.")
        path = Path(out).expanduser()
        if path.is_dir() or out.endswith(("/", os.sep)) or not path.suffix:
            return cls(path)
        if path.suffix.lower() != ".wav":
            raise BadRequest(f"Only WAV files are written. Name it {path.stem}.wav, or name a folder.")
        return cls(path.parent, path.stem, overwrite=count == 1)

    def write(self, sound: Sound, request: Request, index: int, bits: str) -> Path:
        """Writes the sound number `index` (from 0) and returns where. Raises CannotWrite; no file is left then."""
        make_folder(self.folder)
        if self.stem is None:
            return write_new_wav(
                sound, self.folder, file_stem(request.prompt, sound.root_note, str(request.seed)), bits
            )
        if self.overwrite:
            path = self.folder / f"{self.stem}.wav"
            write_wav(sound, path, bits)
            return path
        return write_new_wav(sound, self.folder, f"{self.stem}-{index + 1}", bits)
