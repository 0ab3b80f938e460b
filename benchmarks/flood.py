"""Random notes, controllers and edits, as many as you like: nothing sticks, breaks or clicks.

The instruments are low tones that begin softly, so that all that is heard above 8 kHz is a click.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from benchmarks.report import Benchmark, Figures
from engine.audio import actions
from engine.audio.actions import Action, Instrument
from engine.audio.perform import Desk, instrument
from engine.patch import Patch
from engine.sound import Sound

RATE_HZ = 48_000
EVENTS_PER_S = 800.0
PEAK = 0.012  # of one voice: so many of them never reach the limiter
_BLOCK = 256
_TAIL_S = 5.0  # longest sound and longest release
_SEED = 5
_HIGH_HZ = 8_000


def tone(hz: float, seconds: float, loop: bool, channels: int) -> Sound:
    """A sine with soft ends; loop: over whole periods in its middle."""
    count = np.arange(round(seconds * RATE_HZ))
    rise = np.clip(np.minimum(count, count[::-1]) / (0.01 * RATE_HZ), 0, 1)
    wave = PEAK * rise**2 * (3 - 2 * rise) * np.sin(2 * np.pi * hz / RATE_HZ * count)
    period = RATE_HZ / hz
    span = (round(10 * period), round(10 * period) + round(40 * period) - 1) if loop else None
    return Sound(np.tile(wave[:, None], (1, channels)).astype(np.float32), RATE_HZ, 45.0, span)


class Flood:
    """An endless stream of actions. Same seed, same stream."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self.takes = {key: self._take(key) for key in "abcdefgh"}
        self._route = actions.Route()

    def _choice(self, *options: str) -> str:
        return options[int(self._rng.integers(len(options)))]

    def _patch(self) -> Patch:
        rng = self._rng
        return Patch(
            play_mode=self._choice("one-shot", "gated", "gated", "loop"),  # type: ignore[arg-type]
            voicing=self._choice("poly", "poly", "poly", "mono", "legato"),  # type: ignore[arg-type]
            pitch_mode=self._choice("model", "varispeed"),  # type: ignore[arg-type]
            glide_s=float(rng.choice([0, 0, 0.05, 0.3])),
            bend_range=int(rng.integers(0, 13)),
            velocity_tone=float(rng.choice([0, 0, 50, 100])),
            attack_s=float(rng.choice([0, 0, 0.01, 0.5])),
            decay_s=float(rng.choice([0.05, 1.0])),
            sustain_db=float(rng.choice([0, 0, -12, -60])),
            release_s=float(rng.choice([0, 0.01, 0.08, 1.0])),
            release_bend=float(rng.uniform(-0.5, 1)),
            filter_type=self._choice("off", "off", "low-pass", "high-pass", "band-pass"),  # type: ignore[arg-type]
            cutoff_hz=float(rng.uniform(60, 3_000)),
            resonance=float(rng.uniform(0, 40)),
            key_tracking=float(rng.choice([0, 100])),
            loop_s=(0.2, 0.7) if rng.random() < 0.3 else None,
            reverse="on" if rng.random() < 0.15 else "off",
            choke_group=int(rng.integers(0, 3)) if rng.random() < 0.3 else 0,
            transpose=int(rng.integers(-5, 6)),
        )

    def _take(self, key: str) -> Instrument:
        rng = self._rng
        sound = tone(110 * rng.uniform(0.9, 1.1), rng.uniform(1.0, 3.0), rng.random() < 0.5, int(rng.integers(1, 3)))
        zones = {57: tone(220, 1.5, False, 1)} if rng.random() < 0.3 else {}
        return instrument(sound, self._patch(), RATE_HZ, key, zones)

    def _any(self) -> Instrument:
        return self.takes[self._choice(*self.takes)]

    def actions(self) -> Iterator[Action]:
        """Notes mostly, on every channel."""
        rng = self._rng
        while True:
            dice, channel, note = rng.random(), int(rng.integers(0, 17)), float(rng.integers(33, 70))
            if dice < 0.42:
                yield actions.NoteOn(self._any() if channel == 0 else None, channel, note, int(rng.integers(1, 128)))
            elif dice < 0.75:
                yield actions.NoteOff(channel, note)
            elif dice < 0.83:
                yield actions.Bend(channel, float(rng.uniform(-0.3, 0.3)))
            elif dice < 0.88:
                yield actions.Wheel(channel, float(rng.random()))
            elif dice < 0.93:
                yield actions.Pedal(channel, bool(rng.random() < 0.3))
            elif dice < 0.95:
                yield actions.Preview("a", self.takes["a"].own, float(rng.integers(0, 20_000)), 1.0, 96, None)
            elif dice < 0.97:
                yield self._edit()
            elif dice < 0.985:
                pads = {int(rng.integers(33, 70)): self._any() for _ in range(4)}
                self._route = actions.Route(self._any(), pads, bool(rng.random() < 0.3))
                yield self._route
            elif dice < 0.99:
                yield actions.Drop(self._any().own)
            elif dice < 0.993:
                yield actions.Quiet()
            else:
                yield actions.MasterGain(float(rng.uniform(0.7, 1)))

    def _edit(self) -> actions.Equip:
        """Another patch, or other samples, for a take that may be sounding."""
        key = self._choice(*self.takes)
        if self._rng.random() < 0.5:
            old = self.takes[key]
            self.takes[key] = Instrument(key, self._patch(), old.own, old.zones)
        else:
            self.takes[key] = self._take(key)
        return actions.Equip(self.takes[key])


