"""What the flow promises of sources, regions and blends, on the model that comes with Latente."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis.features import measure
from engine.analysis.pitch_track import track
from engine.dsp.finish import finish
from engine.dsp.trim import onset_frame, tail_frame
from engine.generators import load_generator
from engine.pitch import note_hz
from engine.request import Request, Source


@pytest.fixture(scope="module")
def flow():
    return load_generator("latente-1")


def make(flow, prompt, source=None, **fields):
    request = Request(prompt, **{"steps": 4, "seed": 3, "seconds": 0.6, **fields})
    return flow.generate(request, lambda step, steps: None, lambda: False, source)


@pytest.fixture(scope="module")
def bass(flow):
    made = make(flow, "warm bass in A1")
    return Source(made.latent, made.pitch)


def distance(made, source, first=0, last=None):
    last = min(len(made.latent), len(source.latent)) if last is None else last
    return float(np.abs(made.latent[first:last] - source.latent[first:last]).mean())


def test_strength_0_gives_the_source_back(flow, bass):
    made = make(flow, "bright bell", bass, strength=0.0)
    assert np.allclose(made.latent[: len(bass.latent)], bass.latent, atol=1e-4)
    assert made.pitch.root_note == bass.pitch.root_note


def test_more_strength_moves_further_away(flow, bass):
    near, far = (distance(make(flow, "bright bell", bass, strength=s), bass) for s in (0.2, 0.9))
    assert 0 < near < 0.6 * far


def test_what_lies_outside_the_region_stays(flow, bass):
    frame = 4096 / 44100
    made = make(flow, "bright bell", bass, strength=0.9, region=(4 * frame, 7 * frame))
    assert distance(made, bass, 0, 3) < 1e-4
    assert distance(made, bass, 4, 6) > 0.05


def test_a_source_keeps_its_note_unless_another_is_asked_for(flow, bass):
    assert make(flow, "bright bell", bass, strength=0.5).pitch.root_note == 33
    assert make(flow, "bright bell in C5", bass, strength=0.5).pitch.root_note == 72


def test_a_blend_lies_between_its_parts(flow):
    organ, flute = make(flow, "organ in C4"), make(flow, "flute in C4")
    half = make(flow, "50% organ 50% flute in C4")
    apart = np.abs(organ.latent - flute.latent).mean()
    assert np.abs(half.latent - organ.latent).mean() < apart
    assert np.abs(half.latent - flute.latent).mean() < apart
    assert half.pitch.root_note == 60


@pytest.mark.parametrize("seed", [13, 17, 26])
def test_an_organ_sounds_at_its_key_and_not_an_octave_below(flow, seed):
    """Where guidance begins early it chooses pipes of sixteen feet for these."""
    made = make(flow, "organ in D#3", seed=seed, steps=8, seconds=None)
    assert track(made.sound).note == pytest.approx(51.0, abs=0.5)


@pytest.mark.parametrize(("asked", "seed"), [("half a second of choir", 2), ("ruido de medio segundo", 2)])
def test_a_sound_lasts_as_long_as_words_say(flow, asked, seed):
    made = make(flow, asked, seed=seed, steps=8, seconds=None)
    assert finish(made.sound).seconds == pytest.approx(0.5, rel=0.1)


@pytest.mark.parametrize(("asked", "chord"), [("minor 7 stab in C4", (0, 3, 7, 10)), ("organ in C4", (0,))])
def test_words_ask_for_chords(flow, asked, chord):
    assert make(flow, asked).pitch.chord == chord


def test_a_chords_notes_are_all_there_and_in_tune(flow):
    made = make(flow, "organ in A3", seconds=1.5, chord="major")
    wave = made.sound.mono()[8820:52920].astype(np.float64)
    power = np.abs(np.fft.rfft(wave * np.hanning(len(wave)), 8 * len(wave)))
    hz = np.fft.rfftfreq(8 * len(wave), 1 / 44100)
    for semitones in (0, 4, 7):
        wanted = 220.0 * 2 ** (semitones / 12)
        near = np.flatnonzero(abs(1200 * np.log2(np.maximum(hz, 1) / wanted)) < 40)
        peak = near[power[near].argmax()]
        assert abs(1200 * np.log2(hz[peak] / wanted)) < 5  # cents
        assert power[peak] > 0.05 * power.max()


@pytest.mark.parametrize(
    ("low", "high"),
    [("string pad with fast attack", "string pad with slow attack"), ("punchy synth bass", "soft synth bass")],
)
def test_words_for_the_attack_are_followed(flow, low, high):
    for seed in (1, 2, 3):
        quick, slow = (measure(make(flow, words, seconds=1.5, seed=seed, steps=8).sound) for words in (low, high))
        assert quick.attack_s < slow.attack_s


@pytest.mark.parametrize(
    "asked",
    [
        {"prompt": "warm bass", "steps": 8},  # two leave a wavering pitch, along which rounding adds up in the phase
        {"prompt": "70% airy pad 30% flute", "width": 60.0, "steps": 8},
        {"prompt": "bell", "negative": "noise", "sampling": "fine"},
        {"prompt": "pluck", "sampling": "fast"},
    ],
)
def test_variations_made_together_are_what_each_is_alone(flow, asked):
    requests = [Request(**{"steps": 2, **asked}, seconds=0.4, seed=seed) for seed in (3, 4, 2**32 - 1)]
    told = []
    together = flow.generate_many(requests, lambda step, steps: told.append((step, steps)), lambda: False)
    assert told[-1][0] == told[-1][1]
    assert told.count(told[-1]) == len(requests), "between the decodes something else may come in, too"
    for request, made in zip(requests, together, strict=True):
        alone = flow.generate(request, lambda *_: None, lambda: False)
        assert made.sound.samples.shape == alone.sound.samples.shape
        assert np.abs(made.sound.samples - alone.sound.samples).max() < 1e-4 * alone.sound.peak
        assert np.abs(made.latent - alone.latent).max() < 1e-3
        assert np.abs(made.pitch.octaves - alone.pitch.octaves).max() < 1e-5
        assert made.understood == alone.understood


def test_variations_of_a_source_keep_it_outside_the_region(flow, bass):
    frame = 4096 / 44100
    given = {"seconds": 0.6, "steps": 2, "strength": 0.9, "source": "x", "region": (4 * frame, 7 * frame)}
    requests = [Request("wobbly bell, slow attack, deep vibrato", seed=seed, **given) for seed in (1, 2)]
    together = flow.generate_many(requests, lambda *_: None, lambda: False, bass)
    for request, made in zip(requests, together, strict=True):
        alone = flow.generate(request, lambda *_: None, lambda: False, bass)
        assert np.abs(made.latent - alone.latent).max() < 1e-3
        assert distance(made, bass, 0, 3) < 1e-4
        assert distance(made, bass, 4, 6) > 0.05


@pytest.mark.parametrize(
    "asked", [("half a second of organ", 0.5), ("saw lead, 1.2 seconds", 1.2), ("brass 0.8 s", 0.8)]
)
def test_a_length_in_words_is_kept_with_its_release(flow, asked):
    words, seconds = asked
    for seed in (1, 2):
        sound = make(flow, words, seconds=None, seed=seed, steps=8).sound
        heard = sound.samples[onset_frame(sound.samples, sound.rate_hz) : tail_frame(sound.samples, sound.rate_hz)]
        assert len(heard) / sound.rate_hz == pytest.approx(seconds, rel=0.1)
        assert abs(heard[-441:]).max() < 0.4 * abs(heard).max(), "it is not cut while it sounds"


def test_vibrato_in_words_is_heard(flow):
    for seed in (1, 2, 3):
        deep, none = (
            swing_cents(make(flow, words, seconds=1.5, seed=seed).sound)
            for words in ("flute with deep vibrato", "flute, no vibrato")
        )
        assert deep > 30
        assert none < 6


def swing_cents(sound):
    """How far the pitch swings to each side in the body of the sound, as the 5th and 95th percentile tell."""
    found = track(sound)
    body = found.f0_hz[(found.times_s > 0.5) & (found.times_s < 1.1) & (found.f0_hz > 0)]
    return float(600 * np.log2(np.percentile(body, 95) / np.percentile(body, 5)))


@pytest.mark.parametrize("words", ["glassy bell", "airy bell in C5", "dark organ in D3"])
def test_what_is_played_at_a_note_has_that_pitch(flow, words):
    """Without a hand on it, two of these in three bells become noise without a pitch."""
    for seed in (1, 2, 3):
        made = make(flow, words, seconds=1.0, seed=seed, steps=8)
        assert made.pitch.root_note is not None
        assert (made.pitch.hz(80) > 0).all()
        body = made.pitch.hz(80)[40:]
        assert abs(1200 * np.log2(np.median(body) / note_hz(made.pitch.root_note))) < 10


@pytest.mark.parametrize("words", ["snare", "riser"])
def test_what_has_no_note_may_have_no_pitch(flow, words):
    assert any(make(flow, words, seed=seed).pitch.root_note is None for seed in range(1, 9))
