"""`latente play`: the notes of a MIDI file are heard, in tune and in time."""

from __future__ import annotations

import json
from pathlib import Path

import mido
import numpy as np
import pytest

from engine.audiofile import read_audio, write_wav
from engine.cli import main
from engine.pitch import note_hz
from engine.sound import Sound

RATE = 48000


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    seconds = np.arange(RATE) / RATE
    wave = sum(np.sin(2 * np.pi * k * 220.0 * seconds) / k for k in range(1, 6)) * 0.2
    path = tmp_path / "tone.wav"
    write_wav(Sound(wave.astype(np.float32), RATE, root_note=57.0), path, "24")
    return path


def score(path: Path, notes: list[int], tempo: int = 500_000) -> Path:
    file = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=tempo)])
    for note in notes:
        track += [mido.Message("note_on", note=note, velocity=127), mido.Message("note_off", note=note, time=480)]
    file.tracks.append(track)
    file.save(path)
    return path


def test_every_note_is_heard_in_tune_and_in_time(tmp_path, tone, capsys):
    notes = [45, 57, 64, 69]
    midi = score(tmp_path / "song.mid", notes)
    assert main(["play", str(midi), str(tone), "-o", str(tmp_path / "song.wav"), "--tail", "0.5", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    heard = read_audio(tmp_path / "song.wav")
    assert said["seconds"] == heard.seconds == 2.5
    for number, note in enumerate(notes):
        part = heard.mono()[number * RATE // 2 + 4800 : (number + 1) * RATE // 2 - 1200].astype(np.float64)
        size = 16 * len(part)
        peak = np.argmax(np.abs(np.fft.rfft(part * np.hanning(len(part)), size))) * RATE / size
        assert abs(1200 * np.log2(peak / note_hz(note))) < 3


def test_it_is_played_as_it_is_set(tmp_path, tone):
    midi = score(tmp_path / "song.mid", [57])
    loud, soft = tmp_path / "loud.wav", tmp_path / "soft.wav"
    assert main(["play", str(midi), str(tone), "-o", str(loud)]) == 0
    assert main(["play", str(midi), str(tone), "-o", str(soft), "--set", "level_db=-12", "--set", "attack_s=0.3"]) == 0
    one, other = read_audio(loud).mono(), read_audio(soft).mono()
    late = slice(int(0.35 * RATE), int(0.45 * RATE))
    assert 20 * np.log10(one[late].std() / other[late].std()) == pytest.approx(12, abs=0.3)
    assert other[: RATE // 50].std() < 0.2 * one[: RATE // 50].std()


@pytest.mark.parametrize(
    ("bytes_", "words"),
    [(b"", "song.mid"), (b"MThd" + b"\xff" * 200, "song.mid"), (b"RIFF....WAVE", "song.mid")],
)
def test_a_damaged_file_is_one_line(tmp_path, tone, capsys, bytes_, words):
    (tmp_path / "song.mid").write_bytes(bytes_)
    assert main(["play", str(tmp_path / "song.mid"), str(tone), "-o", str(tmp_path / "out.wav")]) in (1, 2)
    said = capsys.readouterr().err.strip()
    assert words in said
    assert "\n" not in said
    assert not (tmp_path / "out.wav").exists()


def test_any_bytes_are_read_or_refused(tmp_path, tone):
    from engine.audio.midi.file import read_midi
    from engine.errors import LatenteError

    whole = score(tmp_path / "song.mid", [57, 60, 64]).read_bytes()
    rng = np.random.default_rng(0)
    refused = 0
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(rng.integers(1, 6)):
            data[rng.integers(len(data))] = rng.integers(256)
        path = tmp_path / "broken.mid"
        path.write_bytes(bytes(data[: rng.integers(10, len(data) + 1)]))
        try:
            read_midi(path, RATE)
        except LatenteError:
            refused += 1
    assert refused > 50


@pytest.mark.parametrize("setting", ["attack_s", "wobble=1", "attack_s=soon", "filter_type=loud", "cutoff_hz=1"])
def test_a_wrong_setting_is_refused(tmp_path, tone, capsys, setting):
    midi = score(tmp_path / "song.mid", [57])
    assert main(["play", str(midi), str(tone), "-o", str(tmp_path / "out.wav"), "--set", setting]) == 2
    assert "\n" not in capsys.readouterr().err.strip()
