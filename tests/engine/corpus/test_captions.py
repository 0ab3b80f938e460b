"""Captions say only what is true of the sound, and say it in many ways."""

import json
import re

import numpy as np
import pytest

from engine.adjectives import ADJECTIVES, spanish_form
from engine.corpus.attributes import Attributes
from engine.corpus.captions import caption
from engine.corpus.phrases import flat_name, gender, solfege
from engine.corpus.wording import drawn, fitting
from engine.families import FAMILIES
from engine.qualities import KEYS

DARK_KICK = Attributes("kick", qualities={"brightness": -0.9, "decay": -0.7, "body": 0.1}, note=31, seconds=0.6)


def many(attributes: Attributes, count: int = 400, seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    return [caption(attributes, rng) for _ in range(count)]


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[\w-]+", text.lower()))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_gets_a_caption_of_one_clean_line(family: str) -> None:
    attributes = Attributes(family, qualities=dict.fromkeys(KEYS, 0.9), note=40, velocity=120, seconds=0.4)
    for text in many(attributes, 60):
        assert text
        assert text == " ".join(text.split())
        assert " ," not in text
        assert "{" not in text


def test_the_same_dice_give_the_same_captions() -> None:
    assert many(DARK_KICK, 50, seed=7) == many(DARK_KICK, 50, seed=7)
    assert many(DARK_KICK, 50, seed=7) != many(DARK_KICK, 50, seed=8)


def test_captions_of_one_sound_differ() -> None:
    assert len(set(many(DARK_KICK))) > 250


def test_a_dark_sound_is_never_called_bright_unless_denied() -> None:
    texts = many(DARK_KICK, 1500)
    assert any("dark" in words_of(text) for text in texts)
    for text in texts:
        if {"bright", "crisp", "brillante", "airy"} & words_of(text):
            assert "not" in words_of(text), text


def test_a_middling_sound_gets_no_adjectives() -> None:
    middling = Attributes("marimba", qualities=dict.fromkeys(KEYS, 0.2))
    assert fitting(middling, "en") == []
    assert fitting(middling, "es") == []


def test_a_compound_word_needs_all_its_qualities() -> None:
    bright_and_pure = Attributes("bell", qualities={"brightness": 0.8, "noisiness": -0.8})
    only_bright = Attributes("bell", qualities={"brightness": 0.8, "noisiness": 0.0})
    assert "glassy" in {row.word for row, _ in fitting(bright_and_pure, "en")}
    assert "glassy" not in {row.word for row, _ in fitting(only_bright, "en")}


def test_no_two_drawn_adjectives_say_the_same() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        chosen = drawn(Attributes("warm_pad", qualities=dict.fromkeys(KEYS, 0.9)), rng, "en", 4)
        heard: set[str] = set()
        for row, _ in chosen:
            assert not set(row.axes) <= heard
            heard |= set(row.axes)


def test_the_usual_words_are_used_most() -> None:
    rng = np.random.default_rng(0)
    found = [drawn(DARK_KICK, rng, "en", 1)[0][0].word for _ in range(600)]
    assert found.count("dark") > found.count("murky") * 2


def test_a_wet_sound_is_not_called_dry() -> None:
    wet = Attributes("snare", words=("with reverb",), qualities={"decay": -0.9})
    assert "dry" not in {row.word for row, _ in fitting(wet, "en")}


def test_an_instrument_known_by_name_is_not_called_another_of_its_family() -> None:
    koto = Attributes("plucked_string", "acoustic", nouns=("koto",))
    for text in many(koto, 500):
        assert not words_of(text) & {"harp", "banjo", "sitar", "lute", "arpa"}, text


def test_all_styles_are_heard() -> None:
    texts = many(Attributes("kick", qualities={"decay": -0.9, "brightness": -0.9}, note=30, seconds=0.5), 1500)
    joined = "\n".join(texts).lower()
    for part in ("bombo", "fast_decay", "make me", "kick", "0.5", "f#1", "gb1", "fa sostenido 1", "oscuro"):
        assert part in joined, part
    assert any(text.isupper() for text in texts)
    assert "kick" in texts


def test_a_sound_without_pitch_gets_no_note() -> None:
    assert not any(re.search(r"\b[A-Ga-g][#b]?\d\b", text) for text in many(Attributes("clap"), 600))


def test_spanish_adjectives_agree_with_their_nouns() -> None:
    assert gender("campana") == (True, False)
    assert gender("metales") == (False, True)
    assert gender("bombo") == (False, False)
    assert gender("voz") == (True, False)
    assert spanish_form("oscuro", True, False) == "oscura"
    assert spanish_form("débil", False, True) == "débiles"
    assert spanish_form("chillón", True, True) == "chillonas"
    assert spanish_form("con pegada", True, True) == "con pegada"
    dark_bell = Attributes("bell", qualities={"brightness": -0.9})
    spanish = [text.lower() for text in many(dark_bell, 1500) if text.lower().startswith("campana ")]
    assert any("oscura" in text for text in spanish)
    assert not any("oscuro" in text for text in spanish)


def test_notes_are_spelled_three_ways() -> None:
    assert flat_name(30) == "Gb1"
    assert flat_name(60) == "C4"
    assert solfege(70) == "la sostenido 4"


def test_attributes_survive_json() -> None:
    attributes = Attributes("bell", "acoustic", ("chime",), ("struck",), {"decay": 0.5}, 72, 90, 2.0)
    assert Attributes.from_dict(json.loads(json.dumps(attributes.to_dict()))) == attributes


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown family"):
        Attributes("theremin")


def test_every_adjective_speaks_of_known_qualities() -> None:
    for row in ADJECTIVES:
        assert row.axes
        assert set(row.axes) <= set(KEYS), row.word
        assert all(0 < abs(value) <= 1 for value in row.axes.values())
