"""What is written is what was meant, to the bit; what is read is checked."""

import math
import os
import resource
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from engine import riff
from engine.audiofile import file_stem, read_audio, wav_bytes, write_new_wav, write_wav
from engine.errors import BadRequest, CannotWrite, UnreadableAudio
from engine.sound import Sound


def tone(frames: int = 4410, rate_hz: int = 44100, channels: int = 1, **facts: object) -> Sound:
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(frames) / rate_hz).astype(np.float32)
    return Sound(np.repeat(wave[:, None], channels, axis=1), rate_hz, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(("bits", "subtype"), [("16", "PCM_16"), ("24", "PCM_24"), ("32f", "FLOAT")])
@pytest.mark.parametrize("rate_hz", [44100, 96000])
@pytest.mark.parametrize("channels", [1, 2])
def test_files_have_the_format_asked_for(tmp_path: Path, bits: str, subtype: str, rate_hz: int, channels: int) -> None:
    sound = tone(rate_hz=rate_hz, channels=channels)
    write_wav(sound, tmp_path / "a.wav", bits)
    seen = soundfile.info(tmp_path / "a.wav")
    assert (seen.format, seen.subtype, seen.samplerate, seen.channels, seen.frames) == (
        "WAV", subtype, rate_hz, channels, sound.frames,
    )  # fmt: skip
    back = read_audio(tmp_path / "a.wav")
    assert np.abs(back.samples - sound.samples).max() <= {"16": 1.5 / 2**15, "24": 0.5 / 2**23, "32f": 0.0}[bits] + 1e-9


def test_an_unknown_bit_depth_is_refused() -> None:
    with pytest.raises(BadRequest, match="16, 24, 32f"):
        wav_bytes(tone(), "8")


def test_loud_samples_are_clipped_not_wrapped(tmp_path: Path) -> None:
    loud = Sound(np.array([2.0, -2.0, 1.0, -1.0], np.float32), 44100)
    for bits in ("16", "24"):
        write_wav(loud, tmp_path / "a.wav", bits)
        assert np.allclose(read_audio(tmp_path / "a.wav").samples[:, 0], [1, -1, 1, -1], atol=1e-4)


def test_dither_keeps_what_lies_below_one_step(tmp_path: Path) -> None:
    quiet = tone(44100).with_samples(tone(44100).samples * 2 * 0.3 / 2**15)  # a sine of 0.3 steps: rounding loses it
    write_wav(quiet, tmp_path / "a.wav", "16")
    heard = read_audio(tmp_path / "a.wav").samples[:, 0].astype(np.float64) * 2**15
    sine = np.sin(2 * np.pi * 440 * np.arange(44100) / 44100)
    assert 2 * np.mean(heard * sine) == pytest.approx(0.3, abs=0.02)
    assert np.std(heard - 0.3 * sine) == pytest.approx(math.sqrt(3 / 12), rel=0.05)  # TPDF: 2/12, rounding: 1/12


def test_the_same_sound_gives_the_same_file() -> None:
    assert wav_bytes(tone(), "16") == wav_bytes(tone(), "16")


def test_the_smpl_chunk_counts_half_a_semitone_as_0x80000000() -> None:
    body = riff.smpl(60.5, None, 44100)[8:]
    assert struct.unpack_from("<2I", body, 12) == (60, 0x80000000)


@given(st.floats(0, 127))
def test_root_notes_survive_the_smpl_chunk(note: float) -> None:
    root, loop = riff.parse_smpl(riff.smpl(note, None, 44100)[8:])
    assert root == pytest.approx(note, abs=1e-6)
    assert loop is None


def test_the_inst_chunk_names_the_nearest_key_and_what_tunes_it() -> None:
    body = riff.inst(60.7)[8:]
    assert struct.unpack_from("<Bb", body) == (61, 30)


def test_note_loop_and_provenance_come_back(tmp_path: Path) -> None:
    facts = {"prompt": "bombo áspero 暖", "licence": "yours", "software": "Latente", "seed": "7", "model": "latente-1"}
    write_wav(tone(root_note=33.25, loop=(100, 4000), provenance=facts), tmp_path / "a.wav")
    back = read_audio(tmp_path / "a.wav")
    assert back.root_note == pytest.approx(33.25)
    assert back.loop == (100, 4000)
    assert back.provenance == facts


def test_sizes_in_the_file_are_right_and_even(tmp_path: Path) -> None:
    sound = tone(1001, root_note=60, provenance={"prompt": "odd", "seed": "1"})  # 3003 bytes of samples: needs a pad
    data = wav_bytes(sound, "24")
    assert struct.unpack_from("<I", data, 4)[0] == len(data) - 8
    at, tags = 12, []
    while at < len(data):
        assert at % 2 == 0
        tags.append(data[at : at + 4])
        size = struct.unpack_from("<I", data, at + 4)[0]
        at += 8 + size + size % 2
    assert at == len(data)
    assert tags == [b"fmt ", b"data", b"smpl", b"inst", b"LIST"]


def test_a_clean_file_holds_samples_only() -> None:
    data = wav_bytes(tone(root_note=60, provenance={"prompt": "secret"}), chunks=False)
    assert set(riff.read_chunks(data)) == {b"fmt "}


def test_an_unpitched_sound_has_no_sampler_chunk() -> None:
    assert b"smpl" not in riff.read_chunks(wav_bytes(tone(provenance={"prompt": "clap"})))


def test_new_files_never_replace_old_ones(tmp_path: Path) -> None:
    paths = [write_new_wav(tone(), tmp_path, "kick") for _ in range(3)]
    assert [path.name for path in paths] == ["kick.wav", "kick-2.wav", "kick-3.wav"]


def test_file_names_say_words_note_and_ending() -> None:
    assert file_stem("warm bass", 30, "ab12") == "warm-bass_F#1_ab12"
    assert file_stem("clap", None, "7") == "clap_7"


def test_a_full_disk_leaves_no_file(tmp_path: Path) -> None:
    script = (
        "import resource, signal, sys, numpy as np\n"
        "from pathlib import Path\n"
        "from engine.audiofile import write_wav\n"
        "from engine.sound import Sound\n"
        "from engine.errors import CannotWrite\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try: write_wav(Sound(np.zeros(44100, np.float32), 44100), Path(sys.argv[1]) / 'a.wav')\n"
        "except CannotWrite as problem: print(problem)\n"
    )
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 4096
    run = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert "disk is full" in run.stdout
    assert os.listdir(tmp_path) == []


def test_a_missing_folder_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="does not exist"):
        write_wav(tone(), tmp_path / "missing" / "a.wav")


