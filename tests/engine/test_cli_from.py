"""`latente render --from`: a sound of anybody's, moved away from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.audiofile import read_audio, write_wav
from engine.cli import main
from engine.sound import Sound


@pytest.fixture
def bass(tmp_path: Path) -> Path:
    seconds = np.arange(44100) / 44100
    wave = np.exp(-2 * seconds) * sum(np.sin(2 * np.pi * k * 110 * seconds) / k for k in range(1, 12)) * 0.3
    path = tmp_path / "bass.wav"
    write_wav(Sound(wave.astype(np.float32), 44100, root_note=45.0), path, "24")
    return path


def heard(path: Path) -> np.ndarray:
    spectrum = np.abs(np.fft.rfft(read_audio(path).mono()[:40000]))
    return 20 * np.log10(spectrum / spectrum.max() + 1e-3)


def test_a_little_strength_stays_near_the_source(bass, tmp_path):
    original = heard(bass)
    apart = []
    for strength in ("0.1", "0.95"):
        out = tmp_path / f"{strength}.wav"
        asked = ["render", "hissing shaker", "--from", str(bass), "--strength", strength, "--seed", "1", "--steps", "6"]
        assert main([*asked, "-o", str(out)]) == 0
        apart.append(np.abs(heard(out) - original).mean())
        assert read_audio(out).provenance["strength"] == strength
    assert apart[0] < 0.7 * apart[1]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--from", "nothing.wav"], "nothing.wav"),
        (["--strength", "0.5"], "--from"),
        (["--chord", "sour"], "chord"),
    ],
)
def test_what_cannot_be_started_from_is_one_line(options, words, tmp_path, capsys):
    assert main(["render", "pad", *options, "-o", str(tmp_path / "x.wav")]) in (1, 2)
    said = capsys.readouterr().err.strip()
    assert words in said
    assert "\n" not in said
