"""The mixer, rendered faster than real time."""

from __future__ import annotations

import tracemalloc

import numpy as np
import numpy.typing as npt
import pytest

from engine.audio import state
from engine.audio.actions import Action, Equip, MasterGain, NoteOn, Preview, Quiet
from engine.audio.limiter import THRESHOLD, Limiter
from engine.audio.mixer import Mixer
from engine.audio.perform import instrument, playable
from engine.audio.ring import Ring
from engine.audio.voices import POLYPHONY
from engine.patch import Patch
from engine.sound import Sound

RATE_HZ = 48_000


class Desk:
    """A mixer with its ring and words."""

    def __init__(self) -> None:
        self.actions: Ring[Action] = Ring()
        self.words = np.zeros(32)
        self.mixer = Mixer(RATE_HZ, self.actions, self.words)

    def render(self, frames: int, block: int = 256, channels: int = 2) -> npt.NDArray[np.float32]:
        blocks = [np.full((min(block, frames - at), channels), 9, np.float32) for at in range(0, frames, block)]
        for out in blocks:
            self.mixer.render(out)
        return np.concatenate(blocks)


def tone(hz: float = 200.0, seconds: float = 1.0, peak: float = 0.5, channels: int = 1) -> Sound:
    wave = (peak * np.sin(2 * np.pi * hz / RATE_HZ * np.arange(round(seconds * RATE_HZ)))).astype(np.float32)
    return Sound(np.tile(wave[:, None], (1, channels)), RATE_HZ, 60.0)


def preview(sound: Sound, loop: tuple[int, int] | None = None) -> Preview:
    return Preview("", playable(sound, RATE_HZ), 0, 1.0, 0, loop)


@pytest.mark.parametrize("block", [1, 64, 256, 333, 1024])
def test_the_device_block_size_changes_no_sample(block: int) -> None:
    desk, sound = Desk(), tone()
    desk.actions.put(preview(sound))
    np.testing.assert_array_equal(desk.render(4_000, block)[:, 0], sound.samples[:4_000, 0])


@pytest.mark.parametrize("block", [32, 333, 1024])
@pytest.mark.parametrize("patch", [Patch(), Patch(filter_type="low-pass", resonance=50, attack_s=0.02, decay_s=0.05)])
def test_the_device_block_size_changes_no_transposed_note(block: int, patch: Patch) -> None:
    def note(block: int) -> npt.NDArray[np.float32]:
        desk = Desk()
        desk.actions.put(NoteOn(instrument(tone(), patch), 0, 65, 127))
        return desk.render(4_000, block)

    np.testing.assert_allclose(note(block), note(256), atol=1e-5)


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_it_plays_on_any_number_of_channels(channels: int) -> None:
    desk, sound = Desk(), tone(channels=2)
    desk.actions.put(preview(sound))
    heard = desk.render(1_000, channels=channels)
    for channel in range(min(channels, 2)):
        np.testing.assert_allclose(heard[:, channel], sound.samples[:1_000, 0], atol=1e-7)
    assert not heard[:, 2:].any()


@pytest.mark.parametrize(
    "patch",
    [Patch(), Patch(filter_type="band-pass", velocity_tone=50, attack_s=5, play_mode="loop", loop_s=(0.1, 0.2))],
)
def test_rendering_allocates_no_array(patch: Patch) -> None:
    desk, sound = Desk(), instrument(tone(seconds=5, channels=2), patch)
    for note in np.linspace(48, 72, 16):
        desk.actions.put(NoteOn(sound, 0, float(note), 100))
    out = np.zeros((256, 2), np.float32)
    desk.mixer.render(out)
    tracemalloc.start()
    try:
        desk.mixer.render(out)
        base = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        for _ in range(50):
            desk.mixer.render(out)
        peak = tracemalloc.get_traced_memory()[1] - base
    finally:
        tracemalloc.stop()
    assert peak < 16_384  # views and numbers; what 16 voices read in one block alone would be 650 kB


def test_hundreds_of_notes_in_one_block_are_survived() -> None:
    desk, sound = Desk(), instrument(tone(seconds=1, peak=0.9))
    for note in range(500):
        desk.actions.put(NoteOn(sound, 0, 30 + note / 10, 127))
    heard = desk.render(9_600)
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= 1
    assert 1 <= desk.words[state.VOICES] <= POLYPHONY


