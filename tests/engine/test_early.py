"""What is played next is made first, where the whole takes long."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.events import Decoded, Finished, Soon
from engine.pitch import Pitch
from engine.request import Latent, Request, Take
from engine.sound import Sound
from engine.studio import Studio
from engine.variants import Playing
from tests.fakes import Ears, ToneGenerator

Start = Callable[..., Studio]
SECONDS = 1.5


class Long(ToneGenerator):
    """The whole of a sound takes long to decode, a part of it does not."""

    def __init__(self, pause_s: float) -> None:
        super().__init__()
        self.pause_s = pause_s
        self.parts: list[tuple[float, float]] = []

    def decode(self, latent: Latent, pitches: Sequence[Pitch], seed: int, *given: Any) -> list[Sound]:
        time.sleep(self.pause_s)
        return super().decode(latent, pitches, seed, *given)

    def decode_part(
        self, latent: Latent, pitch: Pitch, seed: int, first_s: float, last_s: float, width: float = 0.0
    ) -> Sound:
        self.parts.append((first_s, last_s))
        whole = super().decode(latent, [pitch], seed)[0]
        return whole.with_samples(whole.samples[round(first_s * self.rate_hz) : round(last_s * self.rate_hz)])


def halved(latent: Latent, pitch: Pitch) -> tuple[Latent, Pitch]:
    return latent / 2, pitch


def lengthened(latent: Latent, pitch: Pitch) -> tuple[Latent, Pitch]:
    return np.concatenate([latent / 2, latent / 2]), pitch


def moved(
    start: Start, ears: Ears, generator: Long, edit: Callable[..., object], at_s: float | None, note: int = 50
) -> tuple[Take, list[Soon], Decoded]:
    """A take, what was told early of its edit while it plays at a moment, and what was told in the end."""
    studio = start(lambda name: generator)
    request = Request("warm bass", note=note, seconds=SECONDS, steps=1, seed=5)
    take: Take = ears.wait(Finished, studio.submit(request)).take  # type: ignore[attr-defined]
    token = studio.decode(take, edit, playing=Playing(take.sound, lambda: at_s))  # type: ignore[arg-type]
    done = ears.wait(Decoded, token)
    assert isinstance(done, Decoded)
    return take, [e for e in ears.events if isinstance(e, Soon) and e.request_id == token], done


@pytest.mark.parametrize("at_s", [0.0, 0.5, 1.2])
def test_the_next_moments_come_before_the_whole_and_are_the_same(start: Start, ears: Ears, at_s: float) -> None:
    take, early, done = moved(start, ears, Long(0.05), halved, at_s)
    assert len(early) == 1
    kinds = [type(e) for e in ears.events if e.request_id == done.request_id]
    assert kinds.index(Soon) < kinds.index(Decoded)
    first, last = early[0].changed
    assert first == round(at_s * take.sound.rate_hz)
    assert last - first >= 0.19 * take.sound.rate_hz or last == take.sound.frames  # twice the pause, and patience
    mixed, old, new = (sound.samples[:, 0] for sound in (early[0].sound, take.sound, done.sound))
    assert mixed.shape == old.shape
    assert np.array_equal(mixed[:first], old[:first])
    assert np.array_equal(mixed[last:], old[last:])
    inner = slice(first + 882, last - 882)
    assert np.abs(mixed - new)[inner].max() < 0.05 * take.sound.peak
    assert np.abs(mixed - old)[inner].max() > 0.05 * take.sound.peak or at_s > 1.0
    assert np.abs(np.diff(mixed, n=2)).max() < 1.1 * np.abs(np.diff(old, n=2)).max()  # no click where they meet


def test_while_it_is_silent_its_beginning_comes_first(start: Start, ears: Ears) -> None:
    _, early, _ = moved(start, ears, Long(0.05), halved, None)
    assert early[0].changed[0] == 0


def test_at_its_end_its_beginning_comes_first_because_it_may_begin_again(start: Start, ears: Ears) -> None:
    _, early, _ = moved(start, ears, Long(0.05), halved, SECONDS - 0.03)
    assert early[0].changed[0] == 0


def test_a_longer_variant_is_longer_with_the_whole(start: Start, ears: Ears) -> None:
    take, early, done = moved(start, ears, Long(0.05), lengthened, 0.4)
    assert early[0].sound.frames == take.sound.frames < done.sound.frames
    first, last = early[0].changed
    inner = slice(first + 882, last - 882)
    difference = early[0].sound.samples - done.sound.samples[: take.sound.frames]
    assert np.abs(difference)[inner].max() < 0.05 * take.sound.peak


def test_nothing_comes_early_where_most_of_the_sound_would_be_needed(start: Start, ears: Ears) -> None:
    slow = Long(0.5)
    assert moved(start, ears, slow, halved, 0.0)[1] == []
    assert slow.parts == []


def test_nothing_comes_early_where_the_whole_is_quick(
    start: Start, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.variants._LONG_S", 10.0)  # quick beside it, however slow the machine
    quick = Long(0.0)
    assert moved(start, ears, quick, halved, 0.2)[1] == []
    assert quick.parts == []


def test_a_sound_with_moved_formants_comes_as_a_whole(start: Start, ears: Ears) -> None:
    """Moved formants need the whole."""

    def formants(latent: Latent, pitch: Pitch) -> tuple[Latent, Pitch]:
        return latent, replace(pitch, formant_st=3.0)

    assert moved(start, ears, Long(0.05), formants, 0.2)[1] == []


def test_where_old_and_new_meet_in_opposite_phase_nothing_clicks(start: Start, ears: Ears) -> None:
    def inverted(latent: Latent, pitch: Pitch) -> tuple[Latent, Pitch]:
        return -latent, pitch

    take, early, _ = moved(start, ears, Long(0.05), inverted, 0.3, note=24)
    first, _ = early[0].changed
    mixed, old = early[0].sound.samples[:, 0], take.sound.samples[:, 0]
    assert mixed[first + 2000] == pytest.approx(-old[first + 2000], rel=0.2)
    inner = slice(first - 100, first + 20_000)  # around where they meet, not where the sound begins
    natural, bend = (float(np.abs(np.diff(samples[inner], n=2)).max()) for samples in (old, mixed))
    assert bend < natural + 3e-4 * take.sound.peak


def test_what_was_made_since_is_what_plays_by_now(start: Start, ears: Ears) -> None:
    """Two moves in a row: the second was asked for while the take itself was heard."""
    studio = start(lambda name: Long(0.05))
    request = Request("warm bass", note=50, seconds=SECONDS, steps=1, seed=5)
    take: Take = ears.wait(Finished, studio.submit(request)).take  # type: ignore[attr-defined]
    first = studio.decode(take, halved, playing=Playing(take.sound, lambda: 0.3))
    ears.wait(Soon, first)
    second = studio.decode(take, lengthened, playing=Playing(take.sound, lambda: 0.5))
    ears.wait(Decoded, second)
    made = ears.wait(Decoded, first).sound  # type: ignore[attr-defined]
    (early,) = [e for e in ears.events if isinstance(e, Soon) and e.request_id == second]
    assert early.over is made
    begin, _ = early.changed
    assert np.array_equal(early.sound.samples[:begin], made.samples[:begin])


def test_near_the_end_a_longer_variant_still_ends_in_silence_for_now(start: Start, ears: Ears) -> None:
    """What plays may go round there."""

    def longer(latent: Latent, pitch: Pitch) -> tuple[Latent, Pitch]:
        return np.concatenate([5 * latent, latent]), pitch

    take, early, _ = moved(start, ears, Long(0.05), longer, SECONDS - 0.15)
    assert early[0].changed[1] == take.sound.frames
    assert np.abs(early[0].sound.samples[-3:]).max() < 1e-3 * take.sound.peak
