"""Who is wide and who stays in the middle: by family, by words, by what is asked."""

from __future__ import annotations

import pytest

from engine.families import FAMILIES
from engine.generators import width
from engine.generators.wanted import Wanted, together
from engine.generators.width import usual_width
from engine.request import Request


def asked(prompt: str, **fields: object) -> float:
    return Wanted.of(Request(prompt, seed=0, **fields)).width  # type: ignore[arg-type]


def test_every_family_has_a_width_and_every_row_is_a_family() -> None:
    assert all(0 <= usual_width(key) <= 120 for key in FAMILIES)
    assert set(width._OWN) <= set(FAMILIES)
    assert set(width._GROUPS) == {family.group for family in FAMILIES.values()}


@pytest.mark.parametrize("key", ["kick", "kick_808", "bass_808", "sub_bass", "synth_bass", "acid_bass", "sub_drop"])
def test_what_carries_the_low_end_is_mono(key: str) -> None:
    assert usual_width(key) == 0


@pytest.mark.parametrize(
    "key", ["warm_pad", "string_pad", "choir", "riser", "whoosh", "drone", "glass_pad", "supersaw"]
)
def test_what_surrounds_is_wide(key: str) -> None:
    assert usual_width(key) >= 100


def test_what_is_asked_wins_over_words_and_words_over_the_family() -> None:
    assert asked("warm pad") == usual_width("warm_pad")
    assert asked("mono warm pad") == 0
    assert asked("wide kick") == 120
    assert asked("mono warm pad", width=70.0) == 70
    assert asked("wide warm pad", width=0.0) == 0


def test_a_blend_is_as_wide_as_its_parts_are_on_average() -> None:
    both = [Wanted.of(Request("x", seed=0), words) for words in ("mono flute", "wide organ")]
    assert together(both, [0.25, 0.75]).width == pytest.approx(90.0)


def test_a_note_that_one_part_of_a_blend_names_is_named_for_all() -> None:
    parts = [Wanted.of(Request("x", seed=0), words) for words in ("qwerty", "flute in C5")]
    assert together(parts, [0.7, 0.3]).pitched
    assert not together(parts[:1], [1.0]).pitched
