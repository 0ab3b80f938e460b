"""Steps of a hand that are more than a slider's value."""

from __future__ import annotations

import pytest

from engine.latent.chain import Chain
from engine.latent.edit import Edit
from engine.latent.slots import standing_for
from engine.latent.steps import gain, gained, into, leaving, singing, source, sung


def test_a_take_goes_half_way_into_another_and_stays_where_it_was_on_the_way_to_a_third() -> None:
    chain = into(Chain().having("brightness", 1.0), "other")
    assert (source(chain), chain.value("morph")) == ("other", 0.5)
    nearer = into(chain.having("morph", 0.8), "third")
    assert (source(nearer), nearer.value("morph")) == ("third", 0.8)
    assert leaving(nearer) == Chain().having("brightness", 1.0)


@pytest.mark.parametrize("how", ["own note", "its note"])
def test_it_sings_as_the_take_that_it_goes_into(how: str) -> None:
    chain = sung(into(Chain(), "other"), how)
    assert singing(chain) == how
    assert [(edit.kind, edit.source) for edit in chain.edits] == [("sing", "other"), ("morph", "other")]
    assert [edit.source for edit in into(chain, "third").edits] == ["third", "third"]
    assert sung(chain, "no") == into(Chain(), "other")
    assert leaving(chain) == Chain()


def test_what_is_done_to_the_pitch_is_done_to_the_one_it_sings() -> None:
    bent = into(Chain().having("pitch_st", 3.0), "other")
    chain = sung(bent, "its note")
    assert [edit.kind for edit in chain.edits] == ["sing", "transpose", "morph"]
    late = chain.moved(0, 2)
    assert [edit.kind for edit in sung(late, "own note").edits] == ["transpose", "morph", "sing"], "in its place"


def test_another_sound_that_a_chain_goes_into_stays_where_it_is() -> None:
    """As in a slot on which a take was laid that has a morph of its own."""
    own = Edit(kind="morph", values={"morph": 0.3}, source="its own")
    laid = standing_for("laid", Chain(edits=(own,)))
    assert singing(laid) == "its note"
    assert [edit.source for edit in into(laid, "new").edits] == ["new", "new", "its own"]
    assert leaving(laid).edits == (own,)


def test_alone_nothing_is_sung() -> None:
    assert sung(Chain(), "its note") == Chain()
    assert singing(Chain()) == "no"


def test_channels_have_factors_of_their_own_and_1_leaves_no_trace() -> None:
    chain = gained(gained(Chain(), 5, 1.5), 2, 99.0)
    assert chain.edits[0].points == ((2.0, 3.0), (5.0, 1.5)), "by channel, held within what an edit takes"
    assert (gain(chain, 5), gain(chain, 2), gain(chain, 0)) == (1.5, 3.0, 1.0)
    part = gained(chain, 5, 0.0, (0.1, 0.2))
    assert (gain(part, 5), gain(part, 5, (0.1, 0.2))) == (1.5, 0.0)
    assert gained(gained(chain, 5, 1.0), 2, 1.0) == Chain()
