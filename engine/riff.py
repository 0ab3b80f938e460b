"""The RIFF chunks that make a WAV more than samples: `smpl`, `inst` and `LIST INFO`, written and read.

Source: Multimedia Programming Interface and Data Specifications 1.0 (IBM & Microsoft 1991) and its 1994 update.
No ACID chunk is written: hosts would time-stretch one-shots.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator, Mapping
from typing import BinaryIO

_SEMITONE = 2**32  # the smpl chunk's pitch fraction: 0x80000000 is half a semitone, 50 cents
_INFO_KEYS = {"prompt": b"INAM", "licence": b"ICOP", "software": b"ISFT"}  # everything else goes into the comment
_CHUNK_LIMIT, _MOST_CHUNKS = 2**20, 1000  # bytes and number of those read from a foreign file
_INFO_LIMIT = 64 * 1024  # bytes of one text field read from a foreign file


def smpl(root_note: float | None, loop: tuple[int, int] | None, rate_hz: int) -> bytes:
    """The sampler chunk. A sound without root note (and with a loop) is placed on C4, as hosts would."""
    note = 60.0 if root_note is None else min(127.0, max(0.0, root_note))
    unity = math.floor(note)
    fraction = round((note - unity) * _SEMITONE)
    if fraction == _SEMITONE:
        unity, fraction = unity + 1, 0
    header = struct.pack("<9I", 0, 0, round(1e9 / rate_hz), unity, fraction, 0, 0, 1 if loop else 0, 0)
    loops = struct.pack("<6I", 0, 0, loop[0], loop[1], 0, 0) if loop else b""  # forward, for ever; last frame inclusive
    return _chunk(b"smpl", header + loops)


def inst(root_note: float) -> bytes:
    """The instrument chunk: nearest key, and the cents that bring the sound in tune with it; the whole keyboard."""
    note = min(127.0, max(0.0, root_note))
    key = math.floor(note + 0.5)
    cents = max(-50, min(50, round((key - note) * 100)))
    return _chunk(b"inst", struct.pack("<Bbb4B", key, cents, 0, 0, 127, 1, 127))


def info(facts: Mapping[str, str]) -> bytes:
    """The LIST INFO chunk: prompt as name, licence, software, and all other facts as JSON in the comment. UTF-8."""
    fields = [(_INFO_KEYS[key], facts[key]) for key in _INFO_KEYS if facts.get(key)]
    rest = {key: value for key, value in facts.items() if key not in _INFO_KEYS}
    if rest:
        fields.append((b"ICMT", json.dumps(rest, ensure_ascii=False)))
    body = b"".join(_chunk(tag, text.encode("utf-8", "replace").replace(b"\0", b" ") + b"\0") for tag, text in fields)
    return _chunk(b"LIST", b"INFO" + body)


def with_chunks(wav: bytes, chunks: bytes) -> bytes:
    """`wav` with `chunks` after its last one and the RIFF size made right."""
    body = wav[8:] + (b"\0" if len(wav) % 2 else b"") + chunks
    return b"RIFF" + struct.pack("<I", len(body)) + body


def read_chunks(data: bytes) -> dict[bytes, bytes]:
    """The chunks of a WAV other than its samples; what is damaged is left out. Never raises."""
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return {}
    return {tag: body for tag, body in _walk(data, 12) if tag != b"data"}


def read_file_chunks(file: BinaryIO) -> dict[bytes, bytes]:
    """As `read_chunks`, without reading the samples; chunks of more than a megabyte are left out. Raises OSError."""
    head = file.read(12)
    found: dict[bytes, bytes] = {}
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return found
    for _ in range(_MOST_CHUNKS):
        label = file.read(8)
        if len(label) < 8:
            break
        tag, size = label[:4], struct.unpack("<I", label[4:])[0]
        if tag != b"data" and size <= _CHUNK_LIMIT:
            found[tag] = file.read(size)
            file.seek(size % 2, 1)
        else:
            file.seek(size + size % 2, 1)
    return found


def parse_smpl(body: bytes) -> tuple[float | None, tuple[int, int] | None]:
    """Root note and first loop of a smpl chunk's body; None where absent or senseless."""
    if len(body) < 36:
        return None, None
    unity, fraction = struct.unpack_from("<2I", body, 12)
    root = unity + fraction / _SEMITONE if unity <= 127 else None
    loops = struct.unpack_from("<I", body, 28)[0]
    if not loops or len(body) < 60:
        return root, None
    start, end = struct.unpack_from("<2I", body, 44)
    return root, ((start, end) if start < end else None)


def parse_info(body: bytes) -> dict[str, str]:
    """The facts of a LIST INFO chunk's body, as `info` wrote them; a foreign comment stays as `comment`."""
    if body[:4] != b"INFO":
        return {}
    names = {tag: key for key, tag in _INFO_KEYS.items()}
    facts: dict[str, str] = {}
    for tag, raw in _walk(body, 4):
        text = raw[:_INFO_LIMIT].split(b"\0")[0].decode("utf-8", "replace")
        if tag in names:
            facts[names[tag]] = text
        elif tag == b"ICMT":
            facts.update(_comment(text))
    return facts


def _comment(text: str) -> dict[str, str]:
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError):
        facts = None
    if isinstance(facts, dict) and all(isinstance(value, str) for value in facts.values()):
        return facts
    return {"comment": text} if text else {}


def _walk(data: bytes, start: int) -> Iterator[tuple[bytes, bytes]]:
    while start + 8 <= len(data):
        size = struct.unpack_from("<I", data, start + 4)[0]
        yield data[start : start + 4], data[start + 8 : start + 8 + size]
        start += 8 + size + size % 2


def _chunk(tag: bytes, body: bytes) -> bytes:
    return tag + struct.pack("<I", len(body)) + body + (b"\0" if len(body) % 2 else b"")
