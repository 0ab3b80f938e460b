"""What is packed computes what it did, from half as many bytes, and leaves alone what halves cannot hold."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from torch import Tensor, nn

from engine.codecs.blocks import ConvNeXt, Double
from engine.models import packed
from engine.models.packed import HalfLinear, pack

with_halves = pytest.mark.skipif(not packed._reads_halves(), reason="this processor cannot read halves")


def network() -> nn.Sequential:
    torch.manual_seed(0)
    net = nn.Sequential(ConvNeXt(24), Double(24), nn.Linear(24, 40, bias=False), nn.LayerNorm(40))
    for tensor in net.parameters():  # as weights are stored
        tensor.data = tensor.data.bfloat16().float()
    return net.eval()


@pytest.fixture
def x() -> Tensor:
    return torch.randn(3, 29, 24, generator=torch.Generator().manual_seed(1))


@with_halves
def test_every_product_reads_halves_and_gives_what_it_gave(x: Tensor) -> None:
    net = network()
    with torch.inference_mode():
        before = net(x)
        pack(net)
        after = net(x)
    assert sum(isinstance(part, HalfLinear) for part in net.modules()) == 4
    assert not any(isinstance(part, nn.Linear) for part in net.modules())
    assert torch.allclose(before, after, atol=1e-5), "weights of sixteen bits lose nothing"


@with_halves
@torch.inference_mode()
def test_the_number_of_threads_changes_nothing() -> None:
    torch.manual_seed(0)
    layer, threads = HalfLinear(nn.Linear(384, 1152)), torch.get_num_threads()
    try:
        for rows in (1, 3, 29, 250):
            x = torch.randn(rows, 384)
            made = []
            for count in (1, 2, 3):
                torch.set_num_threads(count)
                made.append(layer(x))
            assert torch.equal(made[0], made[1])
            assert torch.equal(made[0], made[2])
    finally:
        torch.set_num_threads(threads)


@with_halves
def test_what_halves_cannot_hold_stays_as_it_is() -> None:
    net = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8))
    with torch.no_grad():
        net[0].weight[0, 0], net[1].weight[0, 0] = 70000.0, float("nan")
        wanted = net[0](torch.ones(2, 8))
        pack(net)
        assert torch.allclose(net[0](torch.ones(2, 8)), wanted)
    assert [type(layer) for layer in net] == [nn.Linear, nn.Linear, HalfLinear]


def test_without_halves_the_same_bits_come_out_of_plain_layers(x: Tensor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_reads_halves", lambda: False)
    net = network()
    with torch.inference_mode():
        before = net(x)
        pack(net)
        assert torch.allclose(net(x), before, atol=1e-6)
    assert not any(isinstance(part, HalfLinear) for part in net.modules())


def test_an_old_processor_is_asked_for_nothing_it_cannot_do() -> None:
    code = "from engine.models.packed import _reads_halves as reads; print(reads())"
    said = subprocess.run(
        [sys.executable, "-c", code], env={"ATEN_CPU_CAPABILITY": "default"}, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"
