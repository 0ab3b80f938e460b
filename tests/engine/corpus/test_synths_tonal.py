"""What the synthesised basses, leads, pads, plucks and drones promise: true pitch, clean ends, variety."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from engine.corpus.synths import acid_808, basses, fm, leads, pads, plucks
from engine.corpus.synths.base import HOP_FRAMES, RATE_HZ, Patch, Performance, Rendered, Synth
from engine.corpus.synths.envelopes import HELD, adsr
from engine.corpus.synths.filters import filter_times_s, filtered, lowpass
from engine.corpus.synths.instrument import SUBTRACTIVE, play_subtractive
from engine.corpus.synths.oscillators import Phase, control_times_s, read, sine, wavetable
from engine.corpus.synths.strip import without_drift
from engine.corpus.synths.waveforms import saw
from engine.families import FAMILIES

SYNTHS = {synth.family: synth for module in (basses, acid_808, leads, fm, pads, plucks) for synth in module.SYNTHS}
BATCH = 6
SECONDS = 0.6

each_family = pytest.mark.parametrize("synth", SYNTHS.values(), ids=SYNTHS.keys())


def draw(synth: Synth, seed: int = 5, count: int = BATCH) -> list[Patch]:
    rng = np.random.default_rng(seed)
    return [synth.draw(rng) for _ in range(count)]


def play(
    synth: Synth,
    patches: list[Patch],
    seed: int = 1,
    velocity: float = 100.0,
    note: float | None = None,
    seconds: float = SECONDS,
) -> Rendered:
    low, high = FAMILIES[synth.family].notes or (60, 60)
    notes = torch.linspace(low, high, len(patches)).round()
    performance = Performance(
        notes=notes if note is None else torch.full_like(notes, note),
        velocities=torch.full_like(notes, velocity),
        seconds=torch.full_like(notes, seconds),
        frames=int(seconds * RATE_HZ) + 3000,
        generator=torch.Generator().manual_seed(seed),
    )
    return synth.render(patches, performance)


def level_at(samples: torch.Tensor, hz: float) -> float:
    """Amplitude of one frequency in (frames,) samples, in dB relative to a sine of amplitude 1."""
    window = torch.hann_window(len(samples), dtype=torch.float64)
    angle = 2 * math.pi * hz * torch.arange(len(samples), dtype=torch.float64) / RATE_HZ
    part = (samples.double() * window * torch.exp(-1j * angle)).sum().abs() * 2 / window.sum()
    return 20 * math.log10(float(part) + 1e-12)


def centroid_hz(samples: torch.Tensor) -> torch.Tensor:
    power = torch.fft.rfft(samples).abs().square()
    hz = torch.fft.rfftfreq(samples.shape[1], 1 / RATE_HZ)
    return (power * hz).sum(1) / power.sum(1)


def band_levels_db(samples: torch.Tensor) -> torch.Tensor:
    """Levels in 20 bands by 3 stretches of time, (batch, 60), relative to each sound's loudest, -70 dB at least."""
    power = torch.stft(samples, 2048, 1024, window=torch.hann_window(2048), return_complex=True).abs().square()
    edges = torch.logspace(math.log10(2), math.log10(1024), 21).round().long()
    bands = torch.stack([power[:, low : max(high, low + 1)].sum(1) for low, high in pairwise(edges.tolist())], 1)
    stretches = torch.nn.functional.adaptive_avg_pool1d(bands, 3).flatten(1)
    return 10 * torch.log10(stretches / stretches.amax(1, keepdim=True) + 1e-7)


def test_the_sixteen_tonal_families_have_a_synthesiser() -> None:
    assert set(SYNTHS) == set(
        "sub_bass synth_bass reese fm_bass acid_bass bass_808 saw_lead square_lead supersaw fm_lead "
        "warm_pad string_pad glass_pad pluck stab drone".split()
    )


