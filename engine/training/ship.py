"""Turns checkpoints into a model that can be installed: compact weights, provenance, a card with sha256.

python -m engine.training.ship RUN_FOLDER MODEL_FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import torch

from engine.errors import LatenteError, ModelProblem
from engine.files import write_atomically
from engine.generators.dit import Dit
from engine.generators.fast import FAST_FILE
from engine.generators.space import AXES_FILE
from engine.generators.stored import REFINED_FILE, load_flow, load_unrefined, same_flow
from engine.models import weights
from engine.models.arrays import load_arrays
from engine.models.card import CARD_FILE, FORMAT, ModelCard, ModelFile, card_toml, describe_file
from engine.training import checkpoint

PROVENANCE = (
    "Trained from nothing on sounds of our own procedural synthesisers (Apache-2.0), FluidR3 GM and MuseScore General "
    "soundfonts (MIT), and CC0 recordings from Sonic Pi and Hydrogen's Audiophob kit. See docs/MODEL_CARD.md."
)


def ship(run: Path, folder: Path) -> ModelCard:
    """Write the codec, the flow, the audio tower (if trained) and the card of the model `folder.name`.

    What this run did not train stays as it is in `folder`; calibrated axes stay as long as they belong to the codec.
    Raises ModelProblem when a part is in neither.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parameters = 0
    files = []
    for name in ("codec", "flow", "clap"):
        path, target = _newest(run, name), folder / f"{name}.safetensors"
        if not path.is_file() and target.is_file():
            parameters += sum(value.numel() for key, value in weights.load(target)[0].items() if key[:7] != "latent.")
            files.append(describe_file(target))
            continue
        if not path.is_file():
            if name == "clap":
                continue
            raise ModelProblem(f"{path} is missing: train it first (`latente train {name}`).")
        tensors, facts = checkpoint.load(path)
        average = checkpoint.part(tensors, "average")
        parameters += sum(value.numel() for value in average.values())
        if name == "flow":
            average |= {f"latent.{key}": torch.tensor(facts.pop(key)) for key in ("mean", "deviation")}
        weights.save(target, average, _provenance(name, facts))
        files.append(describe_file(target))
    unrefined = load_unrefined(folder)[0]
    files += _learnt(run / "refine.safetensors", folder / REFINED_FILE, "refinement", "flow", unrefined)
    files += _learnt(run / "distil.safetensors", folder / FAST_FILE, "fast", "teacher", load_flow(folder)[0])
    axes = folder / AXES_FILE
    if axes.is_file() and load_arrays(axes, ())[1].get("codec_sha256") == files[0].sha256:
        files.append(describe_file(axes))
    else:  # of another codec: `python -m engine.training.axes` makes them anew
        axes.unlink(missing_ok=True)
    card = ModelCard(
        format=FORMAT,
        name=folder.name,
        task="text-to-one-shot",
        licence="Apache-2.0; the sounds it makes belong to whoever makes them",
        provenance=PROVENANCE,
        rate_hz=44100,
        loader="flow",
        files=tuple(files),
        parameters=parameters,
        description="Words to a one-shot: pitch-free codec, rectified flow over its latent.",
    )
    write_atomically(folder / CARD_FILE, card_toml(card).encode())
    return card


def _learnt(path: Path, target: Path, what: str, flow_key: str, flow: Dit) -> list[ModelFile]:
    """What was learnt from the flow, from the checkpoint `path` or as it is in `target`, as long as that is `flow`.
    flow_key: under which fact its mark stands."""
    if path.is_file():
        tensors, facts = checkpoint.load(path)
        marked = facts[flow_key]
        if not same_flow(marked, flow):
            raise ModelProblem(f"{path} learnt from another flow than {target.parent.name}'s; train again.")
        weights.save(target, checkpoint.part(tensors, "average"), {**_provenance(what, facts), flow_key: marked})
    elif target.is_file() and not same_flow(weights.load(target, ())[1].get(flow_key, []), flow):
        target.unlink()
    return [describe_file(target)] if target.is_file() else []


def _newest(run: Path, name: str) -> Path:
    """The checkpoint of a part: of its second stage, if there was one since the first."""
    first, second = (run / f"{stage}.safetensors" for stage in (name, f"{name}_gan"))
    if second.is_file() and (not first.is_file() or second.stat().st_mtime >= first.stat().st_mtime):
        return second
    return first


def _provenance(name: str, facts: dict[str, Any]) -> dict[str, Any]:
    trained = {"steps": facts["step"], "seconds": round(facts["seconds"]), "recipe": facts["recipe"]}
    return {"what": name, "config": facts["config"], "trained": trained, "provenance": PROVENANCE}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m engine.training.ship RUN_FOLDER MODEL_FOLDER")
    try:
        made = ship(Path(sys.argv[1]), Path(sys.argv[2]))
    except LatenteError as error:
        sys.exit(str(error))
    print(f"{made.name}: {made.parameters / 1e6:.1f} M parameters, {made.bytes / 1e6:.1f} MB")
