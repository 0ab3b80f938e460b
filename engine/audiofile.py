"""Sound <-> file. WAV is written whole or not at all, with root note, loop and provenance in its chunks."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from engine import riff
from engine.errors import BadRequest, UnreadableAudio
from engine.files import safe_stem, write_atomically
from engine.params import BIT_DEPTHS
from engine.pitch import note_name
from engine.sound import Samples, Sound

MAX_FILE_BYTES = 512 * 2**20
MAX_SECONDS = 600.0
MAX_CHANNELS = 32
_BLOCK_FRAMES = 65536
_RATES_HZ = (1_000, 768_000)
_SUBTYPES = {"16": "PCM_16", "24": "PCM_24", "32f": "FLOAT"}


def file_stem(prompt: str, note: float | None, ending: str) -> str:
    """`warm-bass_C2_ending`, safe on every system whatever the prompt; without the note for unpitched sounds."""
    key = [] if note is None else [note_name(note)]
    return "_".join([safe_stem(prompt), *key, ending])


def wav_bytes(sound: Sound, bits: str = "24", chunks: bool = True) -> bytes:
    """The whole WAV file in memory. bits: 16 (TPDF dither), 24 or 32f. chunks: False for a clean file of samples only.

    Samples beyond -1..1 are clipped in the integer formats. Raises BadRequest on another bit depth.
    """
    if bits not in _SUBTYPES:
        raise BadRequest(f"Bit depth must be one of {', '.join(BIT_DEPTHS)}, not {bits}.")
    buffer = io.BytesIO()
    soundfile.write(buffer, _quantised(sound.samples, bits), sound.rate_hz, format="WAV", subtype=_SUBTYPES[bits])
    wav = buffer.getvalue()
    if not chunks:
        return wav
    extra = b""
    if sound.root_note is not None or sound.loop is not None:
        extra += riff.smpl(sound.root_note, sound.loop, sound.rate_hz)
    if sound.root_note is not None:
        extra += riff.inst(sound.root_note)
    if sound.provenance:
        extra += riff.info(sound.provenance)
    return riff.with_chunks(wav, extra)


def write_wav(sound: Sound, path: Path, bits: str = "24", chunks: bool = True, *, overwrite: bool = True) -> None:
    """Writes `sound` to `path`, complete or not at all.

    Raises CannotWrite (nothing is left behind), BadRequest on an unknown bit depth, and FileExistsError when the name
    is taken and `overwrite` is false.
    """
    write_atomically(path, wav_bytes(sound, bits, chunks), overwrite=overwrite)


def write_new_wav(sound: Sound, folder: Path, stem: str, bits: str = "24", chunks: bool = True) -> Path:
    """Writes `stem.wav`, or `stem-2.wav` and so on where that name is taken, and returns the path."""
    data = wav_bytes(sound, bits, chunks)
    number = 1
    while True:
        path = folder / (f"{stem}.wav" if number == 1 else f"{stem}-{number}.wav")
        try:
            write_atomically(path, data, overwrite=False)
            return path
        except FileExistsError:
            number += 1


def read_audio(path: Path) -> Sound:
    """Opens WAV, FLAC, MP3, OGG or AIFF, whole, at its own rate. Samples that are no numbers become silence.

    A WAV's root note, loop and provenance come along. Raises UnreadableAudio with one clear line.
    """
    sound, longer = read_start(path, MAX_SECONDS)
    if longer:
        raise UnreadableAudio(f"{path.name} is longer than {MAX_SECONDS / 60:g} minutes. Cut the part you need first.")
    return sound


def read_start(path: Path, seconds: float, channels: int = MAX_CHANNELS) -> tuple[Sound, bool]:
    """As `read_audio`, but at most the first `seconds` and `channels`; and whether the file goes on after that."""
    try:
        if not path.is_file():
            raise UnreadableAudio(f"{path} is no file. Choose a WAV, FLAC, MP3, OGG or AIFF file.")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UnreadableAudio(
                f"{path.name} is larger than {MAX_FILE_BYTES // 2**20} MB. Cut the part you need first."
            )
        samples, rate_hz, longer = _decode(path, seconds, channels)
        sound = Sound(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), rate_hz)
        return _with_facts(sound, path), longer
    except (OSError, soundfile.SoundFileError, ValueError, RuntimeError) as error:
        raise UnreadableAudio(
            f"{path.name} cannot be opened as audio. Choose a WAV, FLAC, MP3, OGG or AIFF file."
        ) from error


def _decode(path: Path, seconds: float, channels: int) -> tuple[Samples, int, bool]:
    """Samples, rate, and whether there is more. The header may promise anything: blocks are read until none comes."""
    with soundfile.SoundFile(str(path)) as file:
        rate_hz = int(file.samplerate)
        if not _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1] or file.channels > MAX_CHANNELS:
            raise UnreadableAudio(
                f"{path.name} has {file.channels} channels at {rate_hz} Hz, which Latente does not open."
            )
        wanted = int(seconds * rate_hz)
        blocks: list[Samples] = []
        got = 0
        while got <= wanted:
            block = file.read(min(_BLOCK_FRAMES, wanted + 1 - got), dtype="float32", always_2d=True)
            if not len(block):
                break
            blocks.append(block[:, :channels].copy())
            got += len(block)
    if not got:
        raise UnreadableAudio(f"{path.name} holds no sound.")
    return np.concatenate(blocks)[:wanted], rate_hz, got > wanted


def _with_facts(sound: Sound, path: Path) -> Sound:
    with open(path, "rb") as file:
        chunks = riff.read_file_chunks(file)
    root, loop = riff.parse_smpl(chunks.get(b"smpl", b""))
    if loop and loop[1] >= sound.frames:
        loop = None
    return Sound(sound.samples, sound.rate_hz, root, loop, riff.parse_info(chunks.get(b"LIST", b"")))


def _quantised(samples: Samples, bits: str) -> Samples | npt.NDArray[np.int16] | npt.NDArray[np.int32]:
    """What is written, exactly: no library rounds, clips or scales after this."""
    if bits == "32f":
        return samples
    if bits == "24":
        values = np.clip(np.round(samples.astype(np.float64) * 2**23), -(2**23), 2**23 - 1)
        return values.astype(np.int32) << 8  # 24 bits, left-aligned
    noise = np.random.default_rng(samples.size)  # the same sound gives the same file
    dither = noise.random(samples.shape) - noise.random(samples.shape)  # triangular, ±1 step (Lipshitz et al. 1992)
    values = np.clip(np.round(samples * 2.0**15 + dither), -(2**15), 2**15 - 1)
    return values.astype(np.int16)
