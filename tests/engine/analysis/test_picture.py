"""A picture shows what is in the sound, and a picture that fails leaves nothing."""

from pathlib import Path

import numpy as np
import pytest

from engine.analysis import picture
from engine.audiofile import write_wav
from engine.sound import Sound

RATE_HZ = 44100
PNG = b"\x89PNG\r\n\x1a\n"


def tone(hz: float, seconds: float = 0.5) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE_HZ)) / RATE_HZ)).astype(np.float32)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(PNG)
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


@pytest.mark.parametrize("hz", [55.0, 440.0, 5000.0])
def test_a_tone_is_brightest_at_its_own_frequency(hz: float) -> None:
    level = picture.log_spectrogram(tone(hz), RATE_HZ)
    rows_hz = np.geomspace(picture.LOWEST_HZ, picture.HIGHEST_HZ, picture.ROWS)
    heard = rows_hz[level[:, level.shape[1] // 2].argmax()]
    assert abs(np.log2(heard / hz)) < 1 / 12
    assert level.max() == 0.0


def test_silence_is_dark_and_has_no_numbers_that_are_none() -> None:
    level = picture.log_spectrogram(np.zeros(1000, np.float32), RATE_HZ)
    assert np.isfinite(level).all()
    assert level.shape == (picture.ROWS, 4)


def test_nothing_is_drawn_above_half_the_rate() -> None:
    level = picture.log_spectrogram(np.random.default_rng(0).standard_normal(8000).astype(np.float32), 8000)
    rows_hz = np.geomspace(picture.LOWEST_HZ, picture.HIGHEST_HZ, picture.ROWS)
    assert (level[rows_hz > 4000] == picture.FLOOR_DB).all()
    assert level[rows_hz < 3900].max() == 0.0


@pytest.mark.parametrize("prompt", ["warm bass", "$5 _ ^ \\frac{1}", "鐘の音 🔔 " * 20, ""])
def test_any_prompt_can_be_the_title(prompt: str) -> None:
    sound = Sound(tone(110.0), RATE_HZ, root_note=45.0, provenance={"prompt": prompt, "seed": "7"})
    assert size(picture.picture(sound)) == (1300, 800)


def test_an_empty_stereo_sound_has_a_picture_too() -> None:
    assert size(picture.picture(Sound(np.zeros((0, 2), np.float32), 48000))) == (1300, 800)


def test_the_command_draws_a_file(tmp_path: Path) -> None:
    write_wav(Sound(tone(220.0), RATE_HZ), tmp_path / "a.wav")
    assert picture.main([str(tmp_path / "a.wav"), str(tmp_path / "a.png")]) == 0
    assert size((tmp_path / "a.png").read_bytes()) == (1300, 800)


def test_a_file_that_is_no_sound_gets_one_line_and_no_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.wav").write_text("no sound")
    assert picture.main([str(tmp_path / "a.wav"), str(tmp_path / "a.png")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert [path.name for path in tmp_path.glob("*.png")] == []
    assert picture.main([]) == 2
