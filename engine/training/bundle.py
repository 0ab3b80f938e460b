"""`make gpu-bundle`: what has to travel to a bare machine with one GPU and no network, beside the repository itself.

One tar of soundfonts, CC0 recordings, text encoder (weights in bfloat16) and missing wheels, cut into parts so small
that each fits through a 60 MiB door together with the repository. Put together again by `cat part*/piece | tar x`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from engine.corpus.recordings import AUDIOPHOB, SONIC_PI, SONIC_PI_COPYRIGHT
from engine.corpus.soundfonts import FONTS, find_font
from engine.errors import LatenteError

DOOR_BYTES = 60 * 2**20
LEAST_BYTES = 8 * 2**20
WHEELS = (
    "tinysoundfont==0.3.7",
    "soundfile==0.14.0",
    "cffi==2.1.1",
    "pycparser==3.12",
    "soxr==1.1.0",
    "msgspec==0.22.0",
    "platformdirs==4.14.5",
)
PYTHON, PLATFORMS = "3.12", ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
ROOT = Path(__file__).resolve().parents[2]


def bundle(out: Path, repository_bytes: int) -> list[Path]:
    """Write `out`/part1/piece …; returns the parts. Raises LatenteError when the repository leaves no room."""
    room = DOOR_BYTES - repository_bytes
    if room < LEAST_BYTES:
        raise LatenteError(
            f"The repository has {repository_bytes / 2**20:.0f} MiB; no room is left beside it in 60 MiB."
        )
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=out) as temporary:
        kit = Path(temporary) / "kit"
        gather(kit)
        archive = Path(temporary) / "kit.tar"
        with tarfile.open(archive, "w") as tar:
            tar.add(kit, arcname=".")
        return cut(archive, out, room)


def gather(kit: Path) -> None:
    """The kit's folders: sf3, sonic-pi, audiophob, minilm, wheels."""
    (kit / "sf3").mkdir(parents=True)
    for font, file in FONTS.items():
        shutil.copy2(find_font(font), kit / "sf3" / file)
    if SONIC_PI.is_dir():
        shutil.copytree(SONIC_PI, kit / "sonic-pi", ignore=shutil.ignore_patterns("loop_*"))
        shutil.copy2(SONIC_PI_COPYRIGHT, kit / "sonic-pi" / "copyright")
    if AUDIOPHOB.is_dir():
        shutil.copytree(AUDIOPHOB, kit / "audiophob")
    text_encoder(kit / "minilm")
    wheels(kit / "wheels")


def cut(archive: Path, out: Path, room: int) -> list[Path]:
    """The archive in pieces of at most `room` bytes, each in a folder of its own."""
    parts: list[Path] = []
    with archive.open("rb") as file:
        while piece := file.read(room):
            part = out / f"part{len(parts) + 1:02d}"
            part.mkdir()
            (part / "piece").write_bytes(piece)
            parts.append(part)
    return parts


def text_encoder(folder: Path) -> None:
    """MiniLM's files, weights halved to bfloat16."""
    import torch
    from safetensors.torch import load_file, save_file

    from engine.text.encoder import packaged_folder

    source = packaged_folder()
    folder.mkdir(parents=True)
    shutil.copy2(source / "tokenizer.json", folder / "tokenizer.json")
    tensors = load_file(source / "model.safetensors")
    halved = {key: value.to(torch.bfloat16) if value.is_floating_point() else value for key, value in tensors.items()}
    save_file(halved, folder / "model.safetensors", metadata={"format": "pt"})


def wheels(folder: Path) -> None:
    """What such a machine lacks, for its Python. Raises LatenteError without a network."""
    platforms = [part for platform in PLATFORMS for part in ("--platform", platform)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--python-version", PYTHON, "--implementation", "cp", *platforms, "--dest", str(folder), *WHEELS]
    if subprocess.run(command, check=False).returncode:
        raise LatenteError("The wheels could not be downloaded; a network is needed for this once.")


def repository_bytes(root: Path = ROOT) -> int:
    """Size of the tracked files."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
    paths = [root / name for name in listed.decode().split("\0") if name]
    return sum(path.stat().st_size for path in paths if path.is_file())


if __name__ == "__main__":
    try:
        for made in bundle(ROOT / "build" / "gpu-bundle", repository_bytes()):
            print(f"{made.relative_to(ROOT)}  {(made / 'piece').stat().st_size / 2**20:.1f} MiB")
    except LatenteError as error:
        sys.exit(str(error))
