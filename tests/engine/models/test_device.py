"""Where models compute: what is asked, what is there, what is faster, and what happens when a device fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from engine.codecs import neural, source
from engine.codecs.codec import NeuralCodec
from engine.codecs.neural import CodecConfig, CodecNet
from engine.codecs.source import Side, white
from engine.errors import BadRequest, ModelProblem
from engine.generators import load_generator
from engine.generators.dit import Conditions, Dit, DitConfig
from engine.generators.placed import Placed
from engine.models.device import choose, offered, remembered
from engine.models.store import ModelStore
from engine.pitch import Pitch
from engine.request import Generator, Request
from tests.fakes import ToneGenerator
from tests.tiny_model import install_tiny_model

BOTH = {"cpu": "2 threads", "cuda": "A card"}


def taking(seconds: dict[str, float], asked: list[str]) -> Callable[[str], float]:
    def seconds_on(device: str) -> float:
        asked.append(device)
        if device not in seconds:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return seconds[device]

    return seconds_on


@pytest.mark.parametrize(
    ("seconds", "chosen"),
    [
        ({"cpu": 0.3, "cuda": 0.05}, "cuda"),
        ({"cpu": 0.3, "cuda": 0.28}, "cpu"),  # hardly faster
        ({"cpu": 0.3, "cuda": 0.6}, "cpu"),
        ({"cpu": 0.3}, "cpu"),  # there, but it fails
    ],
)
def test_auto_takes_what_is_clearly_faster_and_measures_once(
    tmp_path: Path, seconds: dict[str, float], chosen: str
) -> None:
    asked: list[str] = []
    memory = tmp_path / "new" / "devices.json"
    assert remembered(BOTH, "one", memory) is None
    for _ in range(3):
        assert choose("auto", taking(seconds, asked), BOTH, "one", memory) == chosen
    assert asked == ["cpu", "cuda"]
    assert remembered(BOTH, "one", memory) == chosen
    choose("auto", taking(seconds, asked), BOTH, "another model", memory)
    choose("auto", taking(seconds, asked), {**BOTH, "cuda": "Another card"}, "one", memory)
    assert asked == ["cpu", "cuda"] * 3


def test_the_cpu_alone_is_not_measured_and_a_damaged_memory_is_none(tmp_path: Path) -> None:
    asked: list[str] = []
    memory = tmp_path / "devices.json"
    assert choose("auto", taking({}, asked), {"cpu": ""}, "one", memory) == "cpu"
    assert asked == []
    assert not memory.exists()
    memory.write_bytes(b"\xff{")
    assert choose("auto", taking({"cpu": 1.0, "cuda": 0.1}, asked), BOTH, "one", memory) == "cuda"


def test_what_is_named_is_taken_unmeasured_or_refused() -> None:
    asked: list[str] = []
    assert choose("cuda", taking({}, asked), BOTH, "one") == "cuda"
    assert choose("cpu", taking({}, asked), BOTH, "one") == "cpu"
    assert asked == []
    with pytest.raises(ModelProblem, match="no Apple graphics"):
        choose("mps", taking({}, asked), BOTH, "one")
    with pytest.raises(BadRequest, match="Choose one of: auto, cpu, cuda, mps"):
        choose("gpu", taking({}, asked), BOTH, "one")
    assert offered()[:2] == ("auto", "cpu")


class Card(ToneGenerator):
    """A device's: after so many sounds it has no memory left."""

    def __init__(self, sounds: int) -> None:
        super().__init__()
        self.left = sounds

    def decode(self, *args: object, **given: object):  # type: ignore[no-untyped-def, override]
        self.left -= 1
        if self.left < 0:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
        return super().decode(*args, **given)  # type: ignore[arg-type]


def made(generator: Generator) -> tuple[bytes, tuple[str, ...]]:
    request = Request("warm bass", seconds=0.2, steps=2, seed=4)
    one = generator.generate(request, lambda step, steps: None, lambda: False)
    return one.sound.samples.tobytes(), one.warnings


def test_a_device_that_fails_leaves_its_work_to_the_cpu_with_one_line() -> None:
    loaded: list[str] = []

    def load(device: str) -> Generator:
        loaded.append(device)
        return Card(1) if device == "cuda" else ToneGenerator()

    placed = Placed(load, "cuda")
    first, second, third = (made(placed) for _ in range(3))
    assert first[0] == second[0] == third[0]
    assert (first[1], third[1]) == ((), ())
    assert len(second[1]) == 1
    assert "ran out of memory; the CPU" in second[1][0]
    assert loaded == ["cuda", "cpu"]
    assert placed.device == "cpu"


