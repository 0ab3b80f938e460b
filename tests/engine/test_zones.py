"""Zones: the take at every key, in tune, as loud, finished alike; and a keyboard that is covered early."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.analysis.pitch_track import track
from engine.dsp.finishing import Finishing
from engine.dsp.loudness import loudness_db
from engine.errors import ModelProblem
from engine.pitch import Pitch
from engine.render import render
from engine.request import Generator, Latent, Request, Take
from engine.shape import UNSHAPED, Shape
from engine.sound import Sound
from engine.variants import Variants
from engine.zones import HIGHEST_KEY, LOWEST_KEY, Zones, in_order
from tests.fakes import ToneGenerator
from tests.tiny_model import install_tiny_model

ROOT = 50


def take_of(generator: Generator, rate_hz: int = 44100, note: int = ROOT) -> Take:
    request = Request("warm bass", note=note, seconds=1.0, steps=1, seed=3)
    made = render(generator, request, lambda step, steps: None, lambda: False, rate_hz)
    return Take("t", request, made.sound, made.latent, made.pitch, Path("t.wav"), 0.0, datetime.now(UTC))


def all_zones(zones: Zones, around: int | None = None) -> dict[int, Sound]:
    found: dict[int, Sound] = {}
    while made := zones.next(around):
        assert not found.keys() & dict(made).keys()
        found |= dict(made)
    return found


@pytest.mark.parametrize(("root", "around"), [(50.0, None), (57.4, 30), (60.0, 84), (12.0, 60), (115.0, 24)])
def test_soon_no_key_is_further_than_a_semitone_from_a_zone(root: float, around: int | None) -> None:
    keys = in_order(root, around)
    assert len(set(keys)) == len(keys)
    assert set(range(LOWEST_KEY, HIGHEST_KEY + 1)) | {round(root)} <= set(keys)
    early = keys[: len(keys) // 3 + 3]
    assert all(min(abs(key - zone) for zone in early) <= 1 for key in keys)
    middle = round(root) if around is None else around
    assert abs(early[0] - middle) <= 1
    distances = [abs(key - middle) for key in keys[:20]]
    assert distances == sorted(distances)


@pytest.mark.parametrize("rate_hz", [44100, 48000])
def test_every_zone_is_in_tune_as_loud_and_finished_as_the_take(rate_hz: int) -> None:
    take = take_of(ToneGenerator(), rate_hz)
    zones = all_zones(Zones(Variants.of(ToneGenerator(), take)))
    assert zones.keys() == set(range(LOWEST_KEY, HIGHEST_KEY + 1))
    assert zones[ROOT] is take.sound
    loud = loudness_db(take.sound.mono(), rate_hz)
    for key, sound in zones.items():
        assert (sound.root_note, sound.rate_hz, sound.frames, sound.channels) == (key, rate_hz, take.sound.frames, 1)
        assert loudness_db(sound.mono(), rate_hz) == pytest.approx(loud, abs=0.1) or sound.peak > 0.99
        assert sound.peak <= 1.0 + 1e-6
        assert abs(float(sound.samples.mean())) < 1e-6
        assert np.abs(sound.samples[[0, -1]]).max() < 1e-5
        if key >= 28:  # lower ones are below what the tracker looks for
            cents = track(sound).cents_from(key)
            assert cents is not None
            assert abs(cents) < 2


def test_a_zone_begins_where_the_take_begins_and_has_its_gain() -> None:
    class Late(ToneGenerator):
        """Its raw sounds begin with 0.2 s of nothing, and are far too quiet."""

        def decode(self, latent: Latent, pitches: Sequence[Pitch], seed: int, *given: Any) -> list[Sound]:
            sounds = super().decode(latent, pitches, seed, *given)
            return [s.with_samples(np.pad(0.01 * s.samples[:-8820], ((8820, 0), (0, 0)))) for s in sounds]

    take = take_of(Late())
    variants = Variants.of(Late(), take)
    assert variants.finishing.start == pytest.approx(8820 - 88, abs=44)  # 2 ms before the onset
    assert variants.finishing.likeness > 0.999
    again = variants.made(take.latent, [take.pitch])[0]
    assert np.abs(again.samples - take.sound.samples)[:33000].max() < 1e-3  # before the take was cut
    half = variants.made(take.latent / 2, [take.pitch])[0]
    assert np.abs(2 * half.samples - again.samples).max() < 1e-5  # what an edit makes quieter stays quieter


def test_edited_zones_are_all_decoded_and_none_is_the_take() -> None:
    take = take_of(ToneGenerator())

    def first_partial(latent: Latent, pitch: Pitch) -> tuple[Latent, Pitch]:
        return latent * np.eye(1, latent.shape[1], dtype=np.float32), pitch

    variants = Variants.of(ToneGenerator(), take)
    zones = all_zones(Zones(variants, first_partial))
    assert len(zones) == HIGHEST_KEY - LOWEST_KEY + 1
    spectrum = np.abs(np.fft.rfft(zones[ROOT].mono()))
    assert spectrum[200:].max() < 0.01 * spectrum.max()
    loud = [loudness_db(zones[key].mono(), 44100) for key in (36, ROOT, 60)]
    assert max(loud) - min(loud) < 0.2
    assert loud[1] == pytest.approx(loudness_db(variants.made(*_pair(first_partial, take))[0].mono(), 44100), abs=1e-3)


def _pair(edit: Callable[[Latent, Pitch], tuple[Latent, Pitch]], take: Take) -> tuple[Latent, list[Pitch]]:
    latent, pitch = edit(take.latent, take.pitch)
    return latent, [pitch]


def test_a_sound_without_pitch_has_no_zones() -> None:
    take = replace(take_of(ToneGenerator(), note=57), pitch=Pitch(None))
    assert Zones(Variants.of(ToneGenerator(), take)).next() == []


@pytest.mark.parametrize("latent", [np.zeros((0, 0)), np.ones((11, 3)), np.random.default_rng(1).normal(size=(11, 8))])
def test_a_latent_that_does_not_give_the_take_back_is_refused(latent: Latent) -> None:
    """None at all, of another codec, and of other weights: what it decodes to is another sound."""
    take = replace(take_of(ToneGenerator()), latent=latent.astype(np.float32), pitch=Pitch(61.0))
    with pytest.raises(ModelProblem):
        Variants.of(ToneGenerator(), take)


def test_whatever_an_edit_makes_is_finite_and_bounded() -> None:
    wild = Sound(np.array([np.nan, np.inf, 1e20, -5.0] * 2000, np.float32), 44100)
    made = Finishing(0, 8000, 2.0, 1.0).applied(wild)
    assert np.isfinite(made.samples).all()
    assert made.peak <= 4.0 + 1e-6


def test_zones_of_one_take_share_their_noise(tmp_path: Path) -> None:
    """Decoded together or alone, at this or that rate of batches, a key gives the same samples."""
    from engine.codecs.codec import NeuralCodec

    codec = NeuralCodec.load(install_tiny_model(tmp_path) / "codec.safetensors")
    latent = np.random.default_rng(0).normal(size=(6, 8)).astype(np.float32)
    pitches = [Pitch(48.0), Pitch(None), Pitch(60.0)]
    together = codec.decode_many(latent, pitches, seed=4)
    for pitch, sound in zip(pitches, together, strict=True):
        assert np.abs(codec.decode(latent, pitch, seed=4).samples - sound.samples).max() < 1e-5
    assert np.abs(codec.decode(latent, pitches[1], seed=5).samples - together[1].samples).max() > 1e-3
    with pytest.raises(ModelProblem):
        codec.decode_many(latent[:, :5], pitches)


def test_zones_are_shaped_as_the_sound_is() -> None:
    take = take_of(ToneGenerator())
    variants = Variants.of(ToneGenerator(), take)
    shape = Shape(trim_s=(0.1, 0.6), snap="off", reverse="on")
    plain, shaped = (dict(Zones(variants, None, one).at([ROOT, ROOT + 7])) for one in (UNSHAPED, shape))
    for key in (ROOT, ROOT + 7):
        assert shaped[key].seconds == pytest.approx(0.5)
        inside = plain[key].samples[4410:26460][::-1]
        assert np.array_equal(shaped[key].samples[100:-100], inside[100:-100])


def test_zones_of_a_wide_take_are_as_wide_and_their_mean_is_the_mono_zone(tmp_path: Path) -> None:
    class Wide(ToneGenerator):
        """Its side is a fifth of its middle, late by a few frames."""

        def decode(
            self, latent: Latent, pitches: Sequence[Pitch], seed: int, seconds: float | None = None, width: float = 0.0,
            *given: Any,
        ) -> list[Sound]:  # fmt: skip
            mono = super().decode(latent, pitches, seed, seconds, width, *given)
            if width == 0:
                return mono
            sides = [0.2 * np.roll(sound.samples, 40, axis=0) for sound in mono]
            return [
                sound.with_samples(np.concatenate([sound.samples + side, sound.samples - side], 1))
                for sound, side in zip(mono, sides, strict=True)
            ]

    mono = take_of(Wide())
    wide = replace(mono, request=replace(mono.request, width=80.0))
    made = {width: dict(Zones(Variants.of(Wide(), take)).at([40, 62])) for width, take in ((0, mono), (80, wide))}
    for key, sound in made[80].items():
        assert (sound.channels, sound.frames) == (2, mono.sound.frames)
        assert np.abs(sound.mono() - made[0][key].mono()).max() < 0.02
        assert np.abs(sound.samples[:, 0] - sound.samples[:, 1]).max() > 0.05
        assert np.abs(sound.samples.mean(axis=0)).max() < 1e-6
        assert np.abs(sound.samples[[0, -1]]).max() < 1e-5
