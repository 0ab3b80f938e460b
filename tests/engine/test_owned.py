"""A library's own axes: along what its sounds differ most, told by the sounds at their ends."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.latent.chain import Chain
from engine.latent.space import Space
from engine.library import Library
from engine.owned import FEWEST, own_axes
from engine.pitch import Pitch
from engine.request import Request, Take
from engine.sound import Sound

CHANNELS = 6
SPACE = Space(np.full(CHANNELS, 0.5, np.float32), np.full(CHANNELS, 2.0, np.float32))
WAY = np.array([0.6, 0, 0, -0.8, 0, 0], np.float32)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def add(library: Library, prompt: str, place: float, model: str = "latente-1") -> Take:
    """A sound that lies at `place` along WAY, counted in the space's deviations."""
    latent = np.tile(SPACE.mean + SPACE.deviation * np.float32(place) * WAY, (4, 1))
    request = Request(prompt, seed=1, seconds=0.1, model=model)
    return library.add(request, Sound(np.zeros(441, np.float32), 44100), latent, Pitch(60.0), 0.1)


def fill(library: Library) -> None:
    for place in range(FEWEST):
        add(library, f"sound {place}", float(place))


def test_the_first_axis_leads_from_one_end_of_the_library_to_the_other(library: Library) -> None:
    fill(library)
    axes = own_axes(library, "latente-1", SPACE)
    assert [axis.key for axis in axes] == ["own1"], "they differ in one way only"
    axis = axes[0]
    assert axis.share == pytest.approx(1.0, abs=1e-3)
    assert {axis.low, axis.high} == {"sound 0", f"sound {FEWEST - 1}"}
    latent = np.full((4, CHANNELS), 0.5, np.float32)
    chain = Chain().having("own1", 1.0).pointed({axis.key: axis.points})
    moved = (chain.apply(latent, Pitch(60.0), SPACE)[0] - latent)[0] / SPACE.deviation
    spread = np.std(np.arange(FEWEST), ddof=1)
    towards = 1.0 if axis.high == f"sound {FEWEST - 1}" else -1.0
    assert np.allclose(moved, towards * spread * WAY, atol=0.01), "a unit is their spread"


def test_sounds_of_another_model_and_those_in_the_trash_do_not_count(library: Library) -> None:
    fill(library)
    before = own_axes(library, "latente-1", SPACE)
    add(library, "another model's", 100.0, model="other")
    library.remove(add(library, "thrown away", -100.0).take_id)
    assert own_axes(library, "latente-1", SPACE) == before


def test_what_is_damaged_is_left_out(library: Library) -> None:
    fill(library)
    before = own_axes(library, "latente-1", SPACE)
    broken = add(library, "broken", 50.0)
    with library._database.writing() as db:
        db.execute(
            "UPDATE latents SET latent = x'0102' WHERE number = (SELECT number FROM takes WHERE take_id = ?)",
            (broken.take_id,),
        )
    assert own_axes(library, "latente-1", SPACE) == before


def test_too_few_or_all_alike_is_one_line(library: Library) -> None:
    for number in range(FEWEST - 1):
        add(library, f"same {number}", 1.0)
    with pytest.raises(BadRequest, match=f"at least {FEWEST} takes in the library; there are {FEWEST - 1}"):
        own_axes(library, "latente-1", SPACE)
    add(library, "the last", 1.0)
    with pytest.raises(BadRequest, match="all alike"):
        own_axes(library, "latente-1", SPACE)


def test_a_direction_stays_with_its_edit() -> None:
    first = Chain().having("own1", 2.0).pointed({"own1": ((0.0, 1.0),)})
    later = first.having("own1", 1.0).having("own2", 1.0).pointed({"own1": ((0.0, 9.0),), "own2": ((1.0, 1.0),)})
    assert [edit.points for edit in later.edits] == [((0.0, 1.0),), ((1.0, 1.0),)]
    assert Chain().having("own1", 2.0).active == (), "without a direction it does nothing"
