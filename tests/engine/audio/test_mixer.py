"""The mixer, rendered faster than real time."""

from __future__ import annotations

import tracemalloc

import numpy as np
import numpy.typing as npt
import pytest

from engine.audio import state
from engine.audio.limiter import THRESHOLD, Limiter
from engine.audio.mixer import POLYPHONY, Action, MasterGain, Mixer, Release
from engine.audio.playable import Playable
from engine.audio.ring import Ring
from engine.audio.voice import Start

RATE_HZ = 48_000


class Desk:
    """A mixer with its ring and words."""

    def __init__(self) -> None:
        self.actions: Ring[Action] = Ring()
        self.words = np.zeros(16)
        self.mixer = Mixer(RATE_HZ, self.actions, self.words)

    def render(self, frames: int, block: int = 256, channels: int = 2) -> npt.NDArray[np.float32]:
        blocks = [np.full((min(block, frames - at), channels), 9, np.float32) for at in range(0, frames, block)]
        for out in blocks:
            self.mixer.render(out)
        return np.concatenate(blocks)


def tone(hz: float = 200.0, seconds: float = 1.0, peak: float = 0.5, channels: int = 1) -> Playable:
    wave = (peak * np.sin(2 * np.pi * hz / RATE_HZ * np.arange(round(seconds * RATE_HZ)))).astype(np.float32)
    return Playable(np.pad(np.tile(wave, (channels, 1)), ((0, 0), (1, 1))), RATE_HZ, 1.0, 1.0, 60.0, None)


def start(playable: Playable, step: float = 1.0, note: float | None = None, fade_in: int = 0) -> Start:
    return Start(playable, 0.0, step, 1.0, fade_in, None, note)


@pytest.mark.parametrize("block", [1, 64, 256, 333, 1024])
def test_the_device_block_size_changes_no_sample(block: int) -> None:
    desk, sound = Desk(), tone()
    desk.actions.put(start(sound))
    np.testing.assert_array_equal(desk.render(4_000, block)[:, 0], sound.samples[0, 1:4_001])


@pytest.mark.parametrize("block", [64, 333, 1024])
def test_the_device_block_size_changes_no_transposed_note(block: int) -> None:
    def note(block: int) -> npt.NDArray[np.float32]:
        desk = Desk()
        desk.actions.put(start(tone(), step=1.3348))
        return desk.render(4_000, block)

    np.testing.assert_allclose(note(block), note(256), atol=1e-4)


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_it_plays_on_any_number_of_channels(channels: int) -> None:
    desk, sound = Desk(), tone(channels=2)
    desk.actions.put(start(sound))
    heard = desk.render(1_000, channels=channels)
    for channel in range(min(channels, 2)):
        np.testing.assert_allclose(heard[:, channel], sound.samples[0, 1:1_001], atol=1e-7)
    assert not heard[:, 2:].any()


def test_rendering_allocates_no_array() -> None:
    desk, sound = Desk(), tone(seconds=5, channels=2)
    for step in np.linspace(0.5, 3, 16):
        desk.actions.put(start(sound, step=float(step), note=float(step)))
    out = np.zeros((256, 2), np.float32)
    desk.mixer.render(out)
    tracemalloc.start()
    try:
        base = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        for _ in range(50):
            desk.mixer.render(out)
        peak = tracemalloc.get_traced_memory()[1] - base
    finally:
        tracemalloc.stop()
    assert peak < 4_096  # views and numbers; one block of one voice's indices alone would be 65 kB


def test_the_oldest_voice_makes_room_without_a_click() -> None:
    desk, sound = Desk(), tone(seconds=3, peak=0.5 / POLYPHONY)
    for _ in range(POLYPHONY):
        desk.actions.put(start(sound))
    desk.render(2_400)  # ten periods of 200 Hz: the newcomer begins in phase
    desk.actions.put(start(sound))
    heard = desk.render(4_800)
    assert desk.words[state.VOICES] == POLYPHONY
    assert np.abs(np.diff(heard[:, 0], n=2)).max() < 6e-4


def test_hundreds_of_starts_in_one_block_are_survived() -> None:
    desk, sound = Desk(), tone(seconds=1, peak=0.9)
    for _ in range(500):
        desk.actions.put(start(sound))
    heard = desk.render(9_600)
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= 1
    assert desk.words[state.VOICES] <= POLYPHONY


def test_a_repeated_key_replaces_its_own_note() -> None:
    desk, sound = Desk(), tone(seconds=3)
    desk.actions.put(start(sound, note=60))
    desk.render(480)
    desk.actions.put(start(sound, note=60))
    desk.actions.put(start(sound, note=64))
    desk.render(RATE_HZ // 4)
    assert desk.words[state.VOICES] == 2


def test_a_released_note_leaves_the_others() -> None:
    desk, sound = Desk(), tone(seconds=3)
    for note in (60.0, 64.0, None):
        desk.actions.put(start(sound, note=note))
    desk.actions.put(Release(60.0))
    desk.render(RATE_HZ // 4)
    assert desk.words[state.VOICES] == 2
    desk.actions.put(Release(None))
    desk.render(1_024)
    assert desk.words[state.VOICES] == 0


def test_a_volume_change_glides() -> None:
    desk = Desk()
    desk.actions.put(start(tone(peak=0.8)))
    desk.render(2_460)  # mid-swing
    desk.actions.put(MasterGain(0.0))
    heard = desk.render(512)
    assert np.abs(np.diff(heard[:, 0])).max() < 0.03
    assert not heard[256:].any()


@pytest.mark.parametrize("step", [1.0, 0.7491535, 1.5])
def test_a_loop_of_whole_periods_has_no_seam(step: float) -> None:
    desk, sound = Desk(), tone(hz=200, seconds=0.1)
    desk.actions.put(Start(sound, 0.0, step, 1.0, 0, (480, 1_199), None))
    heard = desk.render(20_000)[:, 0]
    expected = 0.5 * np.sin(2 * np.pi * 200 / RATE_HZ * step * np.arange(20_000))
    np.testing.assert_allclose(heard[100:], expected[100:], atol=2e-4)


def test_a_short_loop_keeps_its_pitch() -> None:
    period = 48  # 1 kHz
    desk, sound = Desk(), tone(hz=1_000, seconds=0.01)
    desk.actions.put(Start(sound, 0.0, 1.0, 1.0, 0, (period, 2 * period - 1), None))
    heard = desk.render(9_600)[:, 0]
    np.testing.assert_allclose(heard, 0.5 * np.sin(2 * np.pi / period * np.arange(9_600)), atol=1e-4)


def test_the_limiter_passes_finished_sounds_bit_for_bit() -> None:
    rng = np.random.default_rng(1)
    block = rng.uniform(-THRESHOLD, THRESHOLD, (2, 256)).astype(np.float32)
    before = block.copy()
    Limiter(RATE_HZ, 256).process(block)
    np.testing.assert_array_equal(block, before)


def test_the_limiter_never_exceeds_full_scale_and_recovers() -> None:
    limiter = Limiter(RATE_HZ, 256)
    rng = np.random.default_rng(1)
    for _ in range(20):
        block = rng.uniform(-9, 9, (2, 256)).astype(np.float32)
        limiter.process(block)
        assert np.abs(block).max() <= 1
    for _ in range(400):
        block = np.full((2, 256), 0.5, np.float32)
        limiter.process(block)
    np.testing.assert_array_equal(block, 0.5)
