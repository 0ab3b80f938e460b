"""Voices: pitch, onset, envelope, level. Played through the very mixer of the audio process, exact to the frame."""

from __future__ import annotations

import numpy as np
import pytest

from engine.audio.actions import Action, Bend, Instrument, NoteOff, NoteOn, Wheel
from engine.audio.perform import Desk, instrument, perform
from engine.audio.playable import prepare
from engine.patch import Patch
from engine.sound import Sound
from tests.engine.audio.listen import RATE_HZ, Heard, cents, click_db, envelope, frequency_hz, note_hz, tone


def play(what: Instrument, *events: tuple[int, Action], seconds: float = 1.0, block: int = 256) -> Heard:
    return perform(what, events, RATE_HZ, seconds, block)


@pytest.mark.parametrize("note", range(36, 85, 3))
def test_every_key_within_two_octaves_is_in_tune(note: int) -> None:
    for rate_hz in (48_000, 44_100):
        wave = np.sin(2 * np.pi * 261.63 / rate_hz * np.arange(2.2 * rate_hz)).astype(np.float32)
        sound = Sound(0.5 * wave, rate_hz, 69 + 12 * np.log2(261.63 / 440))
        heard = play(instrument(sound, Patch(), RATE_HZ), (0, NoteOn(None, 1, note, 127)), seconds=0.5)[2_000:24_000, 0]
        assert abs(cents(frequency_hz(heard, note_hz(note)), note_hz(note))) < 0.05


@pytest.mark.parametrize(
    ("patch", "note"),
    [
        (Patch(transpose=7), 67),
        (Patch(tune_cents=-35), 59.65),
        (Patch(root_note=57), 63),
        (Patch(transpose=-12, tune_cents=100, root_note=60), 49),
    ],
)
def test_transposition_tuning_and_root_move_the_keys(patch: Patch, note: float) -> None:
    heard = play(instrument(tone(note_hz(60), 3), patch), (0, NoteOn(None, 1, 60, 127)))[4_000:40_000, 0]
    assert abs(cents(frequency_hz(heard, note_hz(note)), note_hz(note))) < 0.05


@pytest.mark.parametrize("offset", [0, 1, 100, 255, 256, 1_000])
@pytest.mark.parametrize("block", [64, 256, 1_000])
def test_a_note_begins_at_its_very_frame_as_the_sound_was_written(offset: int, block: int) -> None:
    rng = np.random.default_rng(1)
    sound = Sound(rng.uniform(-0.8, 0.8, (9_000, 2)).astype(np.float32), RATE_HZ, 60.0)
    heard = play(instrument(sound, Patch()), (offset, NoteOn(None, 1, 60, 127)), seconds=0.3, block=block)
    assert not heard[:offset].any()
    np.testing.assert_array_equal(heard[offset : offset + 9_000], sound.samples)
    assert not heard[offset + 9_000 :].any()


def test_a_reversed_note_is_the_sound_backwards_bit_for_bit() -> None:
    rng = np.random.default_rng(1)
    sound = Sound(rng.uniform(-0.8, 0.8, (9_000, 1)).astype(np.float32), RATE_HZ, 60.0)
    what = instrument(sound, Patch(reverse="on"))
    heard = play(what, (7, NoteOn(None, 1, 60, 127)), seconds=0.3)[:, 0]
    np.testing.assert_array_equal(heard[7:9_007], sound.samples[::-1, 0])


def test_a_reversed_note_is_in_tune_at_another_key() -> None:
    heard = play(instrument(tone(300, 2, root_note=60), Patch(reverse="on")), (0, NoteOn(None, 1, 65, 127)))[:, 0]
    wanted = 300 * 2 ** (5 / 12)
    assert abs(cents(frequency_hz(heard[4_000:40_000], wanted), wanted)) < 0.05


@pytest.mark.parametrize("velocity", [1, 40, 100, 127])
@pytest.mark.parametrize("share", [0.0, 50.0, 100.0])
def test_velocity_is_40_db_per_decade(velocity: int, share: float) -> None:
    what = instrument(tone(300, 1, root_note=60), Patch(velocity_level=share))
    heard = play(what, (0, NoteOn(None, 1, 60, velocity)), seconds=0.5)
    db = 20 * np.log10(np.abs(heard).max() / 0.5)
    assert abs(db - share / 100 * 40 * np.log10(velocity / 127)) < 0.05


