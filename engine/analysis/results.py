"""`docs/RESULTS.md`, written from `docs/results/*.json`: `python -m engine.analysis.results [DOCS]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HEAD = """# Results

Written by `python -m engine.analysis.results` from the files in `docs/results/`; do not edit by hand.
"""
# What the figures mean, where their names do not say it. Shares are 0..1.
MEANINGS: dict[str, str] = {
    "pairs_ordered": "share of adjective pairs (same family, note and seed) that measure in the right order",
    "pitch_within_10_cents": "share of prompts with a note that sound within 10 cents of it",
    "pitch_within_50_cents": "the same within 50 cents",
    "pitch_octave_off": "share that are right but for the octave",
    "pitch_none": "share in which no pitch is found",
    "pitch_median_cents": "median distance from the note asked for, in cents",
    "length_within_10_percent": "share that sounds for as long as its words ask (target 0.95)",
    "broken": "share of sounds with NaN or infinite samples",
    "silent": "share of sounds under -60 dBFS",
    "clipped": "share of sounds above full scale or with flat tops",
    "offset": "share of sounds with a DC offset above 0.5 % of the peak",
    "click": "share of sounds that start, stop or break with a click",
    "family_read": "share of prompts whose family was read rightly",
    "variety_db": "median mel distance between two seeds of a prompt, in dB",
    "fad": "Fréchet distance from what was made to real held-out sounds of the same captions, by the judge's mini-CLAP",
    "fd": "the same by the features of the judge's family classifier",
    "kl": "divergence of the judge's family answers from those to the real sounds, in nats",
    "named": "share that the judge takes for the family asked for",
    "named_real": "the same of the real sounds: the ceiling",
    "grouped": "share that it takes for a family of the right group (bass, keys, drum …)",
    "grouped_real": "the same of the real sounds",
    "fad_halves": "fad from what was made for one half of the instruments to the real other half, mean of 10 halvings",
    "fad_real": "fad from real half to real half",
    "fad_ratio": "the one over the other (target 1.5)",
    "fd_halves": "fd likewise",
    "fd_real": "fd from real half to real half",
    "fd_ratio": "the one over the other",
    "variety": "mean distance (1 − cosine) in the judge's mini-CLAP between seeds of one caption",
    "variety_real": "the same between real instruments that the caption fits, at the same notes and lengths",
    "variety_ratio": "the one over the other (target 0.7)",
    "obeyed": "share that the judge finds on the side of its family's middle that an adjective asks for",
    "obeyed_real": "the same of real sounds that have the quality: the ceiling",
    "obeyed_ratio": "the one over the other (target 0.85)",
    "worst_points": "points by which Spanish or tags fall behind English at most (target 5)",
    "pitch_cents": "median error of the pitch through the codec, in cents (target 3)",
    "multi_scale": "log-mel distance and spectral convergence at three resolutions, median",
    "chance": "of unpitched sounds: distance of two drawn with other noise over that to the original; 1 noise, 0 buzz",
    "without_claims": "captions that claim nothing",
    "cpu_s_a_sound": "seconds of processor time for a sound",
    "named_first": "share that the judge takes for the family asked for, without candidates",
    "named_mean": "the same over all candidates",
    "named_best": "the same of the candidate that the ranker keeps",
    "named_any": "share of requests in which any candidate would do: no ranker can pass it",
    "obeyed_first": "share on the asked side of the middle of the family's real sounds, without candidates",
    "obeyed_best": "the same of the candidate that the ranker keeps",
    "named_gained": "requests in which ranking turned a sound the judge does not name into one it names",
    "named_lost": "the other way round",
    "score_first": "likeness of words and sound by the ranker, without candidates (mean)",
    "score_best": "the same of the candidate kept",
    "same_db": "mel distance of held-out instruments at their own note, in dB (median; target 1.2)",
    "other_db": "mel distance decoded at another note, in dB (median)",
    "octave_db": "the same of notes up to an octave away (target 1.6)",
    "same_within_db": "the same over bins within 60 dB of the peak, own note",
    "other_within_db": "the same over bins within 60 dB of the peak, another note",
    "judge_on_originals": "rate of the family judge on the originals",
    "identity_same": "rate of the judge on reconstructions over its rate on originals, own note",
    "identity_other": "the same decoded at another note",
    "least_monotone": "the least share of sounds that an axis moves the right way, over all axes (target 0.9)",
    "ready_s": "seconds until all 61 keys of a 2 s take are decoded (target 3)",
    "first_s": "seconds until every key is within a semitone of one",
    "live_ms": "from a latent edit of 2 s of sound to the decoded sound, engine alone (median)",
    "core_percent_32": "share of one core for 32 voices, 256 frames at 48 kHz (target 25)",
    "core_percent_32_filter": "the same with the filter on",
    "core_percent_32_stereo": "the same with stereo sounds",
    "chords_median_ms": "a block of 256 frames: sixteen keys let go and sixteen struck, bent (median)",
    "chords_worst_ms": "the dearest such block, the least of several renderings (target: half a block, 2.67)",
    "knob_median_ms": "a block of sixteen held notes while a knob turns (median)",
    "knob_worst_ms": "the dearest such block (target 2.67)",
    "flood_median_ms": "a block of 800 random notes, controllers and edits a second, 32 voices and what fades (median)",
    "flood_worst_ms": "the dearest such block",
    "once_worst_ms": "the longest block of the chords rendered once, with all that the machine adds",
    "alias_db": "loudest alias at +12 semitones, in dB (target -80)",
    "cents_worst": "worst pitch error of any key, in cents",
    "worst_cents": "worst pitch error of a decoded key, -24 to +24 semitones",
    "corrupt": "how often not all settings were heard again",
    "lost": "how often nothing came back within 3 s",
    "recovery_worst_s": "seconds until it sounds again after a kill, at worst (target 3)",
    "eager_ms": "an evaluation of the flow for 2 s of sound with guidance, torch as it is",
    "packed_ms": "the same with its weights packed in half precision: what is shipped",
    "packed_off": "how far that is from what torch gives, as a share of it",
    "compiled_ms": "the same by torch.compile, which needs a C++ compiler",
    "onnx_ms": "the same by ONNX Runtime, float32",
    "onnx_int8_ms": "the same with weights and activations of 8 bits",
    "onnx_int8_off": "how far that is from what torch gives, as a share of it",
    "move_ms": "what a slider's move takes of the window's own thread (target 4)",
    "queued_ms": "from the move until the engine decodes (median)",
    "decode_cpu_ms": "processor time of the engine's thread within the decode (median)",
    "finish_ms": "from the decode until what was made leaves the engine (median)",
    "rest_ms": "the decode of the whole sound, after that (median)",
    "whole_ms": "from the move until the whole sound is changed and seen (median)",
    "swap_ms": "until the audio process has it (median)",
    "gui_share": "of a core: the window's thread while a sound loops (target 0.08)",
    "silent_share": "the same while nothing sounds (target 0.03)",
    "paints_s": "paint events in a second of the loop",
    "clicks": "clicks above -60 dB in what was recorded, but for the ends of periods that the server did not ask for",
    "unasked": "periods that passed on the server without asking the program: silent, and the machine's",
    "growth_mb": "memory growth over all moves (target 20)",
    "floor": "underflows of a trivial client on the same server in the same run",
    "breaks": "discontinuities in what was recorded back",
    "callback_worst_ms": "longest callback, in ms (target: half a block, 2.67)",
    "callback_worst_cpu_ms": "the most processor time that a callback used, in ms",
    "floor_worst_cpu_ms": "the most that the system counted as processor time of one of its callbacks, in ms",
    "stolen_s": "processor time that the virtual machine's host gave to others meanwhile, as far as it says so, in s",
    "floor_worst_ms": "longest callback of that client, which only watches the clock, in ms",
    "late": "callbacks that took longer than half a block",
    "floor_late": "the same of that client",
    "warm_s": "seconds for 2 s of sound, model loaded (target 0.3)",
    "eight_s": "seconds for eight variations of it (target 1.2)",
    "beside_s": "the same sound while another program keeps a core busy (target 0.5)",
    "peak_mb": "peak memory (target 1000)",
    "import_engine_s": "seconds of `import engine` (target 0.15)",
    "window_s": "seconds until the window is visible (target 2)",
    "usable_s": "seconds until the model is ready in it",
    "render_cold_s": "seconds of a whole `latente render`, from cold (target 8)",
    "wall_s": "seconds for the whole suite",
    "seconds_a_sound": "seconds for a sound, measuring included",
}


def write_results(docs: Path) -> Path:
    """Write `docs/RESULTS.md` anew, one section per file of `docs/results/`; what is no JSON object is left out."""
    parts = [HEAD]
    for path in sorted((docs / "results").glob("*.json")):
        try:
            figures = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(figures, dict):
            parts.append(section(path.stem, figures))
    target = docs / "RESULTS.md"
    target.write_text("\n".join(parts), encoding="utf-8")
    return target


def section(title: str, figures: dict[str, Any]) -> str:
    """One Markdown section: a table of the single figures, then one per group of figures."""
    single = {key: value for key, value in figures.items() if _is_figure(value)}
    lines = [f"## {title}", "", "| figure | value | |", "|---|---|---|"]
    lines += [f"| {key} | {_cell(value)} | {MEANINGS.get(key, '')} |" for key, value in single.items()]
    for key, group in figures.items():
        if isinstance(group, dict) and group and all(_is_figure(value) for value in group.values()):
            lines += ["", f"### {title}: {key}", "", "| | |", "|---|---|"]
            lines += [f"| {name} | {_cell(value)} |" for name, value in group.items()]
        elif isinstance(group, list) and group and all(isinstance(row, dict) for row in group):
            lines += ["", *_table(group)]
    return "\n".join(lines) + "\n"


def _table(rows: list[dict[str, Any]]) -> list[str]:
    """Rows of the same figures, one line each."""
    names = list(rows[0])
    lines = [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    return lines + [f"| {' | '.join(_cell(row.get(name)) for name in names)} |" for row in rows]


def _is_figure(value: object) -> bool:
    return value is None or isinstance(value, int | float | str)


def _cell(value: object) -> str:
    text = "–" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    print(write_results(Path(sys.argv[1] if len(sys.argv) > 1 else "docs")))
