"""The text encoder gives what the published model gives, offline, and says clearly when its files are wrong."""

import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.errors import ModelProblem
from engine.text.encoder import MOST_TOKENS, TextEncoder, packaged_folder

PROMPTS = ["warm bass", "dirty detuned reese, long tail", "bombo grave y seco", "😀 ¿qué? ﷺ", ""]


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return TextEncoder()


def test_the_states_are_those_of_the_published_model(encoder: TextEncoder) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from transformers import AutoTokenizer
        from transformers.models.bert.modeling_bert import BertModel

        reference = BertModel.from_pretrained(packaged_folder(), local_files_only=True).eval()
        tokenizer = AutoTokenizer.from_pretrained(packaged_folder(), local_files_only=True)
    tokens = tokenizer(PROMPTS, padding=True, truncation=True, max_length=MOST_TOKENS, return_tensors="pt")
    with torch.no_grad():
        expected = reference(tokens["input_ids"], tokens["attention_mask"]).last_hidden_state
    states, mask = encoder.encode(PROMPTS)
    assert torch.equal(mask, tokens["attention_mask"].bool())
    torch.testing.assert_close(states[mask], expected[mask], atol=2e-5, rtol=1e-4)


def test_a_text_has_the_same_states_alone_and_in_a_batch(encoder: TextEncoder) -> None:
    together, mask = encoder.encode(PROMPTS)
    for place, prompt in enumerate(PROMPTS):
        alone, _ = encoder.encode([prompt])
        torch.testing.assert_close(together[place][mask[place]], alone[0], atol=2e-5, rtol=1e-4)


def test_beyond_the_text_states_are_zero(encoder: TextEncoder) -> None:
    states, mask = encoder.encode(["kick", "a very long and warm evolving pad"])
    assert states.dtype == torch.float32
    assert states.shape == (2, mask.shape[1], 384)
    assert not states[0][~mask[0]].any()


def test_long_texts_are_cut_and_no_text_is_no_states(encoder: TextEncoder) -> None:
    assert encoder.encode(["very " * 500 + "bright"])[0].shape[1] == MOST_TOKENS
    assert encoder.encode([])[0].shape[0] == 0


def test_a_lone_surrogate_is_safe(encoder: TextEncoder) -> None:
    assert torch.isfinite(encoder.encode(["kick \ud800 drum"])[0]).all()


def test_a_folder_with_half_precision_weights_serves_as_well(encoder: TextEncoder, tmp_path: Path) -> None:
    shutil.copy(packaged_folder() / "tokenizer.json", tmp_path)
    state = load_file(packaged_folder() / "model.safetensors")
    small = {key: value.bfloat16() if value.is_floating_point() else value for key, value in state.items()}
    save_file(small, tmp_path / "model.safetensors")
    states, _ = TextEncoder(tmp_path).encode(["warm bass"])
    expected, _ = encoder.encode(["warm bass"])
    assert states.dtype == torch.float32
    assert torch.nn.functional.cosine_similarity(states.flatten(), expected.flatten(), 0) > 0.999


def test_missing_cut_off_or_foreign_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelProblem, match="cannot be read"):
        TextEncoder(tmp_path)
    shutil.copy(packaged_folder() / "tokenizer.json", tmp_path)
    (tmp_path / "model.safetensors").write_bytes((packaged_folder() / "model.safetensors").read_bytes()[:5000])
    with pytest.raises(ModelProblem, match="cannot be read"):
        TextEncoder(tmp_path)
    save_file({"other.weight": torch.zeros(3)}, tmp_path / "model.safetensors")
    with pytest.raises(ModelProblem, match="not MiniLM"):
        TextEncoder(tmp_path)


def test_a_changed_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(packaged_folder(), tmp_path / "model", ignore=shutil.ignore_patterns("*.safetensors"))
    save_file({"other.weight": torch.zeros(3)}, tmp_path / "model" / "model.safetensors")
    monkeypatch.setattr("engine.text.encoder.packaged_folder", lambda: tmp_path / "model")
    with pytest.raises(ModelProblem, match="not the text encoder it should be"):
        TextEncoder()


def test_the_encoder_works_without_transformers_and_without_sockets() -> None:
    script = """
import socket, sys
def refuse(*_): raise OSError("no network")
socket.socket.__init__ = refuse
from engine.text.encoder import TextEncoder
assert TextEncoder().encode(["warm bass"])[0].shape == (1, 4, 384)
assert "transformers" not in sys.modules and "sentence_transformers" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)