def test_soft_notes_are_darker_and_the_hardest_is_untouched() -> None:
    rng = np.random.default_rng(1)
    sound = Sound(rng.uniform(-0.5, 0.5, 48_000).astype(np.float32), RATE_HZ, 60.0)
    what = instrument(sound, Patch(velocity_tone=100, velocity_level=0))
    treble = []
    for velocity in (127, 100, 60, 20):
        heard = play(what, (0, NoteOn(None, 1, 60, velocity)))[:, 0]
        power = np.abs(np.fft.rfft(heard)) ** 2
        treble.append(10 * np.log10(power[10_000:].sum() / power[100:500].sum()))
        if velocity == 127:
            np.testing.assert_array_equal(heard, sound.samples[:, 0])
    assert all(treble[k] - treble[k + 1] > 6 for k in range(3))


def test_level_is_in_decibels() -> None:
    heard = play(instrument(tone(300, 1, root_note=60), Patch(level_db=-12)), (0, NoteOn(None, 1, 60, 127)))
    assert np.abs(heard).max() == pytest.approx(0.5 * 10 ** (-12 / 20), rel=1e-4)


def test_attack_decay_sustain_and_release_take_their_times_and_reach_their_levels() -> None:
    hz = 1_000.0
    patch = Patch(attack_s=0.1, decay_s=0.2, sustain_db=-12, release_s=0.3, decay_bend=0, release_bend=0)
    what = instrument(tone(hz, 5, peak=0.8, root_note=60), patch)
    start, let_go = 4_801, 33_007
    heard = play(what, (start, NoteOn(None, 1, 60, 127)), (let_go, NoteOff(1, 60)), seconds=1.2)[:, 0]
    level = envelope(heard, hz) / 0.8
    sustain = 10 ** (-12 / 20)

    def at(frame: float) -> float:
        return float(level[round(frame)])

    assert at(start + 0.05 * RATE_HZ) == pytest.approx(0.5, abs=0.02)
    assert at(start + 0.1 * RATE_HZ) == pytest.approx(1, abs=0.02)
    assert at(start + 0.2 * RATE_HZ) == pytest.approx((1 + sustain) / 2, abs=0.02)
    assert at(start + 0.31 * RATE_HZ) == pytest.approx(sustain, abs=1e-3)
    assert at(let_go - 100) == pytest.approx(sustain, abs=1e-3)
    assert at(let_go + 0.15 * RATE_HZ) == pytest.approx(sustain / 2, abs=0.01)
    assert heard[let_go + 14_400 - 60 : let_go + 14_400].any()
    assert np.abs(heard[let_go + 14_400 :]).max() < 1e-6
    assert click_db(heard) < -75


@pytest.mark.parametrize(("bend", "half"), [(-1.0, 0.0588), (0.0, 0.5), (0.5, 0.8), (1.0, 0.941)])
def test_curves_bend(bend: float, half: float) -> None:
    what = instrument(tone(1_000, 5, root_note=60), Patch(attack_s=1.0, attack_bend=bend))
    level = envelope(play(what, (0, NoteOn(None, 1, 60, 127)), seconds=1.5)[:, 0], 1_000) / 0.5
    assert level[24_000] == pytest.approx(half, abs=0.005)
    assert level[50_000] == pytest.approx(1, abs=1e-3)


def test_a_note_let_go_while_it_rises_falls_from_where_it_is() -> None:
    what = instrument(tone(500, 5, root_note=60), Patch(attack_s=1.0, release_s=0.5))
    heard = play(what, (0, NoteOn(None, 1, 60, 127)), (24_000, NoteOff(1, 60)))[:, 0]
    assert np.abs(heard).max() == pytest.approx(0.25, rel=0.02)
    assert click_db(heard) < -70


def test_silence_as_sustain_ends_the_voice() -> None:
    desk = Desk(RATE_HZ)
    what = instrument(tone(500, 5, root_note=60), Patch(decay_s=0.1, sustain_db=-60))
    desk.plan([(0, NoteOn(what, 0, 60, 127))])
    heard = desk.render(RATE_HZ)
    assert not heard[4_801:].any()
    assert heard[4_600:4_800].any()
    assert all(voice.manner is None for voice in desk.mixer.voices.slots)


@pytest.mark.parametrize("release_s", [0.0, 0.001, 0.02])
def test_even_the_shortest_release_does_not_click(release_s: float) -> None:
    what = instrument(tone(200, 3, root_note=60), Patch(release_s=release_s))
    heard = play(what, (0, NoteOn(None, 1, 60, 127)), (10_123, NoteOff(1, 60)))
    assert click_db(heard) < -60
    assert not heard[10_123 + round(max(release_s, 0.004) * RATE_HZ) + 1 :].any()