@pytest.mark.parametrize("ending", ["flac", "ogg", "aiff", "mp3"])
def test_other_formats_are_read(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    soundfile.write(path, tone().samples, 44100)
    assert read_audio(path).seconds == pytest.approx(0.1, abs=0.03)


def test_samples_that_are_no_numbers_become_silence(tmp_path: Path) -> None:
    samples = np.array([0.5, np.nan, np.inf, -np.inf, 0.25], np.float32)
    soundfile.write(tmp_path / "a.wav", samples, 44100, subtype="FLOAT")
    assert read_audio(tmp_path / "a.wav").samples[:, 0].tolist() == [0.5, 0, 0, 0, 0.25]


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not audio at all", bytes(range(128, 192)), wav_bytes(tone())[:30]])
def test_what_is_no_audio_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(UnreadableAudio) as caught:
        read_audio(tmp_path / "a.wav")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["missing.wav", "."])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableAudio, match="is no file"):
        read_audio(tmp_path / name)


def test_a_file_that_is_too_long_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(1000 * 601, np.int16), 1000)
    with pytest.raises(UnreadableAudio, match="longer than 10 minutes"):
        read_audio(tmp_path / "a.wav")


@given(st.integers(0, 2**31), st.integers(1, 40))
def test_damaged_chunks_never_stop_a_file_from_opening(seed: int, hits: int) -> None:
    data = bytearray(wav_bytes(tone(64, root_note=60, loop=(1, 60), provenance={"prompt": "a", "seed": "1"})))
    rng = np.random.default_rng(seed)
    chunks_at = bytes(data).index(b"smpl")
    for at in rng.integers(chunks_at, len(data), hits):
        data[at] = rng.integers(256)
    chunks = riff.read_chunks(bytes(data))
    root, loop = riff.parse_smpl(chunks.get(b"smpl", b""))
    assert root is None or 0 <= root < 128
    assert loop is None or loop[0] < loop[1]
    assert all(isinstance(value, str) for value in riff.parse_info(chunks.get(b"LIST", b"")).values())