def click_db(heard: npt.NDArray[np.float32]) -> float:
    """The loudest moment above 8 kHz, against the peak of one voice."""
    taps = np.sinc(2 * _HIGH_HZ / RATE_HZ * np.arange(-128, 129)) * np.kaiser(257, 9)
    high = -taps / taps.sum()
    high[128] += 1
    worst = max(np.abs(np.convolve(heard[:, side], high, mode="valid")).max() for side in (0, 1))
    return float(20 * np.log10(worst / PEAK + 1e-12))


def flood(events: int, seed: int = _SEED) -> Figures:
    """events, broken (samples that are no number or above full scale), stuck (voices that sound after all keys are let
    go), click_db, worst_block_percent (processor time, of what a block lasts)."""
    source, rng, desk = Flood(seed), np.random.default_rng(seed), Desk(RATE_HZ)
    stream = source.actions()
    frame, broken, click, worst = 0.0, 0, -240.0, 0.0
    left, up, last = events, _all_keys_up(), np.zeros((512, 2), np.float32)
    desk.plan([(0, actions.Route(armed=source.takes["a"]))])
    tail = round(_TAIL_S * RATE_HZ / _BLOCK)
    rendered = 0
    while left > 0 or tail > 0:
        heard = [last]
        for _ in range(64):
            due: list[tuple[int, Action]] = []
            while left > 0 and frame < rendered + _BLOCK:
                due.append((int(frame), next(stream)))
                frame += rng.exponential(RATE_HZ / EVENTS_PER_S)
                left -= 1
            if left == 0 and up:
                due, up = [(rendered, action) for action in up[:64]], up[64:]
            desk.plan(due)
            began = time.thread_time()
            heard.append(desk.render(_BLOCK))
            worst = max(worst, time.thread_time() - began)
            rendered += _BLOCK
            tail -= left == 0 and not up
        stretch = np.concatenate(heard)
        broken += int((~np.isfinite(stretch)).sum() + (np.abs(stretch) > 1).sum())
        click = max(click, click_db(stretch))
        last = stretch[-512:]
    return {
        "events": float(events),
        "broken": float(broken),
        "stuck": float(sum(voice.manner is not None for voice in desk.mixer.voices.slots)),
        "click_db": click,
        "worst_block_percent": 100 * worst / (_BLOCK / RATE_HZ),
    }


def _all_keys_up() -> list[Action]:
    pedals: list[Action] = [actions.Pedal(channel, False) for channel in range(17)]
    return pedals + [actions.NoteOff(channel, float(note)) for channel in range(17) for note in range(128)]


def measure(count: int) -> Figures:
    """count: thousands of events."""
    return flood(1_000 * count)


BENCHMARK = Benchmark(
    "A flood of random events through the voices, --count thousands of them",
    measure,
    {"broken": 0.0, "stuck": 0.0, "click_db": -60.0},
)
