"""`latente play`: a MIDI file, played with a take through the very voices of the window."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.output import complain, print_json
from engine.errors import BadRequest
from engine.params import BIT_DEPTHS, PARAMS, RATES_HZ

if TYPE_CHECKING:
    from engine.patch import Patch
    from engine.request import Take
    from engine.sound import Sound

_LONGEST_TAIL_S = 30.0


def play_command(
    midi: Annotated[Path, typer.Argument(help="Standard MIDI file.")],
    sound: Annotated[str, typer.Argument(help="A take's id, as “latente library list” shows it, or a sound file.")],
    out: Annotated[str | None, typer.Option("-o", help="WAV file or folder; default: the current folder.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="How it is played: attack_s=0.2, filter_type=low-pass …")
    ] = None,
    tail: Annotated[float, typer.Option(help="Seconds after the last message, 0 to 30.")] = 3.0,
    rate: Annotated[int, typer.Option(help=f"Sampling rate in Hz: {', '.join(map(str, RATES_HZ))}.")] = 48000,
    bits: Annotated[str, typer.Option(help=f"Bit depth: {', '.join(BIT_DEPTHS)}.")] = "24",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Renders a MIDI file with a take to a WAV."""
    if rate not in RATES_HZ or bits not in BIT_DEPTHS:
        raise BadRequest(f"--rate is one of {', '.join(map(str, RATES_HZ))}, --bits one of {', '.join(BIT_DEPTHS)}.")
    if not 0 <= tail <= _LONGEST_TAIL_S:
        raise BadRequest(f"--tail must lie between 0 and {_LONGEST_TAIL_S:g} s.")
    from engine.audio.midi.file import read_midi
    from engine.audio.perform import instrument, perform
    from engine.cli.destination import Destination
    from engine.request import Request
    from engine.sound import Sound

    began = time.perf_counter()
    destination = Destination.parse(out, 1)
    score = read_midi(midi, rate)
    played, take = _open(sound)
    patch = _patched(take, settings or [])
    zones = _zones(take, patch, score.notes) if take is not None else {}
    heard = perform(instrument(played, patch, rate, zones=zones), score.events, rate, score.seconds + tail)
    made = Sound(heard, rate, provenance={"software": "Latente", **played.provenance})
    path = destination.write(made, Request(f"{midi.stem} {played.provenance.get('prompt', '')}", seed=0), 0, bits)
    if not as_json:
        print(path)
        return
    facts = {"path": str(path), "seconds": made.seconds, "notes": sorted(score.notes), "zones": sorted(zones)}
    print_json({**facts, "peak_dbfs": round(made.peak_dbfs, 3), "wall_s": round(time.perf_counter() - began, 3)})


def _open(name: str) -> tuple[Sound, Take | None]:
    """A file's sound, or a take with its own."""
    if (path := Path(name).expanduser()).is_file():
        from engine.outside.bring import bring_in

        brought = bring_in(path)
        for warning in brought.warnings:
            complain(warning)
        return brought.sound, None
    from engine import settings
    from engine.library import Library

    library = Library(settings.load().library_folder())
    try:
        take = library.open(name)
    finally:
        library.close()
    return take.sound, take


def _patched(take: Take | None, settings: list[str]) -> Patch:
    """The take's own way of being played, with what was set on the command line."""
    from engine.patch import KEYS, Patch

    patch = (take.patch if take is not None else None) or Patch()
    for setting in settings:
        key, equals, text = setting.partition("=")
        if key not in KEYS or not equals:
            raise BadRequest(f"--set {setting[:60]}: write KEY=VALUE with one of {', '.join(KEYS)}.")
        spec = PARAMS[key]
        if spec.choices and text not in spec.choices:
            raise BadRequest(f"{spec.label} is one of {', '.join(spec.choices)}, not {text[:40]}.")
        try:
            number = float(spec.choices.index(text)) if spec.choices else float(text)
        except ValueError:
            raise BadRequest(f"{spec.label} is a number, not “{text[:40]}”.") from None
        patch = patch.having(key, number)
    return patch


def _zones(take: Take, patch: Patch, notes: frozenset[int]) -> dict[int, Sound]:
    """The take decoded again at the notes that are played; nothing where it can only be played faster and slower."""
    if patch.pitch_mode != "model" or take.latent.size == 0 or take.pitch.root_note is None:
        return {}
    from engine.errors import ModelProblem
    from engine.generators import load_generator
    from engine.pitch import HIGHEST_NOTE, LOWEST_NOTE
    from engine.variants import Variants
    from engine.zones import Zones

    sounded = sorted({min(max(note + patch.transpose, LOWEST_NOTE), HIGHEST_NOTE) for note in notes})
    try:
        return dict(Zones(Variants.of(load_generator(take.request.model), take)).at(sounded))
    except ModelProblem as problem:
        complain(f"{problem} It is played faster and slower instead.")
        return {}
