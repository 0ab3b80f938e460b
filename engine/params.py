"""Every user-facing parameter once.

Knobs, command-line options, presets, MIDI mapping, validation and help derive from this table.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from engine.errors import BadRequest

SEED_LIMIT = 2**32  # seeds are 0 .. SEED_LIMIT - 1
Curve = Literal["linear", "log", "cubic", "integer", "choice"]

_TYPED = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))\s*([a-z%]*)")
_FACTORS = {"s": {"s": 1.0, "ms": 1e-3}, "Hz": {"hz": 1.0, "khz": 1e3, "k": 1e3}}


@dataclass(frozen=True)
class ParamSpec:
    """One parameter. `curve` says how a knob travels from `low` to `high`; `unit` is what the label shows.

    "cubic" suits times that may be 0. A "choice" is counted like an integer: its value is a place in `choices`.
    """

    key: str
    label: str
    unit: str
    low: float
    high: float
    default: float
    curve: Curve
    help: str
    choices: tuple[str, ...] = ()

    def check(self, value: float) -> float:
        """`value` if it lies in range. Raises BadRequest with one clear line otherwise."""
        number = float(value)
        if not math.isfinite(number) or not self.low <= number <= self.high:
            span = f"{self.low:g} and {self.high:g}{self._spaced_unit()}"
            raise BadRequest(f"{self.label} must lie between {span}, not {value:g}.")
        if self.counted and number != int(number):
            raise BadRequest(f"{self.label} must be a whole number, not {value:g}.")
        return number

    @property
    def counted(self) -> bool:
        """Whether only whole numbers will do."""
        return self.curve in ("integer", "choice")

    def at(self, position: float) -> float:
        """Value at knob position 0..1."""
        position = min(1.0, max(0.0, position))
        if self.curve == "log":
            return float(self.low * (self.high / self.low) ** position)
        value = self.low + (self.high - self.low) * (position**3 if self.curve == "cubic" else position)
        return float(round(value)) if self.counted else value

    def position(self, value: float) -> float:
        """Knob position 0..1 of a value."""
        value = min(self.high, max(self.low, value))
        if self.curve == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        share = (value - self.low) / (self.high - self.low)
        return float(share ** (1 / 3)) if self.curve == "cubic" else share

    def text(self, value: float) -> str:
        """The value as a label shows it, with its unit."""
        if self.choices:
            return self.choices[int(value)]
        factor, unit = self._scale(value)
        number = value / factor
        whole = self.curve == "integer" or abs(number) >= 99.95
        digits = f"{number:.0f}" if whole else f"{number:.3g}"
        return f"{digits} {unit}" if unit else digits

    def parse(self, text: str, shown: float | None = None) -> float | None:
        """The value that was typed, within range: "640 ms", "1.2 s", "7.8k", "−9 dB", a choice. A bare number is meant
        in the unit that `shown` is shown in, unless only another one of the same kind brings it into range. None when
        there is no value in it."""
        text = text.strip().lower().replace("−", "-").replace(",", ".")
        if self.choices:
            fitting = [place for place, word in enumerate(self.choices) if text and word.startswith(text)]
            return float(fitting[0]) if fitting else None
        match = _TYPED.search(text)
        if match is None:
            return None
        number, suffix = float(match.group(1)), match.group(2)
        factors = _FACTORS.get(self.unit, {"": 1.0})
        if suffix in factors and suffix:
            meant = [number * factors[suffix]]
        else:
            shown_factor = self._scale(self.default if shown is None else shown)[0]
            meant = [number * factor for factor in (shown_factor, 1.0, *factors.values())]
        fits = next((value for value in meant if self.low <= value <= self.high), meant[0])
        value = min(self.high, max(self.low, fits))
        return float(round(value)) if self.counted else value

    def _scale(self, value: float) -> tuple[float, str]:
        """The unit that a label shows a value in, and how much of the row's own unit it is."""
        if self.curve == "cubic" and self.unit == "s" and value < 0.9995:
            return 1e-3, "ms"
        if self.unit == "Hz" and value >= 999.5:
            return 1e3, "kHz"
        return 1.0, self.unit

    def _spaced_unit(self) -> str:
        return f" {self.unit}" if self.unit else ""


def _choice(key: str, label: str, choices: tuple[str, ...], default: str, help: str) -> ParamSpec:
    return ParamSpec(key, label, "", 0, len(choices) - 1, choices.index(default), "choice", help, choices)


