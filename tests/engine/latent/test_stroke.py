"""What a pencil draws over the pitch curve is what is heard there, whatever was drawn or bent before."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
import torch

from engine.codecs.codec import NeuralCodec
from engine.codecs.neural import CodecConfig, CodecNet
from engine.errors import BadRequest
from engine.latent.blend import blended
from engine.latent.chain import MOST_EDITS, Chain
from engine.latent.edit import MOST_POINTS, Edit
from engine.latent.space import POINT_HZ, Space
from engine.latent.stroke import has_lines, line_at, stroked, without_lines
from engine.pitch import Pitch, note_hz
from tests.fundamental import cents_off

SPACE = Space(np.zeros(8, np.float32), np.ones(8, np.float32))
LATENT = np.zeros((30, 8), np.float32)
RATE_HZ = 44100


def heard(chain: Chain, seconds: float, root: float = 45.0) -> float:
    """Semitones from the root after so many seconds."""
    pitch = chain.apply(LATENT, Pitch(root), SPACE)[1]
    return float(12 * np.log2(pitch.hz(round(6 * POINT_HZ))[round(seconds * POINT_HZ)] / note_hz(45.0)))


def test_a_stroke_is_heard_where_it_was_drawn_and_nowhere_else() -> None:
    chain = stroked(Chain(), [(1.0, 7.0), (0.5, 0.0)])
    assert [heard(chain, at) for at in (0.2, 0.75, 1.0, 1.5)] == pytest.approx([0, 3.5, 7, 0], abs=0.15)


def test_the_last_stroke_wins_and_those_that_touch_become_one() -> None:
    chain = stroked(stroked(Chain(), [(0.2, 5.0), (1.0, 5.0)]), [(0.8, -3.0), (1.5, -3.0)])
    assert len(chain.edits) == 1
    assert [heard(chain, at) for at in (0.5, 0.9, 1.4)] == pytest.approx([5, -3, -3], abs=1e-3)
    apart = stroked(chain, [(1.8, 2.0), (2.2, 2.0)])
    assert len(apart.edits) == 2
    assert [heard(apart, at) for at in (1.65, 2.0)] == pytest.approx([0, 2], abs=1e-3)
    bridged = stroked(apart, [(1.4, 0.0), (1.9, 1.0)])
    assert len(bridged.edits) == 1
    assert [heard(bridged, at) for at in (0.5, 2.1)] == pytest.approx([5, 2], abs=1e-3)
    assert stroked(chain, []) is chain


def test_a_line_over_bent_pitch_is_what_was_drawn() -> None:
    """Vibrato, glide or stretch that came before are drawn over; nothing of them is left within the line."""
    chain = stroked(Chain(), [(0.2, 5.0), (1.0, 5.0)]).having("vibrato_cents", 80.0).having("stretch", 1.5)
    over = stroked(chain, [(0.6, 1.0), (1.2, 1.0)])
    assert [edit.kind for edit in over.edits] == ["draw", "vibrato", "stretch", "draw"]
    assert [heard(over, at) for at in np.linspace(0.65, 1.15, 20)] == pytest.approx([1.0] * 20, abs=1e-3)


def test_transposing_moves_what_was_drawn_along_and_the_next_stroke_still_joins_it() -> None:
    chain = stroked(Chain(), [(0.2, 5.0), (1.0, 5.0)]).having("pitch_st", 3.0).having("amplify", 2.0)
    assert heard(chain, 0.5) == pytest.approx(8.0, abs=1e-3)
    joined = stroked(chain, [(0.9, 0.0), (1.4, 0.0)])
    assert [edit.kind for edit in joined.edits] == ["transpose", "amplify", "draw"]
    assert [heard(joined, at) for at in (0.5, 1.2)] == pytest.approx([8.0, 3.0], abs=1e-3)


def test_a_line_is_found_by_its_moment_and_rubbed_out() -> None:
    chain = stroked(stroked(Chain().having("amplify", 2.0), [(0.2, 5.0), (0.6, 5.0)]), [(1.0, 1.0), (1.5, 2.0)])
    assert [line_at(chain, at) for at in (0.4, 0.8, 1.2)] == [1, None, 2]
    assert has_lines(chain)
    rest = without_lines(chain)
    assert (has_lines(rest), rest.value("amplify")) == (False, 2.0)


def test_long_and_wild_strokes_stay_within_what_an_edit_takes() -> None:
    rng = np.random.default_rng(4)
    chain = Chain()
    for _ in range(40):
        chain = stroked(chain, [(float(t), float(n)) for t, n in rng.uniform((-1, -90), (35, 90), (300, 2))])
    assert len(chain.edits) == 1
    points = chain.edits[0].points
    assert len(points) <= MOST_POINTS
    assert min(points)[0] >= 0
    assert max(abs(height) for _, height in points) <= 60


def test_too_many_edits_are_refused_with_one_line() -> None:
    full = Chain(edits=tuple(Edit(kind="amplify") for _ in range(MOST_EDITS)))
    with pytest.raises(BadRequest, match="at most"):
        stroked(full, [(0.0, 1.0), (1.0, 2.0)])


def test_a_chain_that_is_passed_by_stays_so() -> None:
    chain = msgspec.structs.replace(stroked(Chain(), [(0.0, 1.0), (1.0, 2.0)]), bypassed=True)
    assert without_lines(chain).bypassed
    assert stroked(chain, [(0.5, 0.0), (0.7, 0.0)]).bypassed


def test_between_slots_another_pitch_changes_over_in_the_middle() -> None:
    """What is there or not cannot be in between: below the half nothing of it is heard."""
    for edit in (Edit(kind="sing", source="lead"), Edit(kind="draw", points=((0.0, 3.0), (1.0, 3.0)))):
        chain = Chain(edits=(edit,))
        assert blended(Chain(), chain, 0.4).active == ()
        assert blended(Chain(), chain, 0.6).active == chain.edits


def test_the_decoder_sings_the_line_within_ten_cents() -> None:
    """The drawn curve against the frequency of the fundamental, decoded by a tiny codec whose noise is turned down."""
    torch.manual_seed(0)
    config = CodecConfig(latent=8, width=32, encoder=(1, 1, 1, 1), decoder=(1, 1, 1, 1))
    net = CodecNet(config)
    with torch.no_grad():
        net.decoder.gains.bias[config.mel_bands : 2 * config.mel_bands] = -20
        net.decoder.residual.bias[:1025] = -20
    seconds = np.linspace(0.2, 2.2, 160)
    semitones = 5 * np.sin(2 * np.pi * 0.7 * (seconds - 0.2)) + 2 * (seconds - 0.2)
    chain = stroked(Chain(), list(zip(seconds.tolist(), semitones.tolist(), strict=True)))
    pitch = chain.apply(LATENT, Pitch(57.0), SPACE)[1]
    sound = NeuralCodec(net).decode(LATENT, pitch).mono().astype(np.float64)
    off = [
        cents_off(sound, RATE_HZ, at, 220 * 2 ** (wanted / 12))
        for at, wanted in zip(seconds[8:-8:6], semitones[8:-8:6], strict=True)
    ]
    assert max(off) < 10
    assert max(semitones) - min(semitones) > 8
