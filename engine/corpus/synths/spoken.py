"""What can be said of a patch from its parameters: one vocabulary for all tonal synthesisers."""

from __future__ import annotations

from engine.corpus.synths.base import Patch

_WAVES = {
    "a_saw": "saw wave",
    "a_pulse": "pulse wave",
    "a_triangle": "triangle wave",
    "a_sine": "sine wave",
    "a_digital": "digital",
    "a_sync": "hard sync",
}


def spoken(patch: Patch) -> list[str]:
    """Words for waveform, unison, layers, filter, drive and movement; missing keys say nothing."""
    get = patch.get
    said = [
        *_waveform(patch),
        *_when(get("voices", 1) >= 2 and 6 <= get("detune_cents", 0) and get("voices", 1) < 5, "detuned"),
        *_when(get("voices", 1) >= 5 and get("detune_cents", 0) >= 16, "wide unison"),
        *_when(get("ensemble", 0) > 0.4, "chorus"),
        *_when(abs(get("b_level", 0)) > 0.3 and get("b_ratio", 1) in (2, 4), "octave layer"),
        *_when(abs(get("b_level", 0)) > 0.25 and get("b_ratio", 1) == 3, "fifth layer"),
        *_when(abs(get("b_level", 0)) > 0.3 and get("b_ratio", 1) == 1 and abs(get("b_cents", 0)) > 6, "detuned"),
        *_when(get("noise", 0) > 0.05 and get("noise_s", 0) > 0.2, "noise layer"),
        *_when(get("noise", 0) > 0.1 and get("noise_s", 10) <= 0.2, "click"),
        *_when(get("resonance", 0) > 3, "resonant"),
        *_when(get("env_octaves", 0) > 2.2, "filter sweep"),
        *_when(get("band", 0) > 0.6, "band-pass"),
        *_when(get("high", 0) > 0.6, "high-pass"),
        *_when(get("lfo_octaves", 0) > 0.7 and get("lfo_hz", 0) > 1.2, "wobble"),
        *_when(get("index_lfo", 0) > 0.5 and get("index_lfo_hz", 0) > 1.2, "wobble"),
        *_when(get("lfo_octaves", 0) > 0.5 and get("lfo_hz", 9) <= 1.2, "slow filter movement"),
        *_when(get("bell_gain", 0) > 2.5 and 350 < get("bell_hz", 0) < 2600, "nasal"),
        *_when(get("drive", 0) > 4, "distorted"),
        *_when(1.3 < get("drive", 0) <= 4, "saturated"),
        *_when(get("crush_bits", 0) > 0, "bit-crushed"),
        *_when(abs(get("glide_octaves", 0)) > 0.08 and get("glide_s", 0) > 0.012, "glide"),
        *_when(get("vibrato_cents", 0) > 9, "vibrato"),
        *_when(get("tremolo", 0) > 0.3, "tremolo"),
        *_when(get("drift_cents", 0) > 6, "drifting"),
    ]
    return list(dict.fromkeys(said))


def _waveform(patch: Patch) -> list[str]:
    levels = {key: patch.get(key, 0.0) for key in _WAVES}
    loudest = max(levels, key=lambda key: levels[key])
    if levels[loudest] <= 0:
        return []
    if patch.get("twin", 0) < -0.5 and loudest == "a_saw":
        moving = patch["twin_depth"] > 0.05
        return ["pulse wave", "pulse width modulation"] if moving else ["square wave", "hollow"]
    if loudest == "a_pulse" and abs(patch["a_width"] - 0.5) < 0.06:
        return ["square wave", "hollow"]
    hollow = patch.get("a_odd", 0) > 0.7 and loudest != "a_sine"
    return [_WAVES[loudest], *_when(hollow, "hollow")]


def _when(condition: bool, word: str) -> tuple[str, ...]:
    return (word,) if condition else ()
