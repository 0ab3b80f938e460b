"""What is played is what is heard: over a JACK server, recorded back."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.audio.player import Player
from engine.sound import Sound
from tests.engine.audio.conftest import sine
from tests.jack import JackServer, wait_until

Heard = npt.NDArray[np.float32]
TRIES = 4


def hear(server: JackServer, player: Player, act: Callable[[], None]) -> Heard:
    """What is heard from `act` until silence, (frames, 2), from its first sample to its last. Recorded again when the
    machine stood still meanwhile, a few times."""
    heard = np.zeros((0, 2), np.float32)
    for _ in range(TRIES):
        underflows = player.underflows()
        with server.recording() as recording:
            act()
            wait_until(lambda: player.voices() > 0, 3, "something plays")
            wait_until(lambda: player.voices() == 0, 10, "it is silent again")
        sounding = np.flatnonzero(np.abs(recording.samples).max(axis=1) > 0)
        assert len(sounding), "nothing was heard"
        heard = recording.samples[sounding[0] : sounding[-1] + 1]
        if player.underflows() == underflows:
            break
    return heard


def frequency_hz(samples: Heard, near_hz: float, rate_hz: int) -> float:
    """Frequency of a steady sine, from how its phase turns against one of near_hz."""
    count = np.arange(len(samples))
    turned = samples * np.exp(-2j * np.pi * near_hz / rate_hz * count)
    smooth = np.convolve(turned, np.hanning(1200), mode="valid")
    slope = np.polyfit(np.arange(len(smooth)), np.unwrap(np.angle(smooth)), 1)[0]
    return float(near_hz + slope * rate_hz / (2 * np.pi))


def cents(hz: float, against_hz: float) -> float:
    return float(1200 * np.log2(hz / against_hz))


def test_a_sound_at_the_device_rate_is_heard_bit_for_bit(jack_server: JackServer, player: Player, noise: Sound) -> None:
    player.load("noise", noise)
    heard = hear(jack_server, player, lambda: player.play("noise"))
    source = noise.samples[np.flatnonzero(np.abs(noise.samples).max(axis=1))[0] :][: len(heard)]
    np.testing.assert_array_equal(heard, source)
    assert len(heard) > noise.frames - 10


def test_a_mono_sound_is_heard_on_both_sides(jack_server: JackServer, player: Player) -> None:
    player.load("tone", sine(440, 0.2, 48_000))
    heard = hear(jack_server, player, lambda: player.play("tone"))
    np.testing.assert_array_equal(heard[:, 0], heard[:, 1])


def test_a_sound_at_another_rate_is_heard_within_80_db(jack_server: JackServer, player: Player) -> None:
    def chord(rate_hz: int) -> npt.NDArray[np.float64]:
        t = np.arange(round(0.5 * rate_hz)) / rate_hz
        tones = sum(np.sin(2 * np.pi * hz * t + hz) for hz in (110.0, 997.0, 5_011.0, 12_007.0, 17_011.0))
        return np.asarray(0.15 * tones * np.sin(np.pi * t / 0.5) ** 2)

    player.load("chord", Sound(chord(44_100).astype(np.float32), 44_100))
    heard = hear(jack_server, player, lambda: player.play("chord"))[:, 0]
    wanted = chord(48_000)
    first, last = 1_000, 22_000
    errors = [  # hearing begins at the first sample that is not zero, somewhere near the start
        np.sqrt(np.mean((heard[first - late : last - late] - wanted[first:last]) ** 2)) for late in range(-100, 100)
    ]
    assert 20 * np.log10(min(errors) / np.sqrt(np.mean(wanted**2))) < -80


def test_a_note_an_octave_up_has_twice_the_frequency(jack_server: JackServer, player: Player) -> None:
    player.load("a3", sine(220, 1.0, 44_100, root_note=57))
    heard = hear(jack_server, player, lambda: player.note_on("a3", 69, 127))
    assert abs(cents(frequency_hz(heard[3_000:20_000, 0], 440, 48_000), 440)) < 1


def test_every_note_is_in_tune_also_from_a_root_between_keys(jack_server: JackServer, player: Player) -> None:
    player.load("a3", sine(220 * 2 ** (0.37 / 12), 1.0, 48_000, root_note=57.37))
    for note in (45, 76):
        hz = 440 * 2 ** ((note - 69) / 12)
        heard = hear(jack_server, player, lambda note=note: player.note_on("a3", note, 127))  # type: ignore[misc]
        assert abs(cents(frequency_hz(heard[2_000:14_000, 0], hz, 48_000), hz)) < 1


def test_stopping_leaves_no_click(jack_server: JackServer, player: Player) -> None:
    player.load("tone", sine(200, 3.0, 48_000))

    def play_and_stop() -> None:
        player.play("tone")
        time.sleep(0.3)
        player.stop()

    heard = hear(jack_server, player, play_and_stop)
    assert 0.1 < len(heard) / 48_000 < 1.0
    assert np.abs(np.diff(heard[:, 0], n=2)).max() < 6e-4  # the sine's own is 3.4e-4; a cut would be up to 0.5


def test_a_released_note_fades_without_a_click(jack_server: JackServer, player: Player) -> None:
    player.load("tone", sine(200, 3.0, 48_000, root_note=60))

    def press_and_let_go() -> None:
        player.note_on("tone", 60, 127)
        time.sleep(0.2)
        player.note_off(60)

    heard = hear(jack_server, player, press_and_let_go)
    assert len(heard) / 48_000 < 1.0
    assert np.abs(np.diff(heard[:, 0], n=2)).max() < 6e-4


def test_playing_twice_sounds_twice(jack_server: JackServer, player: Player) -> None:
    tone = sine(300, 0.5, 48_000, peak=0.3)
    player.load("tone", tone)

    def twice() -> None:
        player.play("tone")
        time.sleep(0.1)
        player.play("tone")

    heard = hear(jack_server, player, twice)[:, 0]
    source = tone.samples[1:, 0]
    rest = heard.copy()
    rest[: len(source)] -= source  # what remains is the second one, alone
    second = int(np.flatnonzero(np.abs(rest) > 1e-6)[0])
    assert 0.05 * 48_000 < second < 0.4 * 48_000
    begins = int(np.flatnonzero(np.abs(source) > 1e-6)[0])
    remainder = rest[second : second + 20_000]
    np.testing.assert_allclose(remainder, source[begins : begins + 20_000], atol=1e-5)


def test_a_looped_sound_goes_on_until_stopped(jack_server: JackServer, player: Player) -> None:
    period = 240  # frames of 200 Hz: a loop of whole periods has no seam
    tone = (0.5 * np.sin(2 * np.pi * np.arange(4 * period) / period)).astype(np.float32)
    player.load("loop", Sound(tone, 48_000, loop=(period, 3 * period - 1)))

    def hold() -> None:
        player.play("loop", loop=True)
        time.sleep(1.0)  # a machine that stands still takes some of it away
        player.stop()

    heard = hear(jack_server, player, hold)
    assert len(heard) > 0.4 * 48_000
    assert np.abs(np.diff(heard[:, 0], n=2)).max() < 6e-4


def test_the_volume_is_in_decibels(jack_server: JackServer, player: Player) -> None:
    player.load("tone", sine(300, 0.3, 48_000, peak=0.5))
    player.set_gain_db(-6.0206)
    heard = hear(jack_server, player, lambda: player.play("tone"))
    assert abs(np.abs(heard).max() - 0.25) < 1e-3


def test_too_many_loud_voices_are_limited_not_clipped(jack_server: JackServer, player: Player) -> None:
    player.load("loud", sine(200, 0.4, 48_000, peak=0.89))

    def crowd() -> None:
        for _ in range(8):
            player.play("loud")

    heard = hear(jack_server, player, crowd)
    assert 0.85 < np.abs(heard).max() < 1.0
    steady = heard[5_000:12_000, 0]
    spectrum = np.abs(np.fft.rfft(steady * np.hanning(len(steady))))
    fundamental = round(200 * len(steady) / 48_000)
    assert spectrum[3 * fundamental - 2 : 3 * fundamental + 3].max() < 0.03 * spectrum.max()  # clipping gives a third


def test_playback_from_within_a_sound_starts_there(jack_server: JackServer, player: Player, noise: Sound) -> None:
    player.load("noise", noise)
    heard = hear(jack_server, player, lambda: player.play("noise", start_frame=12_000))
    tail = noise.samples[12_000:]
    assert abs(len(heard) - len(tail)) < 200
    np.testing.assert_array_equal(heard[-8_000:-100], tail[-8_000 - 1 : -100 - 1][: len(heard[-8_000:-100])])


def test_the_level_meter_follows_the_sound(player: Player) -> None:
    player.load("tone", sine(300, 0.3, 48_000, peak=0.5))
    player.play("tone")
    wait_until(lambda: player.levels()[0] > 0.45, 2, "the meter rises")
    wait_until(lambda: player.voices() == 0, 2, "it has ended")
    fallen = player.levels()[0]
    wait_until(lambda: player.levels()[0] < fallen / 2, 2, "the meter falls")
