"""Networks as they compute fastest on a CPU, for the few rows at a time that a sound has: weights of 16 bits, products
of 32.

For the 20 to 200 frames of a sound, a product takes longer to read its weights than to compute with them. In half
precision (IEEE 754 binary16) there is half as much to read; what ships was rounded coarser than that before.
"""

from __future__ import annotations

from typing import Protocol, cast, runtime_checkable

import torch
from torch import Tensor, nn

_LARGEST = 65504.0  # of half precision


@runtime_checkable
class Product(Protocol):
    """A layer that is a product by a matrix, but keeps it in another shape."""

    def linear(self) -> nn.Linear: ...


class HalfLinear(nn.Module):
    """A linear layer without gradients, its weights in half precision, by FBGEMM (Khudia et al. 2021)."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight, bias = linear.weight.detach().contiguous(), cast("Tensor | None", linear.bias)
        self._packed = torch.ops.quantized.linear_prepack_fp16(weight, None if bias is None else bias.detach())

    def forward(self, x: Tensor) -> Tensor:
        """(…, in) -> (…, out), float32"""
        y: Tensor = torch.ops.quantized.linear_dynamic_fp16(x, self._packed)
        return y


def pack(net: nn.Module) -> None:
    """Has every product of `net`, which is on the CPU and learns no more, read its weights as fast as this machine can.
    Where halves cannot be read, or do not hold the weights, these lie in memory as a product of few rows reads them."""
    halves = _reads_halves()
    for part in list(net.modules()):
        for name, layer in list(part.named_children()):
            linear = layer.linear() if isinstance(layer, Product) else layer
            if not isinstance(linear, nn.Linear):
                continue
            if halves and bool(linear.weight.abs().max() <= _LARGEST):
                setattr(part, name, HalfLinear(linear))
            elif linear is layer:
                linear.weight.data = linear.weight.data.T.contiguous().T


def _reads_halves() -> bool:
    """FBGEMM is there on x86, and wants AVX2."""
    capable = torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512")
    return capable and torch.backends.quantized.engine in ("x86", "fbgemm")
