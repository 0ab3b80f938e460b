"""Notes among each other: stealing, pedals, lines of one voice, choke groups, loops, edits while they sound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.flood import flood
from engine.audio import state
from engine.audio.actions import Action, Bend, Drop, Equip, Instrument, NoteOff, NoteOn, Pedal, Preview, Route, Wheel
from engine.audio.perform import Desk, instrument, perform, playable
from engine.audio.voices import POLYPHONY
from engine.patch import Patch
from engine.sound import Sound
from tests.engine.audio.listen import RATE_HZ, Heard, cents, click_db, envelope, frequency_hz, note_hz, tone


def play(what: Instrument, *events: tuple[int, Action], seconds: float = 1.0) -> Heard:
    return perform(what, events, RATE_HZ, seconds)


def on(frame: int, note: float, channel: int = 1, velocity: int = 127) -> tuple[int, Action]:
    return frame, NoteOn(None, channel, note, velocity)


def off(frame: int, note: float, channel: int = 1) -> tuple[int, Action]:
    return frame, NoteOff(channel, note)


def sounds(heard: Heard, note: float, first: int, last: int) -> float:
    """Amplitude of a note's sine in a stretch of what is heard."""
    window = np.hanning(last - first)
    turn = np.exp(-2j * np.pi * note_hz(note) / RATE_HZ * np.arange(last - first))
    return float(2 * np.abs(np.sum(heard[first:last, 0] * window * turn)) / window.sum())


SINE = tone(note_hz(60), 4, peak=0.2)


def test_the_33rd_note_takes_the_place_of_the_one_released_first_without_a_click() -> None:
    desk = Desk(RATE_HZ)
    what = instrument(tone(note_hz(60), 4, peak=0.02), Patch(release_s=20))
    loud = (5, 10)  # these are released, and still louder than all others
    desk.plan([(0, Route(what)), *(on(0, 40 + k, velocity=127 if k in loud else 60) for k in range(POLYPHONY))])
    desk.plan([off(5_000, 50), off(6_000, 45), on(10_001, 72.5)])
    heard = desk.render(20_000)
    notes = {voice.note for voice in desk.mixer.voices.sounding()}
    assert len(notes) == POLYPHONY
    assert 50 not in notes
    assert {45, 72.5} <= notes
    assert click_db(heard) < -60


def test_where_none_is_released_the_quietest_goes() -> None:
    desk = Desk(RATE_HZ)
    what = instrument(tone(note_hz(60), 4, peak=0.02))
    desk.plan([(0, Route(what)), *(on(0, 40 + note, velocity=30 if note == 7 else 100) for note in range(POLYPHONY))])
    desk.plan([on(10_001, 72.5)])
    heard = desk.render(20_000)
    assert 47 not in {voice.note for voice in desk.mixer.voices.sounding()}
    assert desk.words[state.VOICES] == POLYPHONY
    assert click_db(heard) < -60


def test_the_same_key_again_releases_the_earlier_voice() -> None:
    desk = Desk(RATE_HZ)
    desk.plan([(0, Route(instrument(SINE))), on(0, 60), on(100, 64), on(5_000, 60)])
    heard = desk.render(20_000)
    assert desk.words[state.VOICES] == 2
    assert click_db(heard) < -60


def test_the_pedal_holds_what_is_let_go_on_its_channel_only() -> None:
    desk = Desk(RATE_HZ)
    desk.plan([(0, Route(instrument(SINE))), (0, Pedal(1, True)), on(0, 60, 1), on(0, 64, 2), on(0, 67, 1)])
    desk.plan([off(5_000, 60, 1), off(5_000, 64, 2), (20_000, Pedal(1, False))])
    heard = desk.render(40_000)
    assert sounds(heard, 60, 12_000, 19_000) == pytest.approx(0.2, abs=0.01)
    assert sounds(heard, 64, 12_000, 19_000) < 0.01
    assert sounds(heard, 60, 26_000, 38_000) < 0.01
    assert sounds(heard, 67, 26_000, 38_000) == pytest.approx(0.2, abs=0.01)  # its key is still held
    assert click_db(heard) < -60