@pytest.mark.parametrize("apart", [64, 256, 900, 1_000])
def test_however_quickly_edits_follow_each_other_their_shares_make_one(apart: int) -> None:
    """Each takes over in 960 frames. Of the same sound, nothing may be heard of that: no swell, no click."""
    desk, sound, patch = Desk(), tone(peak=0.85), Patch(velocity_level=0)
    desk.actions.put(NoteOn(instrument(sound, patch), 0, 60, 127))
    heard = []
    for _ in range(30):
        heard.append(desk.render(apart))
        desk.actions.put(Equip(instrument(sound, patch)))
    heard.append(desk.render(2_000))
    played = np.concatenate(heard)[:, 0]
    np.testing.assert_allclose(played[100:], sound.samples[100 : len(played), 0], atol=1e-3)


def test_panic_silences_everything_within_10_ms() -> None:
    desk, sound = Desk(), instrument(tone(seconds=3), Patch(release_s=20))
    for note in range(48, 72):
        desk.actions.put(NoteOn(sound, 0, note, 127))
    desk.actions.put(preview(tone(seconds=3)))
    desk.render(2_048)
    desk.actions.put(Quiet())
    assert not desk.render(1_024)[481:].any()
    assert desk.words[state.VOICES] == 0


def test_a_volume_change_glides() -> None:
    desk = Desk()
    desk.actions.put(preview(tone(peak=0.8)))
    desk.render(2_460)  # mid-swing
    desk.actions.put(MasterGain(0.0))
    heard = desk.render(512)
    assert np.abs(np.diff(heard[:, 0])).max() < 0.03
    assert not heard[256:].any()


def test_the_meters_show_peak_and_rms() -> None:
    desk = Desk()
    desk.actions.put(preview(tone(peak=0.5, seconds=3)))
    desk.render(2 * RATE_HZ)
    assert desk.words[state.PEAK_LEFT] == pytest.approx(0.5, rel=0.01)
    assert desk.words[state.RMS_RIGHT] == pytest.approx(0.5 / np.sqrt(2), rel=0.02)
    desk.render(6 * RATE_HZ)
    assert desk.words[state.RMS_LEFT] < 0.001
    assert np.isnan(desk.words[state.PLAYHEAD_S])


def test_a_preview_of_a_loop_of_whole_periods_has_no_seam() -> None:
    desk = Desk()
    desk.actions.put(preview(tone(hz=200, seconds=0.1), loop=(480, 1_199)))
    heard = desk.render(20_000)[:, 0]
    np.testing.assert_allclose(heard, 0.5 * np.sin(2 * np.pi * 200 / RATE_HZ * np.arange(20_000)), atol=1e-5)


@pytest.mark.parametrize("rate_hz", [48_000, 44_100])
def test_a_single_period_keeps_its_pitch(rate_hz: int) -> None:
    period, desk = 49, Desk()
    wave = (0.5 * np.sin(2 * np.pi * np.arange(period) / period)).astype(np.float32)
    desk.actions.put(NoteOn(instrument(Sound(wave, rate_hz, 60.0, loop=(0, 48)), Patch(play_mode="loop")), 0, 60, 127))
    heard = desk.render(48_000)[:, 0]
    expected = 0.5 * np.sin(2 * np.pi * rate_hz / RATE_HZ / period * np.arange(48_000))
    np.testing.assert_allclose(heard[100:], expected[100:], atol=1e-4)


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


@pytest.mark.parametrize("frames", [32, 256])
def test_the_limiter_turns_a_loud_tone_down_without_corners(frames: int) -> None:
    """A click would bend the curve more sharply than the tone itself does, and its softest clipping."""
    limiter, rng = Limiter(RATE_HZ, 256), np.random.default_rng(2)
    for _ in range(20):
        peaks = np.repeat(rng.uniform(0.3, 1.5, 40), 1_024)  # as voices that come and go over each other's fades
        swell = np.convolve(peaks, np.hanning(961) / np.hanning(961).sum(), mode="same")
        wave = swell * np.sin(2 * np.pi * 45 / RATE_HZ * np.arange(len(peaks)))
        heard = np.tile(wave.astype(np.float32), (2, 1))
        for at in range(0, len(peaks), frames):
            limiter.process(heard[:, at : at + frames])
        assert np.abs(heard).max() <= 1
        assert np.abs(np.diff(heard[0], n=2)).max() < np.abs(np.diff(wave, n=2)).max() + 1e-3
