"""Several things asked for at once."""

from __future__ import annotations

import pytest

from engine.text.blend import blend


@pytest.mark.parametrize(
    ("prompt", "parts"),
    [
        ("70% trumpet 30% cello", [(0.7, "trumpet"), (0.3, "cello")]),
        ("dark 70 % trumpet, 30 % cello", [(0.7, "dark trumpet"), (0.3, "dark cello")]),
        ("a mix of 20% kick and 80% tom", [(0.2, "kick"), (0.8, "tom")]),
        ("a cross between a flute and a bell", [(0.5, "a flute"), (0.5, "a bell")]),
        ("mezcla de flauta y campana", [(0.5, "flauta"), (0.5, "campana")]),
        ("0% piano 50% organ", [(1.0, "organ")]),
    ],
)
def test_shares_are_read(prompt, parts):
    found = blend(prompt)
    assert [text for _, text in found] == [text for _, text in parts]
    assert [share for share, _ in found] == pytest.approx([share for share, _ in parts])


@pytest.mark.parametrize("prompt", ["warm bass", "100% wet pad", "piano and strings", "50%", "%%% 5% 5%", "between"])
def test_what_asks_for_one_thing_stays_whole(prompt):
    assert blend(prompt) == ((1.0, prompt),)
