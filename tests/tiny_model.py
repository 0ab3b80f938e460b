"""A real model, untrained and tiny: codec, flow and card, as an installed one has them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path


def install_tiny_model(models: Path, name: str = "tiny") -> Path:
    """Puts the model into the folder `models` and returns its own folder. The same weights every time."""
    import torch

    from engine.codecs import curve
    from engine.codecs.neural import CodecConfig, CodecNet
    from engine.generators.dit import Dit, DitConfig
    from engine.models import weights
    from engine.models.card import CARD_FILE, FORMAT, ModelCard, card_toml, describe_file

    torch.manual_seed(0)
    codec = CodecConfig(latent=8, width=32, encoder=(1, 1, 1, 1), decoder=(1, 1, 1, 1), mel_bands=40)
    flow = DitConfig(channels=codec.latent + curve.CHANNELS, width=32, blocks=2, heads=2)
    folder = models / name
    folder.mkdir(parents=True)
    weights.save(folder / "codec.safetensors", CodecNet(codec).state_dict(), {"config": asdict(codec)})
    latent = {"latent.mean": torch.zeros(codec.latent), "latent.deviation": torch.ones(codec.latent)}
    weights.save(folder / "flow.safetensors", {**Dit(flow).state_dict(), **latent}, {"config": asdict(flow)})
    card = ModelCard(
        format=FORMAT,
        name=name,
        task="text-to-one-shot",
        licence="Apache-2.0",
        provenance="Random numbers.",
        rate_hz=44100,
        loader="flow",
        files=tuple(describe_file(folder / f"{part}.safetensors") for part in ("codec", "flow")),
    )
    (folder / CARD_FILE).write_text(card_toml(card), encoding="utf-8")
    return folder


def install_stirred_model(models: Path, size: float) -> Path:
    """The same with a flow that is not nothing: its weights are noise of this deviation."""
    import torch

    from engine.models import weights

    folder = install_tiny_model(models)
    tensors, facts = weights.load(folder / "flow.safetensors")
    torch.manual_seed(1)
    random = {key: torch.randn_like(value) * size for key, value in tensors.items() if not key.startswith("latent.")}
    weights.save(folder / "flow.safetensors", {**tensors, **random}, facts)
    return folder