def test_a_device_that_cannot_even_load_does_so_too() -> None:
    def load(device: str) -> Generator:
        if device != "cpu":
            raise RuntimeError("no kernel image is available")
        return ToneGenerator()

    placed = Placed(load, "cuda")
    assert "CUDA" in made(placed)[1][0]
    assert made(placed)[1] == ()


def test_what_fails_on_the_cpu_too_fails() -> None:
    placed = Placed(lambda device: Card(0), "cuda")
    with pytest.raises(RuntimeError, match="out of memory"):
        made(placed)


def test_a_model_is_loaded_where_it_is_asked_to_be(tmp_path: Path) -> None:
    install_tiny_model(tmp_path / "models")
    store = ModelStore((tmp_path / "models",), tmp_path / "seen.json")
    plain = load_generator("tiny", store)
    assert made(plain)[0] == made(load_generator("tiny", store, "cpu"))[0]
    missing = next(name for name in ("mps", "cuda") if name not in ("cpu", *(["cuda"] * torch.cuda.is_available())))
    with pytest.raises(ModelProblem, match="torch can use"):
        load_generator("tiny", store, missing)


class Strict(TorchDispatchMode):
    """Lets no number of 64 bits be computed, except within what is allowed to: Apple's graphics have none."""

    allowed = False

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]
        result = func(*args, **(kwargs or {}))
        for one in result if isinstance(result, (list, tuple)) else [result]:
            if isinstance(one, torch.Tensor) and not self.allowed:
                assert one.dtype not in (torch.float64, torch.complex128), func
        return result


def test_nothing_but_phases_is_computed_in_64_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    net = CodecNet(CodecConfig(latent=8, width=32, encoder=(1, 1, 1, 1), decoder=(1, 1, 1, 1), mel_bands=40)).eval()
    strict = Strict()

    def train(*args):  # type: ignore[no-untyped-def]
        strict.allowed = True
        try:
            return source.pulse_train(*args)
        finally:
            strict.allowed = False

    monkeypatch.setattr(neural, "pulse_train", train)
    with torch.inference_mode(), strict:
        made = net.decoder(
            torch.randn(1, 5, 8), torch.full((1, 33), 220.0), white(16384, 1), side=Side.drawn(16384, 1)
        )
        net.encoder(made[0], torch.full((1, 33), 220.0))
        Dit(DitConfig(channels=17, width=32, blocks=1, heads=2))(torch.randn(1, 4, 17), torch.zeros(1), conditions())


def conditions() -> Conditions:
    from engine.qualities import KEYS

    one = torch.zeros(1, len(KEYS))
    return Conditions(
        text=torch.zeros(1, 3, 384), mask=torch.ones(1, 3, dtype=torch.bool), note=torch.tensor([60.0]),
        velocity=torch.tensor([100.0]), seconds=torch.tensor([1.0]), family=torch.tensor([0]), qualities=one,
        known=one > 0, free=torch.tensor([False]),
    )  # fmt: skip


def test_everything_is_on_the_device_that_is_asked_for() -> None:
    """The meta device computes shapes only, but refuses, as others do, to mix with what lies on the CPU."""
    torch.manual_seed(0)
    net = CodecNet(CodecConfig(latent=8, width=32, encoder=(1, 1, 1, 1), decoder=(1, 1, 1, 1), mel_bands=40))
    codec = NeuralCodec(net, "meta")
    net.train()  # what is steady is asked of numbers, which there are none
    for pitch in (Pitch(40.0), Pitch(50.0, chord=(0, 7))):
        assert codec.decode_batch(torch.randn(1, 6, 8), [pitch], 1, stereo=True).shape == (2, 1, 6 * 4096)
    assert net.encoder(torch.zeros(1, 8192, device="meta"), torch.zeros(1, 17, device="meta"))[0].device.type == "meta"
    dit = Dit(DitConfig(channels=17, width=32, blocks=1, heads=2)).to("meta")
    asked = conditions().on("meta")
    assert dit(torch.zeros(1, 4, 17, device="meta"), torch.zeros(1, device="meta"), asked).shape == (1, 4, 17)
