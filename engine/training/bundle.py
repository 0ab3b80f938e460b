"""`make gpu-bundle`: the folders that travel to a bare machine with one GPU and no network, each at most 60 MiB.

bundle/code      the engine, recipes and current checkpoints' weights
bundle/fluidr3, bundle/musescore   one soundfont each
bundle/minilm    the text encoder's files, weights in bfloat16
bundle/wheels    what such a machine lacks: tinysoundfont, soundfile, soxr, … for its Python
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from engine.corpus.soundfonts import FONTS, find_font
from engine.errors import LatenteError

LIMIT_BYTES = 60 * 2**20
WHEELS = ("tinysoundfont==0.3.7", "soundfile==0.14.0", "soxr==1.1.0", "msgspec==0.22.0", "platformdirs==4.14.5")
PYTHON, PLATFORMS = "3.12", ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
ROOT = Path(__file__).resolve().parents[2]


def bundle(out: Path, run: Path | None = None) -> dict[str, int]:
    """Build the folders under `out`; returns folder -> bytes. Raises LatenteError when one is too large."""
    shutil.rmtree(out, ignore_errors=True)
    code = out / "code"
    shutil.copytree(ROOT / "engine", code / "engine", ignore=shutil.ignore_patterns("__pycache__", "_data"))
    for model in (ROOT / "resources" / "models").glob("*"):
        shutil.copytree(model, code / "resources" / "models" / model.name)
    for font, file in FONTS.items():
        (out / font).mkdir(parents=True)
        shutil.copy2(find_font(font), out / font / file)
    _minilm(out / "minilm")
    _wheels(out / "wheels")
    sizes = {folder.name: _bytes(folder) for folder in sorted(out.iterdir())}
    for name, size in sizes.items():
        if size > LIMIT_BYTES:
            raise LatenteError(f"{out / name} has {size / 2**20:.0f} MiB; only 60 may travel.")
    return sizes


def _minilm(folder: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    from engine.text.encoder import packaged_folder

    source = packaged_folder()
    folder.mkdir(parents=True)
    for path in source.iterdir():
        if path.suffix in (".json", ".txt"):
            shutil.copy2(path, folder / path.name)
    tensors = load_file(source / "model.safetensors")
    halved = {key: value.to(torch.bfloat16) if value.is_floating_point() else value for key, value in tensors.items()}
    save_file(halved, folder / "model.safetensors", metadata={"format": "pt"})


def _wheels(folder: Path) -> None:
    platforms = [part for platform in PLATFORMS for part in ("--platform", platform)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--python-version", PYTHON, "--implementation", "cp", *platforms, "--dest", str(folder), *WHEELS]
    if subprocess.run(command, check=False).returncode:
        raise LatenteError("The wheels could not be downloaded; a network is needed for this once.")


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    try:
        for name, size in bundle(ROOT / "build" / "gpu-bundle").items():
            print(f"{name:12} {size / 2**20:6.1f} MiB")
    except LatenteError as error:
        sys.exit(str(error))
