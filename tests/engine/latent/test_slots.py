"""Slots and what lies between them, dice, and sliders that act on a part of the sound."""

from __future__ import annotations

import pytest

from engine.errors import BadRequest
from engine.latent.blend import blended
from engine.latent.chain import Chain, chain_json
from engine.latent.dice import REACH, thrown
from engine.latent.edit import Edit
from engine.latent.slots import Slots, moved_region, read_slots, region_edits, slots_json
from engine.params import PARAMS

BRIGHT = Chain().having("brightness", 2.0)
PART = (0.2, 0.5)


def test_a_slider_acts_on_the_part_that_is_chosen_and_leaves_the_whole_alone() -> None:
    chain = BRIGHT.having("brightness", -1.0, PART).having("attack", 1.0, PART)
    assert (chain.value("brightness"), chain.value("brightness", PART)) == (2.0, -1.0)
    assert chain.value("brightness", (0.0, 0.1)) == 0.0
    assert chain.value("attack") == 1.0, "an attack is the whole sound's, whatever part is chosen"
    assert list(region_edits(chain)) == [PART]
    assert moved_region(chain, PART, (0.3, 0.6)).value("brightness", (0.3, 0.6)) == -1.0


def test_between_two_chains_every_slider_is_on_its_way() -> None:
    first = BRIGHT.having("glide_from_st", 12.0).having("glide_time_s", 0.5)
    second = Chain().having("brightness", -1.0).having("noise", 1.0)
    assert blended(first, second, 0.0) is first
    assert blended(first, second, 1.0) is second
    third = blended(first, second, 1 / 3)
    assert third.value("brightness") == pytest.approx(1.0)
    assert third.value("noise") == pytest.approx(1 / 3)
    assert third.value("glide_from_st") == pytest.approx(8.0)
    assert third.value("glide_time_s") == pytest.approx(0.5), "how long it takes is not how much there is"


def test_what_cannot_be_in_between_changes_over_in_the_middle() -> None:
    kinds = [
        Chain(edits=(Edit(kind="smooth", values={"smooth": 9, "smooth_kind": kind}),)) for kind in ("max", "average")
    ]
    assert [blended(*kinds, share).value("smooth_kind") for share in (0.4, 0.6)] == [1.0, 0.0]
    backwards = Chain(edits=(Edit(kind="reverse"),))
    assert [bool(blended(Chain(), backwards, share).active) for share in (0.4, 0.6)] == [False, True]
    assert blended(BRIGHT, passed_by(BRIGHT), 0.5).value("brightness") == pytest.approx(1.0)


def passed_by(chain: Chain) -> Chain:
    return Chain(edits=chain.edits, bypassed=True)


def test_a_free_slot_begins_with_what_is_heard_and_the_first_one_stays() -> None:
    slots = Slots().having(BRIGHT).at(1).having(Chain().having("noise", 0.5))
    assert slots.at(0).chain == BRIGHT
    assert slots.at(0).at(1).chain.value("noise") == 0.5
    assert Slots().having(BRIGHT).at(2).chain == BRIGHT


def test_a_mix_that_is_edited_goes_to_a_free_slot_so_that_both_ends_stay() -> None:
    slots = Slots().having(BRIGHT).at(1).having(Chain()).at(0).morphed(1, 0.5)
    assert slots.chain.value("brightness") == pytest.approx(1.0)
    edited = slots.having(slots.chain.having("noise", 0.1))
    assert edited.place == 2
    assert edited.chains[:2] == (BRIGHT, Chain())
    assert not edited.morphing


def test_passing_by_hides_the_edits_until_one_of_them_is_moved() -> None:
    slots = Slots().having(BRIGHT).passed_by(True)
    assert (slots.heard, slots.chain) == (Chain(), BRIGHT)
    assert slots.having(BRIGHT.having("noise", 0.1)).heard.value("brightness") == 2.0


def test_slots_come_back_from_their_text_and_hostile_text_is_refused() -> None:
    slots = Slots().having(BRIGHT).at(3).morphed(0, 0.25).copied(1).freed(0)
    assert read_slots(slots_json(slots)) == slots
    assert slots_json(Slots()) == ""
    assert read_slots("") == Slots()
    assert read_slots(chain_json(BRIGHT)).chain == BRIGHT
    for text in ("{", '{"place": 7}', '{"chains": []}', '{"share": 1e999}', "[" * 100_000, '{"edits": "x"}', "null"):
        with pytest.raises(BadRequest):
            read_slots(text)


def test_dice_throw_near_or_far_within_range_and_the_same_again() -> None:
    keys = ("amplify", "noise", "smooth", "brightness", "warmth")
    assert thrown(BRIGHT, keys, 0.0, seed=1) == BRIGHT
    for seed in range(50):
        near, far = thrown(BRIGHT, keys, 0.1, seed), thrown(BRIGHT, keys, 1.0, seed)
        assert far == thrown(BRIGHT, keys, 1.0, seed)
        for key in keys:
            spec = PARAMS[key]
            moved = abs(spec.position(near.value(key)) - spec.position(BRIGHT.value(key)))
            assert moved <= 0.1 * REACH + (0.5 / 31 if spec.counted else 1e-9)
        assert near.value("decay") == 0.0, "what is not thrown stays"