def test_legato_glides_on_without_a_new_attack_and_goes_back_to_a_held_key() -> None:
    patch = Patch(voicing="legato", glide_s=0.1, attack_s=0.05)
    heard = play(instrument(SINE, patch), on(0, 60), on(20_000, 67), off(40_000, 67), off(60_000, 60), seconds=1.5)
    for note, first, last in ((60, 3_000, 19_900), (67, 24_900, 39_900), (60, 44_900, 59_900)):
        assert abs(cents(frequency_hz(heard[first:last, 0], note_hz(note)), note_hz(note))) < 0.2
    halfway = frequency_hz(heard[21_600:23_200, 0], note_hz(63.5))
    assert abs(cents(halfway, note_hz(63.5))) < 60
    level = np.abs(heard[5_000:59_000, 0]).reshape(-1, 500).max(axis=1)
    assert level.min() > 0.19  # never interrupted
    assert not heard[60_000 + 4_000 :].any()
    assert click_db(heard) < -60


def test_mono_plays_one_note_at_a_time_each_with_its_attack() -> None:
    heard = play(instrument(SINE, Patch(voicing="mono", attack_s=0.1)), on(0, 60), on(20_000, 67), off(40_000, 67))
    assert sounds(heard, 60, 26_000, 38_000) < 0.01
    level = envelope(heard[:, 0], note_hz(67))
    assert level[22_400] == pytest.approx(0.1, abs=0.03)
    assert sounds(heard, 60, 45_500, 47_900) == pytest.approx(0.2, abs=0.01)
    assert click_db(heard) < -60


def test_poly_glides_from_the_note_before() -> None:
    heard = play(instrument(SINE, Patch(glide_s=0.2)), on(0, 60), off(5_000, 60), on(20_000, 72))[:, 0]
    beginning = frequency_hz(heard[20_200:21_400], note_hz(60.6))
    assert abs(cents(beginning, note_hz(60.9))) < 30
    assert abs(cents(frequency_hz(heard[30_000:], note_hz(72)), note_hz(72))) < 0.2


def test_mpe_bends_each_note_by_its_own_channel_and_all_by_the_first() -> None:
    events = [(0, Route(instrument(SINE), mpe=True)), on(0, 60, 2), on(0, 72, 3)]
    desk = Desk(RATE_HZ)
    desk.plan([*events, (10_000, Bend(2, 4 / 48)), (30_000, Bend(1, 1.0))])
    heard = desk.render(60_000)
    for note, first, last in ((64, 11_000, 29_000), (72, 11_000, 29_000), (66, 31_000, 59_000), (74, 31_000, 59_000)):
        assert sounds(heard, note, first, last) == pytest.approx(0.2, abs=0.01)
    assert click_db(heard) < -60


def test_outside_mpe_a_bend_moves_its_own_channel_only() -> None:
    heard = play(instrument(SINE), on(0, 60, 2), on(0, 72, 3), (0, Bend(2, 1.0)), seconds=0.5)
    assert sounds(heard, 62, 2_000, 22_000) == pytest.approx(0.2, abs=0.01)
    assert sounds(heard, 72, 2_000, 22_000) == pytest.approx(0.2, abs=0.01)


def test_takes_of_a_choke_group_silence_each_other_quickly_without_a_click() -> None:
    low, high = (instrument(tone(note_hz(n), 3, peak=0.3), Patch(choke_group=3), key=str(n)) for n in (48, 60))
    other = instrument(tone(note_hz(67), 3, peak=0.3), Patch(choke_group=4), key="other")
    desk = Desk(RATE_HZ)
    desk.plan([(0, Route(pads={42: low, 46: high, 50: other})), on(0, 42), on(0, 50), on(20_003, 46)])
    heard = desk.render(40_000)
    assert sounds(heard, 48, 21_000, 38_000) < 0.01
    assert sounds(heard, 60, 21_000, 38_000) == pytest.approx(0.3, abs=0.01)  # a pad plays its take as it is
    assert sounds(heard, 67, 21_000, 38_000) == pytest.approx(0.3, abs=0.01)
    assert click_db(heard) < -60


