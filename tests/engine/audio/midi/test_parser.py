"""A cable may bring anything: what is a message is understood, everything else is skipped."""

from __future__ import annotations

import random

import pytest

from engine.audio.midi.parser import Parser

KINDS = {0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0}


@pytest.mark.parametrize(
    ("data", "messages"),
    [
        ([0x93, 60, 100], [(0x90, 4, 60, 100)]),
        ([0xC0, 7, 0xD1, 9], [(0xC0, 1, 7, 0), (0xD0, 2, 9, 0)]),
        ([0x90, 60, 100, 60, 0, 62, 1], [(0x90, 1, 60, 100), (0x90, 1, 60, 0), (0x90, 1, 62, 1)]),  # running status
        ([0x90, 0xF8, 60, 0xFE, 100, 0xFF], [(0x90, 1, 60, 100)]),  # clock, active sensing and reset in between
        ([0xF0, 1, 2, 0x90, 60, 100, 0xF7, 61, 100], [(0x90, 1, 60, 100)]),  # exclusive cut off; stray data after it
        ([0x90, 60, 0xB0, 1, 5], [(0xB0, 1, 1, 5)]),  # a note without its velocity
        ([60, 100, 0xF4, 3, 0xF1, 5], []),
    ],
)
def test_messages_are_found_among_whatever_else_comes(
    data: list[int], messages: list[tuple[int, int, int, int]]
) -> None:
    assert Parser().feed(data) == messages


def test_hostile_bytes_give_nothing_but_valid_messages_however_they_are_cut() -> None:
    rng = random.Random(5)
    for _ in range(300):
        data = [rng.choice((rng.randrange(256), rng.randrange(0x80, 0x100), rng.randrange(128))) for _ in range(400)]
        whole, cut, found, at = Parser().feed(data), Parser(), [], 0
        while at < len(data):
            end = at + rng.randrange(1, 6)
            found += cut.feed(data[at:end])
            at = end
        assert found == whole
        for kind, channel, first, second in whole:
            assert kind in KINDS
            assert 1 <= channel <= 16
            assert 0 <= first < 128
            assert 0 <= second < 128