@pytest.mark.parametrize(("mode", "seconds"), [("one-shot", 0.5), ("gated", 0.28)])
def test_one_shots_play_to_their_end_and_gated_ones_until_let_go(mode: str, seconds: float) -> None:
    what = instrument(tone(300, 0.5, root_note=60), Patch(play_mode=mode))  # type: ignore[arg-type]
    heard = play(what, (0, NoteOn(None, 1, 60, 127)), (9_600, NoteOff(1, 60)))
    assert abs(np.flatnonzero(heard[:, 0])[-1] / RATE_HZ - seconds) < 0.002


def test_the_pitch_wheel_bends_by_its_range_and_from_its_frame() -> None:
    what = instrument(tone(440, 4, root_note=69), Patch(bend_range=7))
    heard = play(what, (0, NoteOn(None, 1, 69, 127)), (20_000, Bend(1, 1.0)), (60_000, Bend(1, -0.5)), seconds=2)[:, 0]
    for span, semitones in ((slice(2_000, 19_900), 0), (slice(20_200, 59_900), 7), (slice(60_200, 90_000), -3.5)):
        wanted = 440 * 2 ** (semitones / 12)
        assert abs(cents(frequency_hz(heard[span], wanted), wanted)) < 0.1
    assert click_db(heard) < -60


def test_the_mod_wheel_brings_vibrato_of_its_depth_and_rate() -> None:
    what = instrument(tone(1_000, 4, root_note=60), Patch(wheel_cents=50, vibrato_hz=5))
    heard = play(what, (0, NoteOn(None, 1, 60, 127)), (0, Wheel(1, 1.0)), seconds=2)[:, 0]
    turned = np.unwrap(np.angle(heard[2_000:90_000] * np.exp(-2j * np.pi * 1_000 / RATE_HZ * np.arange(88_000))))
    smooth = np.convolve(turned, np.hanning(480) / np.hanning(480).sum(), mode="valid")
    swing = 1200 * np.log2(1 + np.gradient(smooth) * RATE_HZ / (2 * np.pi) / 1_000)
    assert np.abs(swing).max() == pytest.approx(50, abs=4)
    spectrum = np.abs(np.fft.rfft(swing - swing.mean(), 480_000))
    assert spectrum.argmax() / 10 == pytest.approx(5, abs=0.2)


def test_zones_play_their_own_keys_in_model_pitch_and_the_take_every_key_in_varispeed() -> None:
    def zone(hz: float) -> Sound:
        return tone(hz, 1)  # each its own timbre: another frequency, said to be the same note

    zones = {note: Sound(zone(note_hz(note) * 2).samples, RATE_HZ, note) for note in (48, 72)}
    own = tone(note_hz(60), 1)
    for mode, expected in (("model", 4 * 440 * 2 ** ((72 - 69) / 12) / 2), ("varispeed", note_hz(72))):
        what = instrument(own, Patch(pitch_mode=mode), zones=zones)  # type: ignore[arg-type]
        heard = play(what, (0, NoteOn(None, 1, 72, 127)), seconds=0.5)[2_000:20_000, 0]
        assert abs(cents(frequency_hz(heard, expected), expected)) < 0.5
    nearest = play(instrument(own, Patch(), zones=zones), (0, NoteOn(None, 1, 68, 127)), seconds=0.5)[2_000:20_000, 0]
    assert abs(cents(frequency_hz(nearest, 2 * note_hz(68)), 2 * note_hz(68))) < 0.5


def test_keys_outside_the_range_stay_silent() -> None:
    what = instrument(tone(300, 1, root_note=60), Patch(key_low=50, key_high=60))
    assert not play(what, (0, NoteOn(None, 1, 49, 127)), (0, NoteOn(None, 1, 61, 127)), seconds=0.2).any()
    assert play(what, (0, NoteOn(None, 1, 50, 127)), seconds=0.2).any()


def test_a_sound_for_another_device_rate_is_heard_at_its_pitch() -> None:
    wave = np.sin(2 * np.pi * 500 / 96_000 * np.arange(192_000)).astype(np.float32)
    made = prepare(np.pad(0.5 * wave, 1)[None], 96_000, RATE_HZ, 60, (96_000, 143_999))
    what = Instrument("", Patch(play_mode="loop"), made, (made,))
    heard = play(what, (0, NoteOn(None, 1, 60, 127)), seconds=3)[2_000:, 0]
    assert abs(cents(frequency_hz(heard, 500), 500)) < 0.05