_ROWS = (
    ParamSpec("velocity", "Velocity", "", 1, 127, 100, "integer", "How hard the note is played."),
    ParamSpec("seconds", "Length", "s", 0.1, 5.0, 2.0, "log", "How long the sound lasts."),
    ParamSpec("steps", "Steps", "", 1, 100, 8, "integer", "Sampling steps: more is finer and slower."),
    ParamSpec("guidance", "Guidance", "", 0.0, 10.0, 3.0, "linear", "How strictly words are followed; 1 is plain."),
    _choice("sampling", "Sampling", ("fast", "normal", "fine"), "normal", "Fast costs half or less, fine twice as much."),
    ParamSpec("strength", "Strength", "", 0.0, 1.0, 0.4, "linear", "How far to move away from the source sound."),
    ParamSpec("count", "Variations", "", 1, 1000, 1, "integer", "How many takes to make, each with its own seed."),
    ParamSpec("candidates", "Best of", "", 1, 16, 1, "integer", "Makes so many and keeps the one that suits the words best."),
    ParamSpec("amplify", "Amplify", "×", 0.0, 3.0, 1.0, "linear", "Exaggerates (above 1) or flattens the latent."),
    ParamSpec("noise", "Noise", "", 0.0, 1.0, 0.0, "linear", "Gaussian noise added to the latent."),
    ParamSpec("smooth", "Smooth", "frames", 1, 32, 1, "integer", "Pooling of the latent over so much time."),
    # edits of latent and pitch curve: engine/latent/edit.py; every default leaves the sound as it is
    ParamSpec("noise_seed", "Noise seed", "", 0, SEED_LIMIT - 1, 0, "integer", "Another seed is other noise."),
    _choice("smooth_kind", "Smoothing", ("average", "max"), "average", "What is kept of each window."),
    ParamSpec("stretch", "Stretch", "×", 0.25, 4.0, 1.0, "log", "Longer or shorter, at the same pitch."),
    ParamSpec("shift_s", "Shift", "s", -2.0, 2.0, 0.0, "linear", "Moves the sound later or earlier."),
    ParamSpec("freeze_s", "Freeze at", "s", 0.0, 30.0, 30.0, "cubic", "From this moment on the timbre stands still."),
    ParamSpec("quantise", "Quantise", "", 0.0, 2.0, 0.0, "linear", "Rounds the latent to steps of so many deviations."),
    *(ParamSpec(f"own{n}", f"Own axis {n}", "", -3.0, 3.0, 0.0, "linear", "Along what your own sounds differ in; a unit is their spread.") for n in range(1, 5)),
    ParamSpec("morph", "Morph", "", 0.0, 1.0, 0.0, "linear", "How far towards the other sound."),
    _choice("morph_kind", "Path", ("linear", "spherical"), "linear", "Straight, or round so that character is kept."),
    _choice("morph_part", "Part", ("whole", "attack", "body"), "whole", "What is taken from the other sound."),
    ParamSpec("morph_split_s", "Split", "s", 0.02, 2.0, 0.15, "log", "Where the attack ends and the body begins."),
    ParamSpec("brightness", "Brightness", "", -3.0, 3.0, 0.0, "linear", "Darker or brighter."),
    ParamSpec("attack", "Attack", "", -3.0, 3.0, 0.0, "linear", "Harder or softer onset."),
    ParamSpec("decay", "Decay", "", -3.0, 3.0, 0.0, "linear", "Shorter or longer; a unit halves or doubles."),
    ParamSpec("noisiness", "Noisiness", "", -3.0, 3.0, 0.0, "linear", "Purer or noisier."),
    ParamSpec("body", "Body", "", -3.0, 3.0, 0.0, "linear", "Thinner or fuller below 200 Hz."),
    ParamSpec("warmth", "Warmth", "", -3.0, 3.0, 0.0, "linear", "Less or more low mids against the high ones."),
    ParamSpec("movement", "Movement", "", -3.0, 3.0, 0.0, "linear", "Steadier, or more alive."),
    ParamSpec("pitch_st", "Transpose", "st", -24.0, 24.0, 0.0, "linear", "Another note; formants stay where they are."),
    ParamSpec("glide_from_st", "Glide from", "st", -24.0, 24.0, 0.0, "linear", "Where the pitch comes from."),
    ParamSpec("glide_time_s", "Glide time", "s", 0.0, 4.0, 0.1, "cubic", "How long it takes to arrive."),
    ParamSpec("drop_st", "Drop", "st", -48.0, 48.0, 0.0, "linear", "How far above its note the sound begins, as an 808."),
    ParamSpec("drop_s", "Drop time", "s", 0.005, 4.0, 0.12, "log", "How long the pitch falls."),
    ParamSpec("drop_bend", "Drop curve", "", -1.0, 1.0, 0.5, "linear", "Below 0 slow then fast, above 0 fast then slow."),
    ParamSpec("vibrato_cents", "Vibrato", "ct", 0.0, 200.0, 0.0, "linear", "How far the pitch swings to each side."),
    ParamSpec("vibrato_rate_hz", "Rate", "Hz", 0.1, 12.0, 5.5, "log", "How fast it swings."),
    ParamSpec("vibrato_delay_s", "Delay", "s", 0.0, 4.0, 0.2, "cubic", "When it begins."),
    ParamSpec("pitch_movement", "Pitch movement", "×", 0.0, 3.0, 1.0, "linear", "Flattens or exaggerates what the pitch does."),
    _choice("singing", "Its pitch", ("no", "own note", "its note"), "no", "The other sound's pitch curve: at one's own note, or at its."),
    _choice("pitch_note", "Note", ("other", "own"), "other", "Whose note: the other sound's or one's own."),
    ParamSpec("formant_st", "Formants", "st", -12.0, 12.0, 0.0, "linear", "Smaller or larger at the same note."),
    # how a take is played: engine/patch.py
    _choice(
        "pitch_mode",
        "Pitch",
        ("varispeed", "model"),
        "model",
        "Faster and slower like a tape, or decoded again at each note.",
    ),
    ParamSpec("transpose", "Transpose", "st", -24, 24, 0, "integer", "Moves the whole keyboard by semitones."),
    ParamSpec("tune_cents", "Tune", "ct", -100.0, 100.0, 0.0, "linear", "Fine tuning."),
    ParamSpec("key_low", "Lowest key", "", 0, 127, 0, "integer", "Keys below it stay silent."),
    ParamSpec("key_high", "Highest key", "", 0, 127, 127, "integer", "Keys above it stay silent."),
    _choice(
        "play_mode",
        "Mode",
        ("one-shot", "gated", "loop"),
        "gated",
        "To its end, while the key is held, or round its loop.",
    ),
    _choice(
        "voicing",
        "Voices",
        ("poly", "mono", "legato"),
        "poly",
        "Many notes at once, one, or one that glides on when tied.",
    ),
    ParamSpec("glide_s", "Glide", "s", 0.0, 2.0, 0.0, "cubic", "How long the pitch takes from one note to the next."),
    ParamSpec("bend_range", "Bend range", "st", 0, 24, 2, "integer", "What the pitch wheel does at its ends."),
    ParamSpec(
        "wheel_cents",
        "Wheel vibrato",
        "ct",
        0.0,
        100.0,
        35.0,
        "linear",
        "Depth of vibrato with the mod wheel all the way up.",
    ),
    ParamSpec("vibrato_hz", "Vibrato rate", "Hz", 0.5, 12.0, 5.5, "log", "How fast the mod wheel's vibrato swings."),
    ParamSpec(
        "velocity_level", "Velocity to level", "%", 0.0, 100.0, 100.0, "linear", "How much softer soft notes are."
    ),
    ParamSpec("velocity_tone", "Velocity to tone", "%", 0.0, 100.0, 0.0, "linear", "How much darker soft notes are."),
    ParamSpec(
        "attack_s",
        "Attack",
        "s",
        0.0,
        10.0,
        0.0,
        "cubic",
        "How long a note takes to rise; 0 keeps the sound's own attack.",
    ),
    ParamSpec("decay_s", "Decay", "s", 0.0, 20.0, 1.0, "cubic", "How long it takes from there to the sustain level."),
    ParamSpec("sustain_db", "Sustain", "dB", -60.0, 0.0, 0.0, "linear", "The level that is held; −60 is silence."),
    ParamSpec("release_s", "Release", "s", 0.0, 20.0, 0.08, "cubic", "How long it rings after the key is let go."),
    ParamSpec(
        "attack_bend", "Attack curve", "", -1.0, 1.0, 0.0, "linear", "Below 0 slow then fast, above 0 fast then slow."
    ),
    ParamSpec(
        "decay_bend", "Decay curve", "", -1.0, 1.0, 0.5, "linear", "Below 0 slow then fast, above 0 fast then slow."
    ),
    ParamSpec(
        "release_bend", "Release curve", "", -1.0, 1.0, 0.5, "linear", "Below 0 slow then fast, above 0 fast then slow."
    ),
    _choice(
        "filter_type", "Filter", ("off", "low-pass", "high-pass", "band-pass"), "off", "What the filter lets through."
    ),
    ParamSpec("cutoff_hz", "Cutoff", "Hz", 20.0, 20000.0, 4000.0, "log", "Where the filter begins."),
    ParamSpec("resonance", "Resonance", "%", 0.0, 100.0, 10.0, "linear", "Emphasis at the cutoff."),
    ParamSpec(
        "key_tracking", "Key tracking", "%", 0.0, 100.0, 0.0, "linear", "How far the cutoff follows the keys, from C4."
    ),
    ParamSpec(
        "loop_fade_s",
        "Loop crossfade",
        "s",
        0.0,
        1.0,
        0.02,
        "cubic",
        "How softly the loop's end goes over into its start.",
    ),
    _choice("reverse", "Reverse", ("off", "on"), "off", "Plays the sound backwards."),
    ParamSpec(
        "choke_group",
        "Choke group",
        "",
        0,
        16,
        0,
        "integer",
        "Takes of one group silence each other, as hats do; 0 is none.",
    ),
    ParamSpec("level_db", "Level", "dB", -48.0, 12.0, 0.0, "linear", "How loud the take is played."),
    # how a take is shaped before it is written: engine/shape.py, beside envelope, filter, reverse and loop_fade_s above
    _choice("snap", "Snap", ("off", "on"), "on", "Cuts and loop points go to the nearest zero crossing."),
    ParamSpec("fade_in_s", "Fade in", "s", 0.0, 10.0, 0.0, "cubic", "How long the sound rises from silence."),
    ParamSpec("fade_out_s", "Fade out", "s", 0.0, 10.0, 0.0, "cubic", "How long the sound falls to silence at its end."),
    _choice("drive_type", "Drive", ("off", "soft", "hard", "fold"), "off", "Rounds peaks, cuts them, or folds them back."),
    ParamSpec("drive_db", "Drive amount", "dB", 0.0, 48.0, 12.0, "linear", "How far the sound is pushed into the drive."),
    ParamSpec("crush_bits", "Bits", "", 1, 16, 16, "integer", "How many bits are left of each sample; 16 changes nothing."),
    ParamSpec("crush_hz", "Crush rate", "Hz", 200.0, 44100.0, 44100.0, "log", "Samples kept a second; 44100 changes nothing."),
    _choice("envelope", "Envelope", ("off", "on"), "off", "Whether attack, decay, sustain and release shape the sound."),
    ParamSpec("reverb_mix", "Reverb", "%", 0.0, 100.0, 0.0, "linear", "How much of what is heard is the room."),
    ParamSpec("reverb_s", "Reverb time", "s", 0.1, 10.0, 1.5, "log", "How long the room takes to fall by 60 dB."),
    ParamSpec("reverb_damp", "Damping", "%", 0.0, 100.0, 50.0, "linear", "How much sooner the room loses its highs."),
    ParamSpec("width", "Width", "%", 0.0, 200.0, 100.0, "linear", "0 is mono, 100 leaves the stereo picture as it is; above, mono sounds widen too."),
    _choice("normalise", "Normalise", ("off", "peak", "rms"), "off", "Brings the peak or the mean level to the target."),
    ParamSpec("normalise_db", "Target level", "dB", -60.0, 0.0, -1.0, "linear", "The level that normalising reaches."),
    ParamSpec("gain_db", "Volume", "dB", -60.0, 6.0, 0.0, "linear", "Playback volume."),
)

PARAMS: dict[str, ParamSpec] = {row.key: row for row in _ROWS}
RATES_HZ = (44100, 48000, 88200, 96000)
BIT_DEPTHS = ("16", "24", "32f")
PROMPT_LIMIT = 1000  # characters; what is longer is cut, with a word
