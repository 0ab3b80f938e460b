"""One evaluation of the flow in several ways: torch as it is, with its weights packed as the program has them, by
torch.compile, by ONNX Runtime in float32 and int8.

The last two are no part of the program. torch.compile needs a C++ compiler; `pip install onnxruntime onnx onnxscript`
gets the last one. What is not there is left out.
"""

from __future__ import annotations

import importlib.util
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.report import Benchmark, Figures

if TYPE_CHECKING:
    from torch import Tensor

PROMPT, SECONDS = "warm bass", 2.0
_WARM_UP = 5

Evaluation = Callable[[], "Tensor"]


def measure(count: int) -> Figures:
    """Of each way, for 2 s of sound with guidance: _ms, median of `count` evaluations; _off, distance of what it gives
    from torch's as it is, as a share of that; _ready_s, how long it takes before the first."""
    import torch

    x, time_, net = _asked()
    ways: dict[str, Callable[[Path], Evaluation]] = {
        "eager": lambda folder: lambda: net(x, time_),
        "packed": lambda folder: _packed(net, x, time_),
    }
    if shutil.which("g++"):
        ways["compiled"] = lambda folder: _compiled(net, x, time_)
    if all(importlib.util.find_spec(name) for name in ("onnxruntime", "onnx", "onnxscript")):
        ways["onnx"] = lambda folder: _onnx(net, x, time_, folder, whole=True)
        ways["onnx_int8"] = lambda folder: _onnx(net, x, time_, folder, whole=False)
    figures: Figures = {}
    with torch.inference_mode(), tempfile.TemporaryDirectory() as folder:
        wanted, ready = net(x, time_), {}
        for name, way in ways.items():
            began = time.perf_counter()
            try:
                evaluate = way(Path(folder))
                made = evaluate()
            except Exception as error:  # another's compiler or exporter: whatever it raises, the others go on
                print(f"{name}: {type(error).__name__}: {str(error).splitlines()[0][:200]}", file=sys.stderr)
                continue
            figures[f"{name}_ready_s"] = time.perf_counter() - began
            figures[f"{name}_off"] = float((made - wanted).norm() / wanted.norm())
            ready[name] = evaluate
        return figures | {f"{name}_ms": taken for name, taken in _medians_ms(ready, count).items()}


def _asked() -> tuple[Tensor, Tensor, Any]:
    """Noise, time, and the network with what a prompt comes to, as the generator asks it at every step."""
    import torch
    from torch import nn

    from engine.codecs.neural import latent_frames
    from engine.codecs.source import RATE_HZ
    from engine.generators.dit import joined, whole
    from engine.generators.flow import FlowGenerator
    from engine.generators.stored import load_flow
    from engine.generators.wanted import Wanted
    from engine.models.store import default_store
    from engine.request import Request

    folder = default_store().find("latente-1").folder
    generator, plain = FlowGenerator.load("latente-1", folder), load_flow(folder)[0]
    request = Request(PROMPT, seconds=SECONDS, seed=1)
    asked = generator.conditions(request, Wanted.of(request, PROMPT, None), PROMPT)
    with torch.no_grad():
        heard = generator.net.heard(joined(asked, asked.freed()))

    class Evaluated(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = plain

        def forward(self, x: Tensor, time: Tensor) -> Tensor:
            return self.net(x, time, heard)  # type: ignore[no-any-return]

    frames = whole(latent_frames(int(SECONDS * RATE_HZ)))
    x = torch.randn(1, frames, generator.net.config.channels).expand(2, -1, -1).contiguous()
    return x, torch.full((2,), 0.3), Evaluated().eval()


def _packed(net: Any, x: Tensor, time_: Tensor) -> Evaluation:
    from engine.models.packed import pack

    made = deepcopy(net)
    pack(made)
    return lambda: made(x, time_)


def _compiled(net: Any, x: Tensor, time_: Tensor) -> Evaluation:
    import torch

    made = torch.compile(net)
    return lambda: made(x, time_)


def _onnx(net: Any, x: Tensor, time_: Tensor, folder: Path, whole: bool) -> Evaluation:
    import onnxruntime  # type: ignore[import-not-found, unused-ignore]
    import torch

    path = folder / "flow.onnx"
    if not path.exists():
        with torch.inference_mode(False), torch.no_grad():
            like = (x.clone(), time_.clone())
            torch.onnx.export(net, like, str(path), input_names=["x", "time"], dynamo=True, verbose=False)
    if not whole:
        path = _quantised(path, folder)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    given = dict(zip((entry.name for entry in session.get_inputs()), (x.numpy(), time_.numpy()), strict=True))
    return lambda: torch.from_numpy(session.run(None, given)[0])


def _quantised(path: Path, folder: Path) -> Path:
    import onnx  # type: ignore[import-not-found, unused-ignore]
    from onnxruntime.quantization import quantize_dynamic  # type: ignore[import-not-found, unused-ignore]

    model = onnx.load(path)
    del model.graph.value_info[:]  # shapes that the quantiser would hold against what it infers itself
    onnx.save(model, folder / "plain.onnx")
    quantize_dynamic(folder / "plain.onnx", folder / "flow8.onnx")
    return folder / "flow8.onnx"


def _medians_ms(ways: dict[str, Evaluation], count: int) -> Figures:
    """In turns, so that what else the machine does meets all of them."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(_WARM_UP + count):
        for name, evaluate in ways.items():
            began = time.perf_counter()
            evaluate()
            if turn >= _WARM_UP:
                taken[name].append(time.perf_counter() - began)
    return {name: 1e3 * statistics.median(times) for name, times in taken.items()}


BENCHMARK = Benchmark(f"The flow's network, {SECONDS:g} s of sound, in several ways", measure, {}, usual=50)
