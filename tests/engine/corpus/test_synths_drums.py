"""What every drum and effect of the corpus promises: sound, silence, pitch, variety, reproducibility."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.corpus.synths import (
    claps,
    cymbals,
    digital,
    effects,
    impacts,
    kicks,
    percussion,
    shakers,
    shots,
    snares,
    sweeps,
    textures,
    toms,
)
from engine.corpus.synths.base import HOP_FRAMES, RATE_HZ, Patch, Performance, Rendered, Synth
from engine.corpus.synths.hits import LN_1000, SAW, SQUARE, cycles, wave
from engine.corpus.synths.modes import ring
from engine.corpus.synths.responses import band_pass, filter_bins, high_pass, low_pass, through
from engine.families import FAMILIES

MODULES = (claps, cymbals, digital, impacts, kicks, percussion, shakers, shots, snares, sweeps, textures, toms)
SYNTHS = {synth.family: synth for module in MODULES for synth in module.SYNTHS}
HITS = """
    kick kick_808 snare clap rim snap closed_hat open_hat crash ride tom conga cowbell woodblock impact zap laser
""".split()
TUNED = "kick kick_808 tom conga cowbell woodblock sub_drop".split()
BATCH = 8

each_family = pytest.mark.parametrize("synth", SYNTHS.values(), ids=SYNTHS.keys())


def draw(synth: Synth, seed: int = 3, count: int = BATCH) -> list[Patch]:
    rng = np.random.default_rng(seed)
    return [synth.draw(rng) for _ in range(count)]


def play(
    synth: Synth, patches: list[Patch], velocity: float = 100.0, seed: int = 1, seconds: float | None = None
) -> Rendered:
    family = FAMILIES[synth.family]
    seconds = min(family.default_seconds, 0.9) if seconds is None else seconds
    low, high = family.notes or (60, 60)
    performance = Performance(
        notes=torch.linspace(low, high, len(patches)).round(),
        velocities=torch.full((len(patches),), velocity),
        seconds=torch.full((len(patches),), seconds),
        frames=int(1.1 * seconds * RATE_HZ),
        generator=torch.Generator().manual_seed(seed),
    )
    with torch.no_grad():
        return synth.render(patches, performance)


def test_every_drum_and_effect_family_has_one_synthesiser() -> None:
    wanted = {key for key, family in FAMILIES.items() if family.group in ("drum", "effect")} - {"drone"}
    assert set(SYNTHS) == wanted
    assert sum(len(module.SYNTHS) for module in MODULES) == len(wanted)


@each_family
def test_a_batch_is_sound_without_nan_or_offset_and_ends_silent(synth: Synth) -> None:
    seconds = min(FAMILIES[synth.family].default_seconds, 0.9)
    rendered = play(synth, draw(synth), seconds=seconds)
    samples = rendered.samples
    assert samples.dtype == torch.float32
    assert samples.shape[0] == BATCH
    assert torch.isfinite(samples).all()
    peak = samples.abs().amax(dim=1)
    assert (peak > 0.3).all()
    assert (peak <= 1.0 + 1e-5).all()
    assert (samples.mean(dim=1).abs() < 0.02 * peak).all()
    assert (samples[:, int(seconds * RATE_HZ) :].abs() < 1e-6).all()
    assert rendered.f0_hz.shape == (BATCH, 1 + samples.shape[1] // HOP_FRAMES)
    assert torch.isfinite(rendered.f0_hz).all()
    assert (rendered.f0_hz >= 0).all()


@each_family
@pytest.mark.parametrize("seconds", [0.1, 5.0])
def test_the_shortest_and_the_longest_length_render_in_a_batch_of_one(synth: Synth, seconds: float) -> None:
    rendered = play(synth, draw(synth, count=1), seconds=seconds)
    assert torch.isfinite(rendered.samples).all()
    assert rendered.samples.abs().max() > 0.3
    assert (rendered.samples[:, int(seconds * RATE_HZ) :].abs() < 1e-6).all()


@each_family
def test_the_same_seed_gives_the_same_samples_and_another_patch_another_sound(synth: Synth) -> None:
    patches = draw(synth)
    first, again = play(synth, patches), play(synth, patches)
    assert torch.equal(first.samples, again.samples)
    spectra = torch.fft.rfft(first.samples, n=8192).abs().log1p()
    distances = torch.cdist(spectra, spectra) + 1e6 * torch.eye(BATCH)
    assert distances.min() > 0.5


@each_family
def test_words_are_short_english_and_told_by_the_patch(synth: Synth) -> None:
    patches = draw(synth, count=40)
    said = [tuple(synth.words(patch)) for patch in patches]
    assert said == [tuple(synth.words(dict(patch))) for patch in patches]
    assert all(len(words) == len(set(words)) for words in said)
    assert all(word == word.strip() and word.isascii() and len(word) <= 24 for words in said for word in words)
    assert len({word for words in said for word in words}) >= 5
    assert all(isinstance(value, float) for patch in patches for value in patch.values())


@pytest.mark.parametrize("family", HITS)
def test_a_hit_starts_within_five_milliseconds(family: str) -> None:
    samples = play(SYNTHS[family], draw(SYNTHS[family])).samples.abs()
    onset = (samples > 0.1 * samples.amax(dim=1, keepdim=True)).int().argmax(dim=1)
    assert (onset <= 0.005 * RATE_HZ).all()


@pytest.mark.parametrize("family", ["kick", "snare", "clap", "closed_hat", "crash", "ride", "tom", "whoosh", "impact"])
def test_a_harder_hit_is_louder_and_brighter(family: str) -> None:
    patches = [patch | {f"fx_{effect.name}": 0.0 for effect in effects.EFFECTS} for patch in draw(SYNTHS[family])]
    soft, hard = (play(SYNTHS[family], patches, velocity).samples for velocity in (25.0, 120.0))
    assert (hard.abs().amax(dim=1) > soft.abs().amax(dim=1)).all()
    assert np.median(centroid_hz(hard) / centroid_hz(soft)) > 1.05


@pytest.mark.parametrize("family", TUNED)
def test_a_tuned_family_ends_on_the_played_note(family: str) -> None:
    rendered = play(SYNTHS[family], draw(SYNTHS[family]), seconds=3.0)
    low, high = FAMILIES[family].notes or (0, 0)
    wanted = 440.0 * 2.0 ** ((torch.linspace(low, high, BATCH).round() - 69.0) / 12.0)
    cents = 1200.0 * torch.log2(rendered.f0_hz[:, -1] / wanted)
    wobbling = torch.tensor([patch.get("wobble", 0.0) > 0.0 for patch in draw(SYNTHS[family])])
    assert (cents[~wobbling].abs() < 40.0).all()


@pytest.mark.parametrize("family", ["kick", "kick_808", "tom"])
def test_the_pitch_curve_is_the_pitch_heard(family: str) -> None:
    clean = {f"fx_{effect.name}": 0.0 for effect in effects.EFFECTS} | {
        "air": 0.0,
        "layer": 0.0,
        "upper": 0.0,
        "skin": 0.0,
        "t60_s": 1.5,
        "hold": 0.0,
    }
    patches = [patch | {key: value for key, value in clean.items() if key in patch} for patch in draw(SYNTHS[family])]
    rendered = play(SYNTHS[family], patches, seconds=1.2)
    first, frames = int(0.15 * RATE_HZ), 16384
    window = torch.hann_window(frames)
    spectrum = torch.fft.rfft(rendered.samples[:, first : first + frames] * window, n=8 * frames).abs()
    heard = spectrum.argmax(dim=1) * RATE_HZ / (8 * frames)
    told = rendered.f0_hz[:, (first + frames // 2) // HOP_FRAMES]
    assert (1200.0 * torch.log2(heard / told)).abs().max() < 50.0


def test_a_tonal_riser_climbs_and_a_downer_falls() -> None:
    for family, sign in (("riser", 1.0), ("downer", -1.0)):
        tonal = [patch | {"vibrato": 0.0} for patch in draw(SYNTHS[family], count=40) if patch["tone"] > 0.7][:BATCH]
        f0 = play(SYNTHS[family], tonal, seconds=0.9).f0_hz[:, :70]
        assert (f0 > 0).all()
        assert (sign * (f0[:, 60] - f0[:, 5]) > 0).all()


def test_a_short_hat_ends_sooner_than_an_open_one() -> None:
    def centre_s(family: str) -> float:
        energy = play(SYNTHS[family], draw(SYNTHS[family], count=24), seconds=0.8).samples.square()
        time = torch.arange(energy.shape[1]) / RATE_HZ
        return float(((energy * time).sum(dim=1) / energy.sum(dim=1)).median())

    assert centre_s("closed_hat") < 0.5 * centre_s("open_hat")


@pytest.mark.parametrize("name", [effect.name for effect in effects.EFFECTS])
def test_each_effect_is_heard_and_adds_its_words(name: str) -> None:
    rng = np.random.default_rng(0)
    off, on = effects.draw(rng), effects.draw(rng, **{name: 1.0})
    on |= {key: 0.5 for key in on if key == "fx_reverb_mix"}
    performance = Performance(
        torch.full((1,), 60.0), torch.full((1,), 100.0), torch.ones(1), RATE_HZ, torch.Generator().manual_seed(0)
    )
    time = performance.time_s()
    tone = torch.sin(2.0 * torch.pi * 330.0 * time) * torch.exp(-8.0 * time)
    dry, wet = effects.apply(tone, [off], performance), effects.apply(tone, [on], performance)
    assert torch.isfinite(wet).all()
    assert (wet - dry).square().mean() > 1e-5
    assert effects.words(off) == ()
    assert name == "tone" or effects.words(on)


def test_a_bank_of_modes_is_the_sum_of_its_decaying_sines() -> None:
    hz, t60, level = (
        torch.tensor([[220.0, 3011.0, 30000.0]]),
        torch.tensor([[0.5, 0.2, 1.0]]),
        torch.tensor([[1.0, 0.5, 1.0]]),
    )
    time = torch.arange(20000, dtype=torch.float64) / RATE_HZ
    wanted = sum(
        float(level[0, k])
        * torch.exp(-LN_1000 * time / float(t60[0, k]))
        * torch.sin(2.0 * torch.pi * float(hz[0, k]) * time)
        for k in range(2)  # the third is too high to be heard
    )
    assert (ring(hz, t60, level, 20000)[0].double() - wanted).abs().max() < 1e-3


def test_a_filter_answers_once_and_leaves_no_echo() -> None:
    impulse = torch.zeros(1, 20000)
    impulse[:, 0] = 1.0
    bins = filter_bins(impulse.device)
    cutoff = torch.tensor([[6000.0]])
    for response in (low_pass(bins, cutoff), high_pass(bins, cutoff), band_pass(bins, cutoff, 2.0)):
        answer = through(impulse, response).abs()
        assert answer[:, :64].max() > 0.1
        assert answer[:, 4000:].max() < 1e-3


def test_saw_and_square_do_not_alias() -> None:
    hz = torch.full((1, RATE_HZ), 3001.0)
    for kind in (SAW, SQUARE):
        spectrum = torch.fft.rfft(wave(cycles(hz), hz, kind)[0] * torch.hann_window(RATE_HZ)).abs()
        harmonic = torch.zeros_like(spectrum, dtype=torch.bool)
        for number in range(1, 8):
            harmonic[3001 * number - 4 : 3001 * number + 5] = True
        assert spectrum[~harmonic].max() < 2e-3 * spectrum.max()


def centroid_hz(samples: torch.Tensor) -> np.ndarray:
    power = torch.fft.rfft(samples).abs().square()
    hz = torch.linspace(0.0, RATE_HZ / 2, power.shape[1])
    return ((power * hz).sum(dim=1) / power.sum(dim=1)).numpy()
