"""Whatever lies in a file: a sound, or one clear line, in time."""

import contextlib
import random
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.audiofile import wav_bytes
from engine.errors import UnreadableAudio
from engine.outside import answer, decode, launch
from engine.sound import Sound


def sine(seconds: float, rate_hz: int, channels: int = 1, hz: float = 440.0) -> np.ndarray:
    wave = 0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate_hz)) / rate_hz)
    return np.repeat(wave[:, None], channels, axis=1) * np.linspace(1, 0.5, channels)


@pytest.mark.parametrize(
    ("name", "rate_hz", "channels"),
    [("a.wav", 96000, 1), ("a.flac", 48000, 2), ("a.mp3", 44100, 2), ("a.ogg", 22050, 1), ("a.aiff", 8000, 6)],
)
def test_any_format_rate_and_channels_become_44100_hz_mono_or_stereo(
    tmp_path: Path, name: str, rate_hz: int, channels: int
) -> None:
    soundfile.write(tmp_path / name, sine(0.5, rate_hz, channels), rate_hz)
    decoded = decode.decode(tmp_path / name)
    assert decoded.sound.rate_hz == 44100
    assert decoded.sound.channels == min(2, channels)
    assert decoded.sound.seconds == pytest.approx(0.5, abs=0.06)  # codecs pad
    assert not decoded.longer
    spectrum = np.abs(np.fft.rfft(decoded.sound.samples[:22050, 0]))
    assert np.argmax(spectrum) * 2 == pytest.approx(440, abs=2)


def test_what_goes_on_after_30_s_is_cut_with_a_word(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", sine(31, 22050), 22050)
    decoded = decode.decode(tmp_path / "a.flac")
    assert decoded.longer
    assert decoded.sound.seconds == 30.0


def test_root_note_loop_and_facts_come_along(tmp_path: Path) -> None:
    made = Sound(sine(0.5, 88200).astype(np.float32), 88200, 69.0, (1000, 40001), {"prompt": "a", "seed": "3"})
    (tmp_path / "a.wav").write_bytes(wav_bytes(made))
    sound = decode.decode(tmp_path / "a.wav").sound
    assert sound.root_note == 69.0
    assert sound.loop == (500, 20000)
    assert sound.provenance == {"prompt": "a", "seed": "3"}


def honest() -> bytes:
    return wav_bytes(Sound(sine(0.2, 44100).astype(np.float32), 44100))


def with_size(data: bytes, at: int, value: int) -> bytes:
    return data[:at] + struct.pack("<I", value) + data[at + 4 :]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        honest()[:40],
        b"ID3" + bytes(2000),
        b"fLaC" + random.Random(1).randbytes(500),
        b"OggS" + bytes(500),
        with_size(honest(), 24, 0),  # a rate of 0 Hz
        with_size(honest(), 24, 2**32 - 1),
    ],
)
def test_a_damaged_file_is_one_clear_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "bad file.wav").write_bytes(data)
    with pytest.raises(UnreadableAudio, match=r"^bad file\.wav [^\n]+\.$"):
        decode.decode(tmp_path / "bad file.wav")


def test_a_header_that_promises_gigabytes_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(with_size(honest(), 40, 2**32 - 8))
    assert decode.decode(tmp_path / "a.wav").sound.seconds == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize("name", ["missing.wav", ".", "a\0b.wav", "a\udcff.wav"])
def test_what_is_no_file_is_one_clear_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableAudio) as caught:
        decode.decode(tmp_path / name)
    str(caught.value).encode()
    assert "\n" not in str(caught.value)


def child_that(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """The decoder taken over by its file: the child runs `code` instead."""
    monkeypatch.setattr(
        decode,
        "launch",
        lambda path, seconds: subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE),
    )


def test_a_file_that_hangs_the_decoder_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    child_that(monkeypatch, "import time; time.sleep(60)")
    began = time.monotonic()
    with pytest.raises(UnreadableAudio, match=r"took longer than 0\.5 s"):
        decode.decode(Path("a.wav"), limit_s=0.5)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.abort()",
        "print('not json')",
        "print('{}')",
        'print(\'{"frames": 1000, "channels": 2}\')',
        'print(\'{"frames": 1, "channels": 99}\\nabcd\')',
        "import sys\nwhile True: sys.stdout.buffer.write(bytes(1 << 20))",
        "import sys; sys.stdout.buffer.write(b'{\"frames\": 1, \"channels\": 1}\\n' + b'\\xff' * 4)",  # no number
    ],
)
def test_a_child_that_dies_or_lies_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    child_that(monkeypatch, code)
    with pytest.raises(UnreadableAudio, match=r"a\.wav cannot be opened as audio: it may be damaged\."):
        decode.decode(Path("a.wav"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits a process's memory so")
def test_the_child_cannot_take_all_memory_or_write() -> None:
    code = (
        "from engine.outside.child import _limit\nimport numpy as np\n_limit()\n"
        "try: np.ones(2**29)\nexcept MemoryError: print('refused')\n"
        "import resource; print(resource.getrlimit(resource.RLIMIT_FSIZE)[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused", "0"]


def test_the_frozen_program_becomes_its_own_decode_child(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(honest())
    code = (
        "import sys\nfrom engine.outside.launch import run_if_asked\nrun_if_asked(sys.argv[1:])\nsys.exit('a window')"
    )
    command = [sys.executable, "-c", code, launch.FLAG, str(tmp_path / "a.wav"), "30.0"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert decode._checked(Path("a.wav"), done.stdout).sound.frames == 8820


def test_mutated_files_never_escape(tmp_path: Path) -> None:
    """A few; `python -m benchmarks fuzz` does many."""
    rng = np.random.default_rng(8)
    for ending in ("wav", "flac", "ogg", "mp3", "aiff"):
        path = tmp_path / f"a.{ending}"
        soundfile.write(path, sine(0.2, 44100), 44100)
        data = bytearray(path.read_bytes())
        for place in rng.integers(0, min(len(data), 300), 12):
            data[place] = rng.integers(0, 256)
        path.write_bytes(bytes(data))
        with contextlib.suppress(UnreadableAudio):
            sound = decode.decode(path).sound
            assert np.isfinite(sound.samples).all()
            assert sound.frames <= answer.LONGEST_S * 44100
