"""Recorded one-shots that are in the public domain (CC0): Sonic Pi's samples and Hydrogen's Audiophob kit.

Which of Sonic Pi's files are CC0 is read from the copyright file that is installed beside them, never assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.corpus.synths.base import RATE_HZ

SONIC_PI = Path("/usr/share/sonic-pi/samples")
SONIC_PI_COPYRIGHT = Path("/usr/share/doc/sonic-pi-samples/copyright")
AUDIOPHOB = Path("/usr/share/hydrogen/data/drumkits/Audiophob")
LONGEST_S = 5.0

# the first part of a file name -> family; loops and long ambiences have no row and are left out
_NAMES = (
    ("ambi_choir", "choir"), ("ambi_drone", "drone"), ("ambi_glass_hum", "drone"), ("ambi_haunted_hum", "drone"),
    ("ambi_soft_buzz", "drone"), ("ambi_lunar_land", "drone"), ("ambi_glass_rub", "glass_pad"), ("ambi_piano", "piano"),
    ("ambi_swoosh", "whoosh"), ("ambi_dark_woosh", "whoosh"), ("ambi_sauna", "noise"),
    ("bass_drop", "sub_drop"), ("bass_", "synth_bass"), ("bd_808", "kick_808"), ("bd_", "kick"),
    ("drum_bass", "kick"), ("drum_heavy_kick", "kick"), ("drum_cowbell", "cowbell"), ("drum_cymbal_closed", "closed_hat"),
    ("drum_cymbal_pedal", "closed_hat"), ("drum_cymbal_open", "open_hat"), ("drum_cymbal", "crash"),
    ("drum_splash", "crash"), ("drum_snare", "snare"), ("drum_tom", "tom"),
    ("elec_blip", "zap"), ("elec_beep", "zap"), ("elec_bell", "bell"), ("elec_bong", "bell"), ("elec_chime", "bell"),
    ("elec_triangle", "bell"), ("elec_ping", "zap"), ("elec_plip", "zap"), ("elec_pop", "snap"), ("elec_snare", "snare"),
    ("elec_hi_snare", "snare"), ("elec_lo_snare", "snare"), ("elec_mid_snare", "snare"), ("elec_filt_snare", "snare"),
    ("elec_fuzz_tom", "tom"), ("elec_hollow_kick", "kick"), ("elec_soft_kick", "kick"), ("elec_cymbal", "crash"),
    ("elec_flip", "glitch"), ("elec_tick", "snap"), ("elec_twang", "pluck"), ("elec_twip", "glitch"),
    ("elec_wood", "woodblock"), ("glitch_", "glitch"), ("hat_", "closed_hat"), ("mehackit_phone", "glitch"),
    ("mehackit_robot", "glitch"), ("misc_burp", "glitch"), ("perc_bell", "bell"), ("perc_swash", "shaker"),
    ("perc_snap", "snap"), ("perc_swoosh", "whoosh"), ("perc_till", "bell"), ("perc_door", "impact"),
    ("perc_impact", "impact"), ("sn_", "snare"), ("tabla_", "conga"), ("vinyl_hiss", "noise"), ("vinyl_scratch", "glitch"),
    ("vinyl_backspin", "downer"), ("vinyl_rewind", "downer"), ("misc_cineboom", "impact"), ("elec_blup", "zap"),
)  # fmt: skip
_AUDIOPHOB_NAMES = (
    ("hhat", "open_hat"), ("hat-light", "closed_hat"), ("snare", "snare"), ("crash", "crash"), ("sabmute", "synth_bass"),
    ("shake", "shaker"), ("tom", "tom"),
)  # fmt: skip


@dataclass(frozen=True)
class Recording:
    path: Path
    source: str
    family: str

    @property
    def name(self) -> str:
        return f"{self.source}/{self.path.stem}"


def recordings() -> list[Recording]:
    """Every CC0 one-shot that is installed here, in a fixed order; empty when none is."""
    found = [*_sonic_pi(), *_audiophob()]
    return sorted(found, key=lambda recording: recording.name)


def cc0_names(copyright_text: str) -> set[str]:
    """File names that a Debian copyright file (format 1.0) puts under CC0."""
    names: set[str] = set()
    for paragraph in re.split(r"\n\s*\n", copyright_text):
        if re.search(r"^License: CC0", paragraph, re.MULTILINE):
            listed = re.search(r"^Files:(.*?)(?=^\S)", paragraph + "\nEnd", re.MULTILINE | re.DOTALL)
            names.update(Path(entry).name for entry in (listed.group(1).split() if listed else ()))
    return names


def _sonic_pi() -> Iterator[Recording]:
    if not (SONIC_PI.is_dir() and SONIC_PI_COPYRIGHT.is_file()):
        return
    free = cc0_names(SONIC_PI_COPYRIGHT.read_text(encoding="utf-8"))
    for path in SONIC_PI.glob("*.flac"):
        family = _family(path.stem)
        if path.name in free and family and _short(path):
            yield Recording(path, "sonic-pi", family)


def _audiophob() -> Iterator[Recording]:
    for path in AUDIOPHOB.glob("*.*"):
        family = next((family for part, family in _AUDIOPHOB_NAMES if part in path.stem), None)
        if path.suffix.lower() in (".flac", ".wav") and family and _short(path):
            yield Recording(path, "audiophob", family)


def _family(stem: str) -> str | None:
    return next((family for prefix, family in _NAMES if stem.startswith(prefix)), None)


def _short(path: Path) -> bool:
    import soundfile

    info = soundfile.info(path)
    return bool(info.frames / info.samplerate <= LONGEST_S and info.samplerate >= RATE_HZ // 2)
