"""Chords by name."""

from __future__ import annotations

import pytest

from engine.chords import NAMES, chord_name, parse_chord
from engine.errors import BadRequest
from engine.request import Request


@pytest.mark.parametrize(
    ("text", "chord"),
    [
        ("minor 7", (0, 3, 7, 10)),
        ("M7", (0, 4, 7, 11)),
        ("m7", (0, 3, 7, 10)),
        ("Séptima", (0, 4, 7, 10)),
        ("0, 5,7", (0, 5, 7)),
    ],
)
def test_names_symbols_and_numbers_are_read(text, chord):
    assert parse_chord(text) == chord


def test_every_chord_has_a_name_that_reads_back_as_itself():
    for chord in set(NAMES.values()) | {(0, 1, 2)}:
        assert parse_chord(chord_name(chord)) == chord


@pytest.mark.parametrize("text", ["", "wobble", "3 5 7", "0 99", "0 1 2 3 4 5 6 7 8 9", "7" * 5000])
def test_what_is_no_chord_is_refused_in_one_line(text):
    with pytest.raises(BadRequest) as refused:
        parse_chord(text)
    assert "\n" not in str(refused.value)


def test_a_request_checks_its_chord():
    with pytest.raises(BadRequest):
        Request("pad", chord="sour")