@pytest.mark.parametrize("reverse", ["off", "on"])
@pytest.mark.parametrize("note", [60, 67])
def test_a_loop_goes_round_without_a_click_wherever_it_is_cut(note: int, reverse: str) -> None:
    patch = Patch(play_mode="loop", loop_s=(0.2137, 0.4511), loop_fade_s=0.03, reverse=reverse)  # type: ignore[arg-type]
    heard = play(instrument(tone(note_hz(60), 1), patch), on(0, note), off(120_000, note), seconds=3)
    assert np.abs(heard[60_000:119_000]).max() > 0.4
    assert not heard[130_000:].any()
    assert click_db(heard) < -60


def test_the_whole_sound_is_the_loop_where_none_is_named() -> None:
    heard = play(instrument(tone(300, 0.25, root_note=60), Patch(play_mode="loop")), on(0, 60), seconds=1)[:, 0]
    level = np.abs(heard).reshape(-1, 480).max(axis=1)
    assert level[30:-1].min() < 0.3  # its faded ends come round
    np.testing.assert_allclose(heard[1_000:10_000], heard[13_000:22_000], atol=1e-4)
    assert click_db(heard) < -60


def test_a_sustained_pad_can_loop_a_stretch_of_noise_at_its_own_level() -> None:
    rng = np.random.default_rng(2)
    sound = Sound(rng.uniform(-0.5, 0.5, 96_000).astype(np.float32), RATE_HZ, 60.0)
    patch = Patch(play_mode="loop", loop_s=(0.5, 1.5), loop_fade_s=0.2)
    heard = play(instrument(sound, patch), on(0, 60), seconds=5)[:, 0]
    np.testing.assert_array_equal(heard[:60_000], sound.samples[:60_000, 0])
    np.testing.assert_array_equal(heard[73_000:100_000], sound.samples[25_000:52_000, 0])


def test_an_edited_sound_goes_on_at_its_place_without_a_click() -> None:
    """Thirty edits a second of a looped sound, each another level and timbre."""
    desk = Desk(RATE_HZ)
    patch = Patch(play_mode="loop", loop_s=(0.1, 0.9))

    def made(k: int) -> Instrument:
        wave = tone(note_hz(60), 1).samples * (0.6 + 0.4 * np.cos(k))
        return instrument(Sound(wave + 0.3 * np.roll(wave, k), RATE_HZ, 60.0), patch, key="take")

    desk.plan([(0, NoteOn(made(0), 0, 65, 127)), *((1_600 * k, Equip(made(k))) for k in range(1, 60))])
    heard = desk.render(RATE_HZ * 2)
    assert np.abs(heard[48_000:]).max() > 0.1
    assert click_db(heard) < -60


def test_a_changed_patch_is_heard_in_notes_under_way() -> None:
    what = instrument(SINE, Patch(), key="take")
    quiet = instrument(SINE, Patch(level_db=-12, tune_cents=50, filter_type="low-pass"), key="take")
    desk = Desk(RATE_HZ)
    desk.plan([(0, NoteOn(what, 0, 60, 127)), (20_000, Equip(quiet)), (60_000, NoteOff(0, 60))])
    heard = desk.render(RATE_HZ * 2)
    assert sounds(heard, 60.5, 25_000, 55_000) == pytest.approx(0.2 * 10 ** (-12 / 20), rel=0.03)
    assert not heard[70_000:].any()
    assert click_db(heard) < -60


