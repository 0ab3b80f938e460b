"""A preset file says what it means, survives being written, and cannot hurt whoever opens it."""

import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadRequest
from engine.latent.edit import Edit
from engine.patch import Patch
from engine.presets.preset import ABOUT_LIMIT, CATEGORIES, NAME_LIMIT, Asked, Preset
from engine.presets.toml import MOST_BYTES, preset_text, read_preset
from engine.shape import Shape


def preset(**changes: object) -> Preset:
    usual = Preset(
        name="Deep One",
        category="basses",
        about="It is deep.",
        request=Asked(prompt="warm bass", note="F#1", seconds=1.5, seed=7),
        edits=(Edit(kind="amplify", values={"amplify": 1.5}), Edit(kind="smooth", values={"smooth_kind": "max"})),
        shape=Shape(trim_s=(0.1, 1.2), drive_type="fold"),
        patch=Patch(glide_s=0.1, loop_s=(0.2, 0.9)),
    )
    return msgspec.structs.replace(usual, **changes)


def test_a_preset_survives_its_file() -> None:
    assert read_preset(preset_text(preset()).encode()) == preset()
    plain = Preset(name="x", category="fx", request=Asked(prompt="zap"))
    assert preset_text(plain) == 'format = 1\nname = "x"\ncategory = "fx"\n\n[request]\nprompt = "zap"\n'
    assert read_preset(preset_text(plain).encode()) == plain


line = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), min_size=1, max_size=NAME_LIMIT)


@given(line.filter(str.strip), line, line.filter(str.strip), st.sampled_from(CATEGORIES), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_any_words_survive(name: str, about: str, prompt: str, category: str, seed: int) -> None:
    made = preset(name=name, about=about, category=category, request=Asked(prompt=prompt, seed=seed))
    assert read_preset(preset_text(made).encode()) == made


def test_a_preset_asks_what_it_says_and_options_win() -> None:
    request = preset().request.request("latente-1")
    assert (request.prompt, request.note, request.seconds, request.seed) == ("warm bass", 30, 1.5, 7)
    assert preset().request.request("latente-1", seed=9).seed == 9
    assert Asked.of(request).request("latente-1") == request


HEAD = 'format = 1\nname = "x"\ncategory = "fx"\n[request]\nprompt = "x"\n'
MORPH = '[[edits]]\nkind = "morph"\nsource = "../a"\n[edits.values]\nmorph = 0.5'
WRONG = {
    "another format": ("format = 2\nname = 'x'", "newer Latente"),
    "no format": ("name = 'x'", "no format"),
    "a format that is no number": ("format = true", "no format"),
    "no preset": ("format = 1", "name"),
    "no TOML": ("format = = 1", "no TOML"),
    "an unknown field": ('run = "rm -rf"\n' + HEAD, "run"),
    "an unknown category": (HEAD.replace("fx", "viruses"), "category"),
    "a number as a name": (HEAD.replace('"x"', "3", 1), "name"),
    "an empty prompt": (HEAD.replace('prompt = "x"', 'prompt = " "'), "prompt is empty"),
    "a note nobody knows": (HEAD + 'note = "H9"', "H9"),
    "a drive out of range": (HEAD + "[shape]\ndrive_db = 99", "Drive amount"),
    "not a number": (HEAD + "[shape]\ndrive_db = nan", "Drive amount"),
    "an endless trim": (HEAD + "[shape]\ntrim_s = [0.0, inf]", "trim"),
    "a patch out of range": (HEAD + "[patch]\nattack_s = -1.0", "Attack"),
    "an unknown edit": (HEAD + '[[edits]]\nkind = "eval"', "eval"),
    "another take": (HEAD + MORPH, "another sound"),
    "a name of two lines": (HEAD.replace('"x"', '"x\\ny"', 1), "one line"),
    "a name that turns the terminal red": (HEAD.replace('"x"', '"\\u001b[31m"', 1), "one line"),
    "a long name": (HEAD.replace('"x"', f'"{"x" * (NAME_LIMIT + 1)}"', 1), "60 characters"),
    "a long description": (f'about = "{"x" * (ABOUT_LIMIT + 1)}"\n' + HEAD, "200 characters"),
    "too many edits": (HEAD + '[[edits]]\nkind = "reverse"\n' * 65, "64 edits"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_in_one_line(name: str) -> None:
    text, words = WRONG[name]
    with pytest.raises(BadRequest, match=words) as caught:
        read_preset(text.encode())
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "data",
    [
        b"a." * 100_000 + b"b = 1",  # keys of many parts: the reader's time grows with their square
        b"a  .  " * 40_000 + b"b = 1",
        b"x = " + b"[" * 100_000,
        b"x = " + b"{a=" * 50_000,
        b"[[a]]\n" * 40_000,
        b"x = " + b"9" * 200_000,
        b"#" * (MOST_BYTES + 1),
        b"\xff\xfe\x00",
        b"",
    ],
)
def test_what_is_built_to_hurt_is_refused_in_time(data: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(BadRequest):
        read_preset(data)
    assert time.monotonic() - began < 5
