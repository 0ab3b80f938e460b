"""The flow in a model's folder: its weights, and what it has learnt since as low-rank changes of them, in a file of its
own."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from engine.errors import ModelProblem
from engine.generators.dit import Block, Dit, DitConfig
from engine.generators.lowrank import LowRank
from engine.models import weights

REFINED_FILE = "flow_refined.safetensors"
_MARKED = 256


def load_flow(folder: Path) -> tuple[Dit, Tensor, Tensor]:
    """The flow of the model in `folder`, with what it has learnt since it was finished, if there is a file of that, and
    (Z,) mean and deviation of the codec's latent over the corpus.

    Raises ModelProblem when the weights do not fit."""
    net, mean, deviation = load_unrefined(folder)
    changes = load_refinement(folder, net)
    if changes is not None:
        changes.merge()
    return net.eval(), mean, deviation


def load_unrefined(folder: Path) -> tuple[Dit, Tensor, Tensor]:
    """As `load_flow`, without what the flow has learnt later."""
    tensors, facts = weights.load(folder / "flow.safetensors")
    try:
        net = Dit(DitConfig(**facts["config"]))
        mean, deviation = tensors.pop("latent.mean"), tensors.pop("latent.deviation")
        net.load_state_dict(tensors)
    except (KeyError, TypeError, RuntimeError) as error:
        raise ModelProblem(f"The weights of {folder.name} do not fit this version of Latente.") from error
    return net.eval(), mean, deviation


def load_refinement(folder: Path, flow: Dit) -> LowRank | None:
    """What the flow in `folder` has learnt since it was finished, laid on `flow`; None where there is none.

    Raises ModelProblem when it is damaged or belongs to another flow."""
    path = folder / REFINED_FILE
    if not path.is_file():
        return None
    tensors, facts = weights.load(path)
    try:
        if not same_flow(facts["flow"], flow):
            raise ModelProblem(f"{REFINED_FILE} was learnt by another flow than the one beside it.")
        changes = LowRank(flow, int(facts["config"]["rank"]))
        changes.load_state_dict(tensors)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise ModelProblem(f"{REFINED_FILE} is damaged. Install the model again.") from error
    return changes


def mark(flow: Dit) -> list[float]:
    """A few of the flow's weights, by which what was learnt from it knows it again."""
    block = flow.blocks[-1]
    assert isinstance(block, Block)
    return [round(value, 5) for value in block.qkv.weight.detach().flatten()[:_MARKED].tolist()]


def same_flow(marked: list[float], flow: Dit) -> bool:
    """Whether the mark is this flow's, before or after its weights were rounded to eight bits."""
    theirs, ours = torch.tensor(marked), torch.tensor(mark(flow))
    return theirs.shape == ours.shape and float((theirs - ours).norm()) <= 0.02 * float(ours.norm())