def test_a_preview_goes_on_with_what_its_take_has_become() -> None:
    desk = Desk(RATE_HZ)
    softer = instrument(SINE.with_samples(SINE.samples * np.float32(0.5)), key="take")
    desk.plan([(0, Preview("take", playable(SINE, RATE_HZ), 0, 1.0, 0, None)), (20_000, Equip(softer))])
    heard = desk.render(48_000)[:, 0]
    np.testing.assert_array_equal(heard[:20_000], SINE.samples[:20_000, 0])
    np.testing.assert_allclose(heard[21_000:], 0.5 * SINE.samples[21_000:48_000, 0], atol=1e-6)


def test_zones_that_arrive_take_over_the_notes_they_are_nearer_to() -> None:
    desk = Desk(RATE_HZ)
    own, zone = tone(note_hz(60), 3, peak=0.2), tone(note_hz(84), 3, peak=0.2, root_note=72)
    desk.plan([(0, NoteOn(instrument(own, key="take"), 0, 70, 127))])
    desk.plan([(20_000, Equip(instrument(own, key="take", zones={72: zone})))])
    heard = desk.render(48_000)
    assert sounds(heard, 70, 2_000, 19_000) == pytest.approx(0.2, abs=0.01)
    assert sounds(heard, 82, 22_000, 47_000) == pytest.approx(0.2, abs=0.01)
    assert click_db(heard) < -60


def test_dropped_memory_is_let_go_of_within_10_ms() -> None:
    desk, what = Desk(RATE_HZ), instrument(SINE, Patch(voicing="legato", release_s=10))
    desk.plan([(0, NoteOn(what, 0, 60, 127)), (9_000, Drop(what.own))])
    heard = desk.render(10_240)
    assert not desk.mixer.plays(what.own)
    assert click_db(heard) < -60


@pytest.mark.parametrize(
    ("kind", "passing", "stopping"), [("low-pass", 200, 8_000), ("high-pass", 12_000, 100), ("band-pass", 1_000, 8_000)]
)
def test_filters_pass_and_stop(kind: str, passing: float, stopping: float) -> None:
    patch = Patch(filter_type=kind, cutoff_hz=1_000, resonance=0)  # type: ignore[arg-type]

    def level_db(hz: float) -> float:
        heard = play(instrument(tone(hz, 1, root_note=60), patch), on(0, 60), seconds=0.5)[10_000:20_000, 0]
        return float(20 * np.log10(np.sqrt(2 * np.mean(heard**2)) / 0.5))

    assert level_db(passing) == pytest.approx(0, abs=0.3)
    assert level_db(stopping) < (-15 if kind == "band-pass" else -35)
    if kind != "band-pass":
        assert level_db(1_000) == pytest.approx(-3, abs=0.1)


def test_resonance_lifts_the_cutoff_and_key_tracking_moves_it_with_the_keys() -> None:
    def level_db(note: float, hz: float) -> float:
        patch = Patch(filter_type="low-pass", cutoff_hz=1_000, resonance=100, key_tracking=100)
        sound = tone(hz / 2 ** ((note - 60) / 12), 2, peak=0.01, root_note=60)
        heard = play(instrument(sound, patch), on(0, note), seconds=0.6)[15_000:28_000, 0]
        return float(20 * np.log10(np.sqrt(2 * np.mean(heard**2)) / 0.01))

    assert level_db(60, 1_000) == pytest.approx(26, abs=0.3)
    assert level_db(72, 2_000) == pytest.approx(26, abs=0.3)
    assert level_db(60, 2_000) < -8


def test_a_gliding_filtered_note_does_not_click() -> None:
    patch = Patch(voicing="legato", glide_s=0.3, filter_type="low-pass", cutoff_hz=400, resonance=80, key_tracking=100)
    heard = play(instrument(tone(note_hz(48), 4, peak=0.1), patch), on(0, 48), on(10_000, 79), on(30_000, 36))
    assert click_db(heard) < -60


