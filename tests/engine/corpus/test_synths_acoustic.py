"""The acoustic families: keys, strings, mallets, winds and voices made by additive synthesis."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch

from engine.corpus.synths import (
    bowed,
    distortion,
    electric_pianos,
    free_reeds,
    mallets,
    metals,
    organs,
    partials,
    pianos,
    strings,
    voices,
    winds,
)
from engine.corpus.synths.base import HOP_FRAMES, RATE_HZ, Patch, Performance, Rendered, Synth
from engine.families import FAMILIES

MODULES = (bowed, distortion, electric_pianos, free_reeds, mallets, metals, organs, pianos, strings, voices, winds)
SYNTHS: dict[str, Synth] = {synth.family: synth for module in MODULES for synth in module.SYNTHS}
HELD = ("organ", "accordion", "choir", "voice", "bowed_string", "flute", "reed", "brass")
STRIKE_NOTE_ONLY = ("bell", "gong")  # their pitch is heard, not a partial that can be measured
COUNT, SECONDS = 6, 1.25
FRAMES = int(SECONDS * RATE_HZ)


def draw(family: str, seed: int = 11) -> list[Patch]:
    rng = np.random.default_rng(seed)
    return [SYNTHS[family].draw(rng) for _ in range(COUNT)]


def play(family: str, velocity: float = 90.0, seed: int = 5) -> Rendered:
    low, high = FAMILIES[family].notes or (48, 72)
    notes = torch.linspace(low + 0.2 * (high - low), low + 0.8 * (high - low), COUNT).round()
    velocities, seconds = torch.full((COUNT,), velocity), torch.full((COUNT,), SECONDS)
    performance = Performance(notes, velocities, seconds, FRAMES, torch.Generator().manual_seed(seed))
    return SYNTHS[family].render(draw(family), performance)


played = cache(play)
every_family = pytest.mark.parametrize("family", sorted(SYNTHS))


def centroid_hz(samples: torch.Tensor) -> torch.Tensor:
    power = torch.fft.rfft(samples).abs().square()
    hz = torch.fft.rfftfreq(samples.shape[1], 1 / RATE_HZ)
    return (power * hz).sum(dim=1) / power.sum(dim=1)


def cents_off(samples: np.ndarray, f0_hz: np.ndarray) -> float:
    """How far the strongest of the first four harmonics lies from where the pitch curve says, on average."""
    frames = np.arange(len(samples))
    curve = np.interp(frames, np.arange(len(f0_hz)) * HOP_FRAMES, f0_hz)
    turns = 2 * np.pi * np.cumsum(curve) / RATE_HZ
    window = 2048
    steps = {}
    for harmonic in range(1, 5):
        still = samples * np.exp(-1j * harmonic * turns)
        steps[harmonic] = still[: len(samples) // window * window].reshape(-1, window).mean(axis=1)
    strongest = max(steps, key=lambda harmonic: float(np.abs(steps[harmonic]).sum()))
    still = steps[strongest]
    drift_hz = np.angle(np.sum(still[1:] * np.conj(still[:-1]))) / (2 * np.pi) * RATE_HZ / window
    return float(1200 * np.log2(1 + drift_hz / (strongest * curve.mean())))


@every_family
def test_a_sound_is_finite_centred_band_limited_and_ends_in_silence(family: str) -> None:
    rendered = played(family)
    samples = rendered.samples
    peak = samples.abs().amax(dim=1)
    assert samples.shape == (COUNT, FRAMES)
    assert samples.dtype == torch.float32
    assert rendered.f0_hz.shape == (COUNT, 1 + FRAMES // HOP_FRAMES)
    assert torch.isfinite(samples).all()
    assert (peak > 0.05).all()
    assert (samples.mean(dim=1).abs() / peak < 0.01).all()
    assert (samples[:, -64:].abs().amax(dim=1) < 1e-4 * peak).all()
    power = torch.fft.rfft(samples).abs().square()
    above = torch.fft.rfftfreq(FRAMES, 1 / RATE_HZ) > 20000
    assert (power[:, above].sum(dim=1) < 1e-3 * power.sum(dim=1)).all()


@every_family
def test_the_same_seed_gives_the_same_samples(family: str) -> None:
    assert torch.equal(play(family).samples, played(family).samples)
    assert draw(family, 3) == draw(family, 3)


@every_family
def test_every_patch_is_an_instrument_of_its_own(family: str) -> None:
    patches = draw(family)
    assert all(patches[i] != patches[j] for i in range(COUNT) for j in range(i))
    notes, same = torch.full((COUNT,), 60.0), torch.full((COUNT,), 90.0)
    performance = Performance(notes, same, torch.full((COUNT,), SECONDS), FRAMES, torch.Generator().manual_seed(1))
    samples = SYNTHS[family].render(patches, performance).samples
    spectrum = torch.fft.rfft(samples).abs()[:, : 8192 * 6].unfold(1, 24, 24).sum(dim=2).add(1e-3).log()
    spectrum = torch.nn.functional.normalize(spectrum - spectrum.mean(dim=1, keepdim=True))
    likeness = spectrum @ spectrum.T - torch.eye(COUNT)
    assert likeness.max() < 0.999


@every_family
def test_a_harder_touch_is_louder_and_brighter(family: str) -> None:
    soft, hard = play(family, velocity=30.0).samples, play(family, velocity=120.0).samples
    assert (hard.square().mean(dim=1) > soft.square().mean(dim=1)).all()
    assert (centroid_hz(hard) > centroid_hz(soft)).float().mean() > 0.5
    assert centroid_hz(hard).log().mean() > centroid_hz(soft).log().mean() + 0.02


@pytest.mark.parametrize("family", sorted(set(SYNTHS) - set(STRIKE_NOTE_ONLY)))
def test_the_pitch_curve_is_what_sounds(family: str) -> None:
    rendered = played(family)
    samples, curves = rendered.samples.double().numpy(), rendered.f0_hz.double().numpy()
    off = [cents_off(sound, curve) for sound, curve in zip(samples, curves, strict=True)]
    assert np.median(np.abs(off)) < 4.0
    assert np.abs(off).max() < 25.0  # ensembles beat, stiff strings are sharp


@pytest.mark.parametrize("family", HELD)
def test_a_held_note_lasts_until_its_release(family: str) -> None:
    long = [index for index, patch in enumerate(draw(family)) if patch.get("gate_s", 0.0) == 0.0]
    samples = played(family).samples[long]
    level = samples.unfold(1, 4410, 4410).square().mean(dim=2).sqrt()
    held = level[:, 5:8].mean(dim=1)
    assert len(long) > 0
    assert (held > 0.15 * level.amax(dim=1)).all()


@every_family
def test_the_shortest_sound_can_be_played_alone(family: str) -> None:
    low, high = FAMILIES[family].notes or (48, 72)
    for note in (low, high):
        one, frames = torch.ones(1), 4411
        performance = Performance(note * one, 100 * one, 0.1 * one, frames, torch.Generator().manual_seed(2))
        rendered = SYNTHS[family].render(draw(family)[:1], performance)
        assert rendered.samples.shape == (1, frames)
        assert rendered.f0_hz.shape == (1, 1 + frames // HOP_FRAMES)
        assert torch.isfinite(rendered.samples).all()
        assert rendered.samples.abs().max() > 0.01


@every_family
def test_an_instrument_has_a_register_within_reach_of_its_family(family: str) -> None:
    low, high = FAMILIES[family].notes or (0, 127)
    for patch in draw(family):
        bottom, top = max(low, patch.get("note_low", 0.0)), min(high, patch.get("note_high", 127.0))
        assert top - bottom >= 12


@every_family
def test_words_are_short_english_and_name_the_instrument(family: str) -> None:
    for patch in draw(family):
        words = SYNTHS[family].words(patch)
        assert len(words) > 0
        assert len(set(words)) == len(words)
        assert all(word == word.lower().strip() and 1 < len(word) < 30 for word in words)


def test_the_modal_bank_is_the_sum_of_its_decaying_sines() -> None:
    hz, level = torch.tensor([[220.0, 1333.3]]), torch.tensor([[1.0, 0.5]])
    t60, phase = torch.tensor([[0.5, 0.2]]), torch.tensor([[0.0, 0.25]])
    time = torch.arange(5000, dtype=torch.float64)[None, None] / RATE_HZ
    turns = hz[..., None] * time + phase[..., None]
    decay = level[..., None] * torch.exp(-6.907755 * time / t60[..., None])
    expected = (decay * torch.sin(2 * torch.pi * turns)).sum(dim=1)
    assert torch.allclose(partials.modal_bank(hz, level, t60, phase, 5000).double(), expected, atol=1e-4)


def test_the_harmonic_bank_follows_a_gliding_fundamental() -> None:
    points, frames = 40, 39 * HOP_FRAMES
    f0 = torch.linspace(200.0, 240.0, points)[None]
    level = torch.tensor([1.0, 0.0, 0.5]).expand(1, points, 3)
    got = partials.harmonic_bank(f0, level, torch.zeros(1, 3), frames).double()
    curve = partials.along_frames(f0, frames).double() / RATE_HZ
    turns = 2 * torch.pi * (torch.cumsum(curve, dim=1) - curve[:, :1])
    assert torch.allclose(got, torch.sin(turns) + 0.5 * torch.sin(3 * turns), atol=5e-3)


def test_partials_above_the_ceiling_are_left_out() -> None:
    hz = torch.tensor([[21000.0]])
    assert partials.modal_bank(hz, torch.ones(1, 1), torch.ones(1, 1), torch.zeros(1, 1), 2000).abs().max() == 0
