"""The transformer encoder of BERT (Devlin et al. 2019), as small as it can be said.

Ours rather than the library's because importing that costs two seconds of every start; a test holds the two together.
Parameter names are those of published BERT weights, so that their files load as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class BertShape:
    """Sizes of the network; the defaults are MiniLM-L6-H384 (Wang et al. 2020)."""

    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    vocabulary: int = 30522
    positions: int = 512
    epsilon: float = 1e-12


class Bert(nn.Module):
    """Token ids -> states."""

    def __init__(self, shape: BertShape) -> None:
        super().__init__()
        self.embeddings = _Embeddings(shape)
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(_Layer(shape) for _ in range(shape.layers))})

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """ids int64 and mask bool, both (batch, tokens), true where there is a token -> (batch, tokens, width)."""
        states: Tensor = self.embeddings(ids)
        layers = self.encoder["layer"]
        assert isinstance(layers, nn.ModuleList)
        for layer in layers:
            states = layer(states, mask[:, None, None, :])
        return states


class _Embeddings(nn.Module):
    def __init__(self, shape: BertShape) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(shape.vocabulary, shape.width)
        self.position_embeddings = nn.Embedding(shape.positions, shape.width)
        self.token_type_embeddings = nn.Embedding(2, shape.width)
        self.LayerNorm = nn.LayerNorm(shape.width, shape.epsilon)

    def forward(self, ids: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        total = self.word_embeddings(ids) + self.position_embeddings(places) + self.token_type_embeddings.weight[0]
        normed: Tensor = self.LayerNorm(total)
        return normed


class _Layer(nn.Module):
    """Attention and a two-layer network, each with its residual and a norm after it."""

    def __init__(self, shape: BertShape) -> None:
        super().__init__()
        line = {"query": nn.Linear(shape.width, shape.width), "key": nn.Linear(shape.width, shape.width)}
        self.attention = nn.ModuleDict(
            {
                "self": nn.ModuleDict({**line, "value": nn.Linear(shape.width, shape.width)}),
                "output": _Output(shape.width, shape),
            }
        )
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(shape.width, shape.inner)})
        self.output = _Output(shape.inner, shape)
        self.heads = shape.heads

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        batch, tokens, width = states.shape
        own = self.attention["self"]
        assert isinstance(own, nn.ModuleDict)
        query, key, value = (
            own[name](states).view(batch, tokens, self.heads, -1).transpose(1, 2) for name in ("query", "key", "value")
        )
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        states = self.attention["output"](mixed.transpose(1, 2).reshape(batch, tokens, width), states)
        result: Tensor = self.output(F.gelu(self.intermediate["dense"](states)), states)
        return result


class _Output(nn.Module):
    def __init__(self, inputs: int, shape: BertShape) -> None:
        super().__init__()
        self.dense = nn.Linear(inputs, shape.width)
        self.LayerNorm = nn.LayerNorm(shape.width, shape.epsilon)

    def forward(self, states: Tensor, before: Tensor) -> Tensor:
        normed: Tensor = self.LayerNorm(self.dense(states) + before)
        return normed
