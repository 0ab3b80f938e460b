"""Prompts as people type them, and what must be read from them."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.families import FAMILIES, INDEX
from engine.qualities import QUALITIES
from engine.text.reading import read_prompt


@pytest.mark.parametrize(
    ("prompt", "family"),
    [
        ("kick", "kick"),
        ("808 kick", "kick_808"),
        ("kick, punchy, 808", "kick_808"),
        ("punchy kick drum", "kick"),
        ("bass drum", "kick"),
        ("808", "bass_808"),
        ("trap 808 bass", "bass_808"),
        ("808 clap", "clap"),
        ("bass guitar", "bass_guitar"),
        ("warm bass", "synth_bass"),
        ("dirty detuned reese, long tail", "reese"),
        ("303 acid line", "acid_bass"),
        ("8-bit lead", "square_lead"),
        ("hat", "closed_hat"),
        ("hi-hat", "closed_hat"),
        ("open hat", "open_hat"),
        ("open metallic hat", "open_hat"),
        ("snare hit", "snare"),
        ("dry claves", "woodblock"),
        ("noise snare", "snare"),
        ("pad with bells", "warm_pad"),
        ("bell pad", "glass_pad"),
        ("distorted dark guitar", "distorted_guitar"),
        ("electronic bright long_release synth_lead", "saw_lead"),
        ("synthetic distortion fast_decay keyboard", "piano"),
        ("BOMBO GRAVE", "kick"),
        ("charles abierto", "open_hat"),
        ("violín suave", "bowed_string"),
        ("caja con mucha cola", "snare"),
        ("piano eléctrico", "electric_piano"),
        ("something nobody has named", None),
    ],
)
def test_the_family_is_read(prompt: str, family: str | None) -> None:
    assert read_prompt(prompt).family == family


@pytest.mark.parametrize("key", FAMILIES)
def test_the_usual_names_of_every_family_lead_to_it(key: str) -> None:
    assert read_prompt(FAMILIES[key].names[0]).family == key
    assert read_prompt(key).family == key


def test_a_name_shared_by_two_families_goes_to_the_first() -> None:
    for family in FAMILIES.values():
        for name in (*family.names, *family.spanish):
            found = read_prompt(name).family
            assert found is not None
            assert found == family.key or INDEX[found] < INDEX[family.key] or len(name.split()) > 1, name


@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("bass in F#1", 30),
        ("deep sub in f1", 29),
        ("Bb2 brass", 46),
        ("bell C♯5", 73),
        ("C sharp 3 bell", 49),
        ("bajo en fa sostenido 2", 42),
        ("campana en la 4", 69),
        ("si bemol 2 trompeta", 46),
        ("note 36 tom", 36),
        ("midi note 60 piano", 60),
        ("bass in F#", 30),  # the F# nearest to where a synth bass plays
        ("lead in A", 69),
        ("kick_C2", 36),
        ("a warm bass", None),
        ("an e piano", None),
        ("a bass in a hall", None),
        ("BASS IN A HALL", None),
        ("808", None),
        ("909 snare", None),
        ("303", None),
        ("8-bit lead", None),
        ("campana de la iglesia", None),
        ("bell in D9", None),
        ("ruido de mi 2 segundos", None),
    ],
)
def test_the_note_is_read(prompt: str, note: int | None) -> None:
    assert read_prompt(prompt).note == note


@pytest.mark.parametrize(
    ("prompt", "seconds"),
    [
        ("pad 2s", 2.0),
        ("2 second warm pad", 2.0),
        ("2-second pad", 2.0),
        ("two second pad", 2.0),
        ("0.5 sec clap", 0.5),
        ("500 ms zap", 0.5),
        ("500ms zap", 0.5),
        ("half a second of noise", 0.5),
        ("one and a half seconds gong", 1.5),
        ("1/2 second hat", 0.5),
        ("½ s hat", 0.5),
        ("medio segundo de ruido", 0.5),
        ("pad de 2,5 segundos", 2.5),
        ("dos segundos y medio", 2.5),
        ("segundo y medio de gong", 1.5),
        ("10 second drone", 5.0),
        ("1 ms click", 0.1),
        ("808", None),
        ("80s synth", None),
        ("909 kick", None),
        ("8-bit lead", None),
        ("16 bit snare", None),
        ("one shot kick", None),
        ("pad in C3", None),
    ],
)
def test_the_length_is_read(prompt: str, seconds: float | None) -> None:
    assert read_prompt(prompt).seconds == seconds


@pytest.mark.parametrize(
    ("prompt", "signs"),
    [
        ("bright bell", {"brightness": 1}),
        ("dark bell", {"brightness": -1}),
        ("oscura campana", {"brightness": -1}),
        ("not bright", {"brightness": -1}),
        ("not too bright bell", {"brightness": -1}),
        ("-bright bell", {"brightness": -1}),
        ("less dark bell", {"brightness": 1}),
        ("piano sin brillo", {"brightness": -1}),
        ("no reverb", {"decay": -1}),
        ("organ in a big hall", {"decay": 1}),
        ("pad with slow filter movement", {"movement": 1}),
        ("snare, no reverb or delay", {"decay": -1}),
        ("punchy kick", {"attack": -1}),
        ("fast_decay", {"decay": -1}),
        ("glassy", {"brightness": 1, "noisiness": -1}),
        ("bombo grave y seco", {"brightness": -1, "decay": -1}),
        ("not dark, noisy", {"brightness": 1, "noisiness": 1}),
        ("kick", {}),
        ("shaker 2s in C3", {}),
    ],
)
def test_qualities_are_read_with_their_sign(prompt: str, signs: dict[str, int]) -> None:
    read = read_prompt(prompt).qualities
    assert {axis: 1 if value > 0 else -1 for axis, value in read.items()} == signs


def test_every_adjective_of_the_scales_is_understood() -> None:
    for key, quality in QUALITIES.items():
        for word in (*quality.low, *quality.low_es):
            assert read_prompt(f"{word} xyz").qualities.get(key, 0) < 0, word
        for word in (*quality.high, *quality.high_es):
            assert read_prompt(f"{word} xyz").qualities.get(key, 0) > 0, word


def test_degrees_order_the_values() -> None:
    values = [read_prompt(f"{word} bright bell").qualities["brightness"] for word in ("slightly", "", "very")]
    slightly, plainly, very = values
    assert 0 < slightly < plainly < very <= 1


def test_a_degree_ends_at_the_comma() -> None:
    assert read_prompt("very, bright").qualities == read_prompt("bright").qualities


def test_opposite_words_cancel_and_values_stay_in_range() -> None:
    assert "brightness" not in read_prompt("bright dark bell").qualities
    assert read_prompt("very dark dull muffled deep").qualities["brightness"] == -1


def test_a_name_counts_more_than_the_adjective_in_it() -> None:
    assert abs(read_prompt("warm pad").qualities["brightness"]) < abs(read_prompt("warm piano").qualities["brightness"])


def test_what_is_not_known_is_said_and_what_is_read_is_json() -> None:
    reading = read_prompt("a blorpy bell in C5, 2s")
    assert reading.unknown == ("blorpy",)
    understood = json.loads(json.dumps(reading.understood))
    assert understood == {"family": "bell", "note": 72, "note_name": "C5", "seconds": 2.0, "unknown": ["blorpy"]}


@pytest.mark.parametrize(
    "prompt", ["", " ", "\x00", "\ud800", "\u202ekick\u202c", "😀😀", "ﷺ" * 500, "a" * 10000, "-" * 5000, "½" * 900]
)
def test_hostile_text_is_safe(prompt: str) -> None:
    json.dumps(read_prompt(prompt).understood)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_within_range(prompt: str) -> None:
    reading = read_prompt(prompt)
    assert all(-1 <= value <= 1 for value in reading.qualities.values())
    assert reading.seconds is None or 0.1 <= reading.seconds <= 5
    assert reading.note is None or 12 <= reading.note <= 120


def test_a_huge_prompt_is_read_at_once() -> None:
    read_prompt("warm")
    start = time.process_time()
    for prompt in ("not a very " * 20000, "sin " * 50000, "C" * 200000, ", " * 100000):
        read_prompt(prompt)
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize(
    ("prompt", "chord", "note", "family"),
    [
        ("minor 7 stab", "minor 7", None, "stab"),
        ("octave bass", "octave", None, "synth_bass"),
        ("power chord guitar", "power chord", None, "distorted_guitar"),
        ("F#maj7 electric piano", "major 7", 54, "electric_piano"),
        ("A minor pad", "minor", 57, "warm_pad"),
        ("acorde menor de piano", "minor", None, "piano"),
        ("C7 bell", None, 96, "bell"),
        ("dim pad", None, None, "warm_pad"),
        ("no octave bass", None, None, "synth_bass"),
    ],
)
def test_chords_are_read(prompt: str, chord: str | None, note: int | None, family: str) -> None:
    found = read_prompt(prompt).understood
    assert (found.get("chord"), found.get("note"), found.get("family")) == (chord, note, family)


@pytest.mark.parametrize(
    ("prompt", "width"),
    [
        ("warm pad", None),
        ("wide warm pad", 120.0),
        ("very wide pad", 150.0),
        ("a bit wide pad", 54.0),
        ("mono lead", 0.0),
        ("very mono lead", 0.0),
        ("narrow strings", 25.0),
        ("very narrow strings", 20.0),
        ("stereo piano", 90.0),
        ("in stereo, piano", 90.0),
        ("pad, not wide", 25.0),
        ("clap, not mono", 90.0),
        ("pad -wide", 25.0),
        ("colchón amplio y cálido", 120.0),
        ("coro ancho", 120.0),
        ("muy ancha", 150.0),
        ("bajo en mono", 0.0),
        ("platillo estéreo", 90.0),
        ("piano estrecho", 25.0),
        ("sin estéreo, cuerdas", 25.0),
    ],
)
def test_how_wide_it_shall_be(prompt: str, width: float | None) -> None:
    read = read_prompt(prompt)
    assert read.width == (None if width is None else pytest.approx(width))
    assert not {"wide", "mono", "stereo", "narrow"} & set(read.unknown)
    assert ("width" in read.understood) == (width is not None)


@pytest.mark.parametrize(
    ("prompt", "cents", "hz"),
    [
        ("flute with vibrato", 25.0, None),
        ("flute with slow deep vibrato", 50.0, 3.6),
        ("flute with a bit of vibrato", 11.2, None),
        ("voice with very deep vibrato", 100.0, None),
        ("slow vibrato strings", 25.0, 3.6),
        ("lead, less vibrato", 10.0, None),
        ("lead, not too much vibrato", 20.0, None),
        ("violin, no vibrato", 0.0, None),
        ("violin without reverb or vibrato", 0.0, None),
        ("cello -vibrato", 0.0, None),
        ("violín con vibrato rápido", 25.0, 7.5),
        ("flauta con mucho vibrato lento", 50.0, 3.6),
        ("flauta sin vibrato", 0.0, None),
    ],
)
def test_how_the_pitch_shall_swing(prompt: str, cents: float, hz: float | None) -> None:
    read = read_prompt(prompt)
    assert read.vibrato is not None
    assert (read.vibrato.cents, read.vibrato.rate_hz) == (pytest.approx(cents, abs=0.06), hz)
    assert not read.unknown
    assert read.understood["vibrato_cents"] == read.vibrato.cents


def test_a_negation_of_the_vibrato_holds_for_what_follows() -> None:
    assert read_prompt("violin without vibrato or reverb").qualities["decay"] < 0


@pytest.mark.parametrize("prompt", ["warm flute", "slow strings", "deep bass", "fast lead"])
def test_without_a_word_for_it_nothing_is_said_of_vibrato(prompt: str) -> None:
    assert read_prompt(prompt).vibrato is None


@pytest.mark.parametrize(
    ("prompt", "family", "asked"),
    [
        ("plucked nylon guitar with plate reverb", "guitar", {"attack": -1, "decay": 1}),
        ("throaty male vowel ah", "voice", {"noisiness": 1}),
        ("ghostly female choir in a cathedral", "choir", {"decay": 1}),
        ("hammond organ with fast leslie", "organ", {"movement": 1}),
        ("growling dubstep bass with formant movement", "fm_bass", {"noisiness": 1, "movement": 1}),
        ("reverse cymbal", "crash", {"attack": 1}),
        ("gentle felt piano", "piano", {"brightness": -1}),
        ("techno kick with a long rumble tail", "kick", {"body": 1, "decay": 1}),
        ("glitchy warm pad", "warm_pad", {}),
        ("glitchy digital burst", "glitch", {}),
        ("video game coin pickup", "zap", {}),
        ("water drop", "zap", {}),
        ("hissing steam", "noise", {"noisiness": 1}),
        ("wooden knock", "woodblock", {}),
        ("piano with a metallic knock", "piano", {}),
    ],
)
def test_the_jargon_of_studios_is_read(prompt: str, family: str, asked: dict[str, int]) -> None:
    read = read_prompt(prompt)
    assert read.family == family
    for quality, sign in asked.items():
        assert read.qualities[quality] * sign > 0, quality
