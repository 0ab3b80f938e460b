"""Sounds from outside through a real codec: as they were until they are edited, and then beginning where they did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.edited import inside, without_regions
from engine.events import CancelledEvent, Decoded, Failed, Finished
from engine.generators import load_generator
from engine.latent.chain import Chain
from engine.latent.space import Space
from engine.models.store import ModelStore
from engine.pitch import Pitch
from engine.request import Latent, Request, Source, Take
from engine.studio import Studio
from tests.fakes import Ears
from tests.tiny_model import install_tiny_model

Start = Callable[..., Studio]
SPACE = Space(np.zeros(8, np.float32), np.ones(8, np.float32))


class PartEdit:
    """A chain as `engine.variants.Partial`."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain

    def __call__(self, latent: Latent, pitch: Pitch) -> tuple[Latent, Pitch]:
        return self.chain.apply(latent, pitch, SPACE)

    @property
    def rest(self) -> Callable[[Latent, Pitch], tuple[Latent, Pitch]]:
        rest = without_regions(self.chain)
        assert rest is not None
        return lambda latent, pitch: rest.apply(latent, pitch, SPACE)

    def inside(self, frames: int, rate_hz: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return inside(self.chain, frames, rate_hz)


@pytest.fixture
def studio(start: Start, tmp_path: Path) -> Studio:
    """With the tiny model."""
    install_tiny_model(tmp_path / "models")
    store = ModelStore([tmp_path / "models"], tmp_path / "cache.json")
    return start(lambda name: load_generator(name, store))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    time_s = np.arange(44100) / 44100
    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.4 * np.sin(2 * np.pi * 220 * time_s) * np.exp(-2 * time_s), 44100, "FLOAT")
    return path


@pytest.fixture
def take(studio: Studio, ears: Ears, file: Path) -> Take:
    return ears.wait(Finished, studio.bring(file, "tiny")).take  # type: ignore[attr-defined, no-any-return]


def test_a_file_is_a_take_with_its_own_samples_and_a_latent(take: Take, file: Path) -> None:
    samples, _ = soundfile.read(file, dtype="float32")
    np.testing.assert_array_equal(take.sound.mono(), samples)
    assert take.latent.shape[1] == 8
    assert take.pitch.root_note == pytest.approx(57, abs=0.05)
    assert (take.request.prompt, take.request.source, take.request.strength) == ("tone", "tone.wav", 0.0)


def test_edited_it_begins_where_it_did_lasts_as_long_and_is_as_loud(studio: Studio, ears: Ears, take: Take) -> None:
    plain = ears.wait(Decoded, studio.decode(take)).sound  # type: ignore[attr-defined]
    assert plain.frames == take.sound.frames
    level = [float(np.sqrt(np.mean(np.square(sound.mono())))) for sound in (plain, take.sound)]
    assert level[0] == pytest.approx(level[1], rel=0.05)
    chain = Chain().having("amplify", 2.0)
    bent = ears.wait(Decoded, studio.decode(take, lambda *given: chain.apply(*given, SPACE)))  # type: ignore[attr-defined]
    assert not np.array_equal(bent.sound.samples, plain.samples)


def test_an_edit_of_a_part_leaves_all_other_samples(studio: Studio, ears: Ears, take: Take) -> None:
    chain = Chain().having("noise", 0.3).having("amplify", 2.0, (0.4, 0.6))
    whole = ears.wait(Decoded, studio.decode(take, PartEdit(chain).rest)).sound  # type: ignore[attr-defined]
    part = ears.wait(Decoded, studio.decode(take, PartEdit(chain))).sound  # type: ignore[attr-defined]
    changed = np.flatnonzero((whole.samples != part.samples).any(axis=1)) / 44100
    assert 0.4 <= changed.min() < 0.45
    assert 0.55 < changed.max() <= 0.6


def test_what_is_no_sound_is_said_in_one_line(studio: Studio, ears: Ears, tmp_path: Path) -> None:
    path = tmp_path / "notes.mp3"
    path.write_text("do re mi")
    failed = ears.wait(Failed, studio.bring(path, "tiny"))
    assert "notes.mp3" in failed.message  # type: ignore[attr-defined]
    assert "\n" not in failed.message  # type: ignore[attr-defined]


def test_a_take_starts_from_the_sound_and_the_less_it_may_move_the_nearer_it_stays(
    studio: Studio, ears: Ears, take: Take
) -> None:
    source = Source(take.latent, take.pitch)
    far = []
    for strength in (0.1, 0.9):
        request = Request("bell", model="tiny", seed=1, steps=4, source="tone", strength=strength, seconds=0.9)
        made = ears.wait(Finished, studio.submit(request, source)).take  # type: ignore[attr-defined]
        frames = min(len(made.latent), len(take.latent))
        far.append(float(np.abs(made.latent[:frames] - take.latent[:frames]).mean()))
    assert far[0] < 0.5 * far[1]


def test_a_closed_studio_takes_no_files(studio: Studio, ears: Ears, file: Path) -> None:
    studio.close()
    ears.wait(CancelledEvent, studio.bring(file, "tiny"))