@each_family
def test_sounds_are_audible_without_offset_and_silent_from_their_end_on(synth: Synth) -> None:
    rendered = play(synth, draw(synth))
    samples = rendered.samples
    assert samples.dtype == torch.float32
    assert samples.shape == (BATCH, int(SECONDS * RATE_HZ) + 3000)
    assert rendered.f0_hz.shape == (BATCH, 1 + samples.shape[1] // HOP_FRAMES)
    assert torch.isfinite(samples).all()
    assert (samples.abs().amax(1) > 0.05).all()
    assert samples[:, int(SECONDS * RATE_HZ) + 64 :].abs().max() < 1e-6
    offset = samples.mean(1).abs() / samples.square().mean(1).sqrt()
    assert (offset < 10 ** (-50 / 20)).all()


@each_family
def test_the_same_seed_gives_the_same_samples_and_other_patches_give_others(synth: Synth) -> None:
    patches = draw(synth)
    first = play(synth, patches, note=48).samples
    assert torch.equal(first, play(synth, patches, note=48).samples)
    shape = band_levels_db(first)
    apart = torch.cdist(shape, shape) / math.sqrt(shape.shape[1])
    assert apart[~torch.eye(BATCH, dtype=torch.bool)].median() > 4.0


@each_family
def test_the_declared_fundamental_is_a_period_of_the_sound(synth: Synth) -> None:
    """Autocorrelation at the declared period, where the key is held, for patches whose pitch stands still."""
    still = {"glide_octaves": 0.0, "vibrato_cents": 0.0, "drift_cents": 0.0, "noise": 0.0, "tremolo": 0.0}
    still |= {"detune_cents": 0.0, "ensemble": 0.0, "b_cents": 0.0, "twin_depth": 0.0, "index_lfo": 0.0}
    patches = [patch | still for patch in draw(synth, seed=9, count=4)]
    for patch in patches:
        for key in ("ratio2", "ratio3", "ratio4"):  # operators on whole multiples: metallic patches have no period
            if key in patch:
                patch[key] = float(round(patch[key]))
                patch["cents" + key[-1]] = 0.0
    rendered = play(synth, patches)
    start, size = int(0.1 * RATE_HZ), int(0.08 * RATE_HZ)
    for samples, f0_hz in zip(rendered.samples, rendered.f0_hz, strict=True):
        period = RATE_HZ / float(f0_hz[10])
        here = samples[start : start + size]
        there = samples[start + round(period) : start + round(period) + size]
        likeness = float(torch.nn.functional.cosine_similarity(here, there, dim=0))
        assert likeness > 0.8, f"period of {period:.1f} frames"


@each_family
def test_a_harder_touch_is_louder_and_brighter(synth: Synth) -> None:
    patches = [patch | {"noise": 0.0} for patch in draw(synth, seed=2)]
    soft, hard = play(synth, patches, velocity=30).samples, play(synth, patches, velocity=125).samples
    assert (hard.square().mean(1) > soft.square().mean(1)).all()
    assert centroid_hz(hard).log().mean() > centroid_hz(soft).log().mean() + 0.02


@each_family
def test_words_are_short_and_tell_patches_apart(synth: Synth) -> None:
    said = [tuple(synth.words(patch)) for patch in draw(synth, count=60)]
    assert len(set(said)) >= 6
    for words in said:
        assert len(set(words)) == len(words)
        assert all(word == word.lower() and 2 < len(word) < 24 for word in words)


@each_family
def test_very_short_and_highest_notes_render(synth: Synth) -> None:
    _, high = FAMILIES[synth.family].notes or (60, 60)
    samples = play(synth, draw(synth, count=2), seconds=0.1, note=float(high)).samples
    assert torch.isfinite(samples).all()
    assert (samples.abs().amax(1) > 0.02).all()


def test_the_808_falls_to_its_note_and_says_so_in_its_curve() -> None:
    synth = SYNTHS["bass_808"]
    patches = [patch | {"glide_octaves": 2.0, "glide_s": 0.02} for patch in draw(synth, count=2)]
    rendered = play(synth, patches, note=33)
    assert torch.allclose(rendered.f0_hz[:, 0], torch.full((2,), 220.0), rtol=1e-3)
    assert torch.allclose(rendered.f0_hz[:, 30], torch.full((2,), 55.0), rtol=1e-3)


def test_vibrato_is_in_the_curve_and_in_the_sound_alike() -> None:
    patch = SUBTRACTIVE | {"a_sine": 1.0, "vibrato_cents": 50.0, "vibrato_delay_s": 0.0, "cutoff_hz": 18000.0}
    notes = torch.tensor([69.0])
    frames = RATE_HZ
    performance = Performance(
        notes, torch.tensor([100.0]), torch.tensor([1.0]), frames, torch.Generator().manual_seed(3)
    )
    rendered = play_subtractive([patch], performance)
    rising = torch.nonzero((rendered.samples[0, :-1] < 0) & (rendered.samples[0, 1:] >= 0))[:, 0].double()
    before, after = rendered.samples[0, rising.long()].double(), rendered.samples[0, rising.long() + 1].double()
    crossings = rising - before / (after - before)  # frames, between samples
    heard_hz = (RATE_HZ / crossings.diff()).numpy()
    points = np.arange(rendered.f0_hz.shape[1]) * HOP_FRAMES
    declared_hz = np.interp(((crossings[1:] + crossings[:-1]) / 2).numpy(), points, rendered.f0_hz[0].numpy())
    held = slice(20, int(0.65 * len(heard_hz)))
    cents = 1200 * np.log2(heard_hz[held] / declared_hz[held])
    assert np.ptp(1200 * np.log2(declared_hz[held])) > 80
    assert np.abs(cents).max() < 6


def test_oscillators_do_not_alias() -> None:
    """A saw at C8: between its harmonics there is nothing."""
    hz = torch.tensor([[4186.0]])
    phase = Phase.of(hz.expand(1, control_times_s(RATE_HZ // 2, hz.device).shape[1]), RATE_HZ // 2)
    samples = read(wavetable(saw(64, hz.device), hz), phase)[0]
    assert level_at(samples, 4186.0) == pytest.approx(20 * math.log10(2 / math.pi), abs=0.05)
    folded = [abs(RATE_HZ * fold - 4186.0 * number) for fold in (1, 2) for number in range(5, 21)]
    heard = [hz for hz in folded if 100 < hz < 20000 and abs(hz / 4186.0 - round(hz / 4186.0)) > 0.02]
    assert len(heard) > 5
    assert max(level_at(samples, hz) for hz in heard) < -75


def test_a_partial_stays_in_step_over_five_seconds() -> None:
    frames = 5 * RATE_HZ
    hz = torch.full((1, control_times_s(frames, torch.device("cpu")).shape[1]), 440.0)
    expected = torch.sin(2 * math.pi * 1320.0 * torch.arange(frames, dtype=torch.float64) / RATE_HZ)
    assert (sine(Phase.of(hz, frames).scaled(3.0))[0].double() - expected).abs().max() < 1e-3


def test_a_filter_that_does_nothing_gives_the_samples_back() -> None:
    samples = torch.rand(2, 10000, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(filtered(samples, lambda where, bins_hz: torch.ones(1, 1, 1)), samples, atol=1e-5)


@pytest.mark.parametrize(("steep", "expected_db"), [(0.0, -24.0), (1.0, -48.0)])
def test_a_low_pass_falls_by_its_slope(steep: float, expected_db: float) -> None:
    time_s = torch.arange(RATE_HZ // 2, dtype=torch.float32)[None] / RATE_HZ
    tone = torch.sin(2 * math.pi * 2000.0 * time_s)
    shaped = lowpass(tone, torch.full_like(filter_times_s(tone.shape[1], tone.device), 500.0), 0.7, steep)
    assert level_at(shaped[0, 4000:-4000], 2000.0) == pytest.approx(expected_db, abs=1.5)


def test_removing_drift_keeps_the_lowest_note() -> None:
    time_s = torch.arange(RATE_HZ, dtype=torch.float32)[None] / RATE_HZ
    low_c = torch.sin(2 * math.pi * 32.7 * time_s)
    kept = without_drift(low_c + 0.3)
    assert (kept - low_c)[:, 5000:-5000].abs().max() < 0.02


def test_an_envelope_starts_and_ends_at_zero_and_rests_at_its_sustain() -> None:
    time_s = torch.linspace(0, 2, 2001)[None]
    number = torch.tensor([[1.0]])
    level = adsr(time_s, 0.01 * number, 0.1 * number, 0.5 * number, 0.2 * number, 2 * number)[0]
    assert level[0] == 0
    assert level[int(1000 * 2 * HELD) - 10] == pytest.approx(0.5)
    assert level[-1] == 0
    assert level.max() == pytest.approx(1.0, abs=0.05)
