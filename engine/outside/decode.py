"""Opening a file from outside in a child process: in the end there is a Sound, or one clear line. Never a hang."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from engine.errors import UnreadableAudio
from engine.outside.answer import CHANNELS, LINE_LIMIT, LONGEST_S, MOST_BYTES, RATE_HZ, Answer
from engine.outside.launch import launch
from engine.sound import Sound

LIMIT_S = 20.0


class DecoderDied(UnreadableAudio):
    """The child ended without an answer that can be believed."""


@dataclass(frozen=True, eq=False)
class Decoded:
    """sound: 44.1 kHz, one or two channels, at most 30 s. longer: the file goes on after it."""

    sound: Sound
    longer: bool


def decode(path: Path, *, seconds: float = LONGEST_S, limit_s: float = LIMIT_S) -> Decoded:
    """The first `seconds` of a WAV, FLAC, MP3, OGG or AIFF file, in at most `limit_s`.

    Waits for the child: not for the GUI thread. Raises UnreadableAudio with one line.
    """
    try:
        child = launch(path, seconds)
    except (OSError, ValueError) as error:
        raise UnreadableAudio(f"{_name(path)} cannot be opened: {_line(str(error))}") from error
    late = threading.Event()

    def end() -> None:
        late.set()
        child.kill()

    clock = threading.Timer(limit_s, end)
    clock.daemon = True
    clock.start()
    try:
        assert child.stdout is not None
        data = child.stdout.read(MOST_BYTES + 1)
    finally:
        clock.cancel()
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    if late.is_set():
        raise UnreadableAudio(f"{_name(path)} took longer than {limit_s:g} s to open. It may be damaged.")
    return _checked(path, data)


def _checked(path: Path, data: bytes) -> Decoded:
    """The child's answer, which is believed no more than the file: it may have been the file's by then."""
    broken = DecoderDied(f"{_name(path)} cannot be opened as audio: it may be damaged.")
    end = data.find(b"\n", 0, LINE_LIMIT)
    if end < 0 or len(data) > MOST_BYTES:
        raise broken
    try:
        answer = msgspec.json.decode(data[:end], type=Answer)
    except ValueError as error:
        raise broken from error
    if answer.problem:
        raise UnreadableAudio(_line(answer.problem))
    body = data[end + 1 :]
    if not (1 <= answer.channels <= CHANNELS and answer.frames >= 1):
        raise broken
    if len(body) != answer.frames * answer.channels * 4:
        raise broken
    samples = np.frombuffer(body, "<f4").reshape(answer.frames, answer.channels)
    if not np.isfinite(samples).all():
        raise broken
    root, loop = answer.root_note, answer.loop
    if root is not None and not 0 <= root <= 128:
        root = None
    if loop is not None and not 0 <= loop[0] < loop[1] < answer.frames:
        loop = None
    sound = Sound(samples.astype(np.float32), RATE_HZ, root, loop, answer.facts)
    return Decoded(sound, answer.longer)


def _name(path: Path) -> str:
    return _line(path.name) or "The file"


def _line(text: str) -> str:
    """One line that any terminal can show."""
    return " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())[:400]
