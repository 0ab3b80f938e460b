"""A file from outside becomes a take like any other: named, at its root note, without claims on whose it is."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.audiofile import wav_bytes
from engine.errors import UnreadableAudio
from engine.library import Library
from engine.outside.bring import ORIGIN, bring_in
from engine.pitch import note_hz
from engine.sound import Sound

RATE = 44100


def tone(note: float, seconds: float = 1.0) -> np.ndarray:
    time_s = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(sum(np.sin(2 * np.pi * note_hz(note) * k * time_s) / k for k in range(1, 8))) * 0.2


def written(path: Path, samples: np.ndarray, **facts: object) -> Path:
    path.write_bytes(wav_bytes(Sound(samples.astype(np.float32), RATE, **facts)))  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize("note", [31.0, 45.3, 60.0, 83.0])
def test_the_root_note_is_measured_where_it_is_sure(tmp_path: Path, note: float) -> None:
    imported = bring_in(written(tmp_path / "a.wav", tone(note)))
    assert imported.sound.root_note == pytest.approx(note, abs=0.1)
    assert imported.request.note == round(note)
    assert imported.pitch.hz(40)[20] == pytest.approx(note_hz(note), rel=0.01)


def test_noise_has_no_root_note(tmp_path: Path) -> None:
    imported = bring_in(written(tmp_path / "a.wav", 0.2 * np.random.default_rng(0).standard_normal(RATE)))
    assert imported.sound.root_note is None
    assert imported.pitch.root_note is None


def test_a_files_word_counts_where_it_agrees_and_a_measured_note_where_it_does_not(tmp_path: Path) -> None:
    agreeing = bring_in(written(tmp_path / "a.wav", tone(45.0), root_note=57.02))  # an octave is a matter of taste
    assert agreeing.sound.root_note == pytest.approx(57.02, abs=1e-4)
    lying = bring_in(written(tmp_path / "b.wav", tone(50.0), root_note=60.0))  # what samplers write when nobody knows
    assert lying.sound.root_note == pytest.approx(50.0, abs=0.1)


def test_the_take_is_named_after_its_file_and_claims_nothing(tmp_path: Path) -> None:
    path = written(
        tmp_path / "Dark_Kick-03.wav", tone(33), provenance={"licence": "CC-BY Ana", "prompt": "x", "a": "b"}
    )
    imported = bring_in(path)
    assert imported.request.prompt == "Dark Kick 03"
    assert imported.request.model == "latente-1"  # whose codec is to edit it
    assert imported.sound.provenance == {
        "prompt": "Dark Kick 03", "origin": ORIGIN, "file": "Dark_Kick-03.wav", "licence": "CC-BY Ana",
    }  # fmt: skip


def test_a_sound_made_here_keeps_what_it_says(tmp_path: Path) -> None:
    facts = {"prompt": "warm bass", "software": "Latente", "seed": "7", "licence": "yours"}
    imported = bring_in(written(tmp_path / "renamed.wav", tone(36), root_note=36.4, provenance=facts))
    assert imported.request.prompt == "warm bass"
    assert imported.sound.root_note == pytest.approx(36.4, abs=1e-4)
    assert imported.sound.provenance["seed"] == "7"


def test_an_imported_sound_is_a_take_of_the_library(tmp_path: Path) -> None:
    imported = bring_in(written(tmp_path / "vinyl stab.wav", np.repeat(tone(48)[:, None], 2, axis=1)))
    library = Library(tmp_path / "library")
    latent = np.zeros((0, 0), np.float32)
    take = library.add(imported.request, imported.sound, latent, imported.pitch, 0.0)
    entry = library.entries()[0]
    assert (entry.prompt, entry.note) == ("vinyl stab", 48)
    back = library.open(take.take_id)
    assert back.sound.channels == 2
    assert np.abs(back.sound.samples - imported.sound.samples).max() < 1e-6
    assert back.pitch.root_note == pytest.approx(48, abs=0.1)
    library.close()


def test_what_is_too_loud_or_silent_is_said(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "hot.wav", 10 * tone(60), RATE, subtype="FLOAT")
    hot = bring_in(tmp_path / "hot.wav")
    assert hot.sound.peak_dbfs == pytest.approx(-1, abs=0.01)
    assert "louder than full scale" in hot.warnings[0]
    soundfile.write(tmp_path / "nothing.wav", np.zeros(1000), RATE)
    with pytest.raises(UnreadableAudio, match="silence"):
        bring_in(tmp_path / "nothing.wav")


def test_a_name_without_letters_is_still_a_name(tmp_path: Path) -> None:
    assert bring_in(written(tmp_path / "___.wav", tone(60))).request.prompt == "sound"