def test_a_cutoff_that_has_followed_a_glide_rests_where_a_note_struck_there_has_it() -> None:
    patch = Patch(voicing="legato", filter_type="low-pass", cutoff_hz=1_000, resonance=100, key_tracking=100)
    what = instrument(tone(1_000, 2, peak=0.01, root_note=60), patch)
    struck, led = play(what, on(0, 60)), play(what, on(0, 48), on(9_001, 60))
    later = slice(20_000, 24_000)
    assert np.abs(led[later]).max() == pytest.approx(np.abs(struck[later]).max(), rel=0.01)


def test_a_filter_dragged_under_a_held_chord_moves_without_a_click_or_another_voice() -> None:
    def patch(turn: int) -> Patch:
        return Patch(filter_type="low-pass", cutoff_hz=300 * 1.1**turn, resonance=40 + 2 * turn, key_tracking=50)

    first = instrument(tone(note_hz(48), 4, peak=0.05), patch(0))
    desk, keys = Desk(RATE_HZ), range(40, 56)
    desk.plan((0, NoteOn(first, 0, key, 100)) for key in keys)
    moves = [(20_000 + 800 * turn, replace(first, patch=patch(turn))) for turn in range(20)]
    desk.plan((frame, Equip(turned)) for frame, turned in moves)
    heard, voices = [], set()
    for _ in range(100):
        heard.append(desk.render(512))
        voices.add(desk.words[state.VOICES])
    assert voices == {16}
    turned = np.concatenate(heard)
    assert click_db(turned) < -60
    struck = play(moves[-1][1], *((0, NoteOn(None, 0, key, 100)) for key in keys), seconds=1.1)
    assert turned[40_000:50_000] == pytest.approx(struck[40_000:50_000], abs=1e-4)


@pytest.mark.parametrize(
    "other",
    [
        Patch(filter_type="low-pass", cutoff_hz=900, key_tracking=50),
        Patch(filter_type="high-pass", cutoff_hz=300),
        Patch(filter_type="low-pass", cutoff_hz=900, level_db=-6),
    ],
)
def test_what_a_filter_cannot_sweep_to_is_cross_faded(other: Patch) -> None:
    first = instrument(SINE, Patch(filter_type="low-pass", cutoff_hz=300))
    desk = Desk(RATE_HZ)
    desk.plan([(0, NoteOn(first, 0, 60, 100)), (9_984, Equip(replace(first, patch=other)))])
    heard = desk.render(10_240)
    assert desk.words[state.VOICES] == 2
    assert click_db(np.concatenate([heard, desk.render(10_240)])) < -60
    assert desk.words[state.VOICES] == 1


def test_a_filter_rings_on_after_the_sound_has_ended() -> None:
    click = np.zeros(480, np.float32)
    click[0] = 0.5
    patch = Patch(filter_type="band-pass", cutoff_hz=200, resonance=100)
    desk = Desk(RATE_HZ)
    desk.plan([(0, NoteOn(instrument(Sound(click, RATE_HZ, 60.0), patch), 0, 60, 127))])
    heard = desk.render(RATE_HZ)
    assert np.abs(heard[2_000:4_000]).max() > 1e-4
    assert desk.words[state.VOICES] == 0


def test_thousands_of_bends_in_a_block_cost_and_change_no_more_than_a_few() -> None:
    flood = [(20_000 + k // 40, Bend(1, k / 10_000)) for k in range(10_001)]
    wheel = [(20_000 + k // 40, Wheel(1, k / 10_000)) for k in range(10_001)]
    heard = play(instrument(SINE, Patch(wheel_cents=0)), on(0, 60), *flood, *wheel)
    assert abs(cents(frequency_hz(heard[21_000:, 0], note_hz(62)), note_hz(62))) < 0.1
    assert click_db(heard) < -60


@pytest.mark.parametrize("seed", [1, 5])
def test_a_flood_of_random_events_leaves_nothing_stuck_broken_or_clicking(seed: int) -> None:
    figures = flood(2_500, seed)
    assert figures["events"] == 2_500
    assert figures["broken"] == 0
    assert figures["stuck"] == 0
    assert figures["click_db"] < -60
