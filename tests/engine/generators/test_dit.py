"""The velocity network and the samplers."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from engine.generators.dit import ANY_FAMILY, TEXT_WIDTH, Conditions, Dit, DitConfig, joined
from engine.generators.sampling import GUIDED, Sampler, adams, euler, guided, schedule

TINY = DitConfig(channels=5, width=32, blocks=2, heads=2)


def conditions(batch: int, tokens: int = 4, seed: int = 0) -> Conditions:
    generator = torch.Generator().manual_seed(seed)
    return Conditions(
        text=torch.randn(batch, tokens, TEXT_WIDTH, generator=generator),
        mask=torch.ones(batch, tokens, dtype=torch.bool),
        note=torch.full((batch,), 60.0),
        velocity=torch.full((batch,), 100.0),
        seconds=torch.full((batch,), 1.0),
        family=torch.full((batch,), 3),
        qualities=torch.zeros(batch, TINY.qualities),
        known=torch.ones(batch, TINY.qualities, dtype=torch.bool),
        free=torch.zeros(batch, dtype=torch.bool),
    )


def net() -> Dit:
    torch.manual_seed(0)
    made = Dit(TINY)
    for parameter in made.parameters():  # zero-initialised layers would hide every mistake
        torch.nn.init.normal_(parameter, std=0.1)
    return made.eval()


def test_padding_tokens_change_nothing() -> None:
    model, x = net(), torch.randn(2, 7, 5)
    asked = conditions(2)
    padded = joined(asked, conditions(1, tokens=9))
    part = Conditions(**{key: value[:2] for key, value in vars(padded).items()})
    with torch.no_grad():
        time = torch.full((2,), 0.5)
        assert torch.allclose(model(x, time, asked), model(x, time, part), atol=1e-5)


def test_freed_conditions_hear_no_words_no_family_no_qualities() -> None:
    model, x, time = net(), torch.randn(1, 7, 5), torch.full((1,), 0.3)
    a, b = conditions(1, seed=1).freed(), conditions(1, seed=2)
    b = replace(b, family=torch.full((1,), ANY_FAMILY), qualities=torch.ones(1, TINY.qualities)).freed()
    with torch.no_grad():
        assert torch.allclose(model(x, time, a), model(x, time, b), atol=1e-5)
        assert not torch.allclose(model(x, time, conditions(1, seed=1)), model(x, time, a), atol=1e-3)


def test_a_sampler_follows_a_straight_field_to_its_end() -> None:
    start, goal = torch.zeros(1, 2, 3), torch.ones(1, 2, 3)
    steps: list[tuple[int, int]] = []
    made = euler(lambda x, time, end: goal - start, start, 7, lambda done, of: steps.append((done, of)))
    assert torch.allclose(made, goal, atol=1e-6)
    assert steps == [(index, 7) for index in range(1, 8)]


def test_a_sampler_of_second_order_is_nearer_in_half_the_steps() -> None:
    """On a field that turns: a quarter of a circle, whose end is known."""
    start = torch.tensor([[[1.0, 0.0]]])
    turning = torch.tensor([[0.0, torch.pi / 2], [-torch.pi / 2, 0.0]])
    seen: list[tuple[int, int]] = []

    def end(sampler: Sampler, steps: int) -> float:
        made = sampler(lambda x, time, end: x @ turning, start, steps, lambda done, of: seen.append((done, of)))
        return float((made - torch.tensor([[[0.0, 1.0]]])).norm())

    assert end(adams, 8) < 0.5 * end(euler, 16)
    assert seen[:8] == [(index, 8) for index in range(1, 9)]


def test_the_schedule_runs_from_start_to_one() -> None:
    times = schedule(10, 0.4)
    assert times[0] == 0.4
    assert times[-1] == 1.0
    assert all(a < b for a, b in pairwise(times))


@pytest.mark.parametrize("steps", [4, 8, 10, 16, 50])
def test_in_however_few_steps_the_same_part_of_the_way_is_guided(steps: int) -> None:
    def both(x: Tensor, time: Tensor) -> Tensor:
        return torch.tensor([[[1.0, 1.0]], [[1.0, -1.0]]])  # apart from each other and across where they lead

    def wished(x: Tensor, time: Tensor) -> Tensor:
        return torch.ones_like(x)

    times = schedule(steps)
    follow, x = guided(both, wished, 2.0), torch.zeros(1, 1, 2)
    steered = [float(follow(x, now, then)[0, 0, 1]) - 1.0 for now, then in pairwise(times)]
    added = sum(by * (then - now) for by, (now, then) in zip(steered, pairwise(times), strict=True))
    assert added == pytest.approx(GUIDED[1] - GUIDED[0], abs=0.03)


def test_guidance_one_is_plain_sampling_and_more_goes_further() -> None:
    seen: list[int] = []

    def wished(x: Tensor, time: Tensor) -> Tensor:
        return torch.tensor([2.0, 2.0]).expand_as(x)

    def both(x: Tensor, time: Tensor) -> Tensor:
        seen.append(len(x))
        return torch.tensor([[[2.0, 2.0]], [[2.0, 1.0]]])

    x = torch.zeros(1, 1, 2)
    plain = guided(both, wished, 1.0)(x, 0.5, 0.6)
    assert plain.tolist() == [[[2.0, 2.0]]]
    middle = guided(both, wished, 5.0, window=(0.2, 0.6))
    assert middle(x, 0.0, 0.2).tolist() == plain.tolist(), "a sound that is only begun is not guided"
    assert not seen, "what is not guided costs one evaluation, not two"
    far = middle(x, 0.5, 0.6)
    assert seen == [2]
    assert far[0, 0, 1] > 2.0 > far[0, 0, 0], "towards what was asked, away from what was not"
    half = middle(x, 0.1, 0.3)
    aims = [x + (1 - time) * plain for time in (0.5, 0.1)]
    assert aims[0].allclose(aims[1] * (0.5 / 0.9)), "both aim the same way"
    assert (half - plain).allclose((far - plain) / 2), "a step is guided by as much of it as lies within"
    assert float((far * plain).sum()) == pytest.approx(float((plain * plain).sum())), "and no further along itself"
