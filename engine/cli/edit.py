"""`latente edit` and `latente morph`: any sound, or a take, through the codec's latent."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.output import complain, param_help, print_json
from engine.errors import BadRequest
from engine.params import BIT_DEPTHS, PARAMS, RATES_HZ

if TYPE_CHECKING:
    from engine.cli.codec import Opened, Workshop
    from engine.latent.chain import Chain
    from engine.sound import Sound

_TAKE = re.compile(r"[0-9a-f]{12}")
_SLIDERS = ("amplify", "noise", "smooth", "stretch", "quantise", "transpose", "formants")
In = Annotated[str, typer.Argument(metavar="IN", help="A sound file, or the id of a take in the library.")]
Codec = Annotated[str | None, typer.Option("--codec", help="Name of the model whose codec is used.")]
Rate = Annotated[int, typer.Option(help=f"Sampling rate in Hz: {', '.join(map(str, RATES_HZ))}.")]
Bits = Annotated[str, typer.Option(help=f"Bit depth: {', '.join(BIT_DEPTHS)}.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per sound on stdout.")]


def edit_command(
    sound: In,
    out: Annotated[Path, typer.Option("-o", help="WAV file to write.")],
    codec: Codec = None,
    amplify: Annotated[float | None, typer.Option(help=param_help("amplify"))] = None,
    noise: Annotated[float | None, typer.Option(help=param_help("noise"))] = None,
    snr: Annotated[float | None, typer.Option(help="Noise so many dB under the latent, in place of --noise.")] = None,
    smooth: Annotated[float | None, typer.Option(help=param_help("smooth"))] = None,
    stretch: Annotated[float | None, typer.Option(help=param_help("stretch"))] = None,
    quantise: Annotated[float | None, typer.Option(help=param_help("quantise"))] = None,
    axis: Annotated[
        list[str] | None,
        typer.Option(help="NAME=X, such as brightness=1.5; own1 to own4 are your library's. May be repeated."),
    ] = None,
    transpose: Annotated[float | None, typer.Option(help=param_help("pitch_st"))] = None,
    formants: Annotated[float | None, typer.Option(help=param_help("formant_st"))] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="KEY=X for any other edit, such as drop_st=24. May be repeated.")
    ] = None,
    reverse: Annotated[bool, typer.Option("--reverse", help="Backwards.")] = False,
    region: Annotated[str | None, typer.Option(help="START:END in seconds: only this part is edited.")] = None,
    edits: Annotated[Path | None, typer.Option(help="File with a chain of edits as JSON, done first.")] = None,
    seed: Annotated[int, typer.Option(help=param_help("noise_seed"))] = 0,
    rate: Rate = RATES_HZ[0],
    bits: Bits = "24",
    as_json: AsJson = False,
) -> None:
    """Bends a sound in latent space: the sliders of the window, on any sound or take."""
    from engine.cli.codec import Workshop, check_writing, write_sound
    from engine.latent.chain import chain_json

    check_writing(out, rate, bits)

    given = dict(zip(_SLIDERS, (amplify, noise, smooth, stretch, quantise, transpose, formants), strict=True))
    chain = read_edits(edits, given, axis or [], set_ or [], reverse, region, seed)
    workshop = Workshop.open(codec)
    started = time.perf_counter()
    source, chain = opened(workshop, sound), workshop.pointed(chain)
    if snr is not None:
        part = None if region is None else span(region)
        chain = chain.having("noise", workshop.noise_at(source, snr), part).having("noise_seed", seed, part)
    made = write_sound(workshop.made(source, chain), out, rate, bits)
    _tell(out, made, source, started, as_json, {"edits": chain_json(chain), "model": workshop.name})


def morph_command(
    first: Annotated[str, typer.Argument(metavar="A", help="Where it begins: a sound file or a take's id.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Where it ends.")],
    out: Annotated[Path, typer.Option("-o", help="Folder for the sounds.")],
    steps: Annotated[int, typer.Option(min=2, max=100, help="How many sounds, A and B included.")] = 5,
    kind: Annotated[str, typer.Option(help="linear or spherical.")] = "linear",
    codec: Codec = None,
    rate: Rate = RATES_HZ[0],
    bits: Bits = "24",
    as_json: AsJson = False,
) -> None:
    """Makes the sounds that lie between two sounds."""
    from engine.cli.codec import Workshop, check_writing, write_sound

    if kind not in PARAMS["morph_kind"].choices:
        raise BadRequest(f"--kind must be one of {', '.join(PARAMS['morph_kind'].choices)}, not {kind[:40]}.")
    if out.is_file() or out.suffix.lower() == ".wav":
        raise BadRequest("-o must be a folder: a morph is several sounds.")
    check_writing(out / "morph-1.wav", rate, bits)
    workshop = Workshop.open(codec)
    ends = opened(workshop, first), opened(workshop, second)
    for index in range(steps):
        started, share = time.perf_counter(), index / (steps - 1)
        path = out / f"morph-{index + 1:0{len(str(steps))}}.wav"
        made = write_sound(workshop.between(*ends, share, kind), path, rate, bits)
        _tell(path, made, ends[round(share)], started, as_json, {"morph": round(share, 4), "model": workshop.name})


def read_edits(
    file: Path | None,
    given: dict[str, float | None],
    axes: list[str],
    others: list[str],
    reverse: bool,
    region: str | None,
    seed: int,
) -> Chain:
    """The chain that the options of `latente edit` ask for. Raises BadRequest with one line."""
    from engine.latent.axes import KEYS
    from engine.latent.chain import MOST_BYTES, Chain, read_chain
    from engine.latent.edit import KINDS, OWN, Edit

    chain = Chain()
    if file is not None:
        try:
            with file.open("rb") as stream:
                chain = read_chain(stream.read(MOST_BYTES + 1))
        except OSError as error:
            raise BadRequest(f"The edits in {file} cannot be read.") from error
    part = None if region is None else span(region)
    known = {key for kind in KINDS.values() for key in kind.keys if not kind.source and not kind.points}
    values: dict[str, float] = {KINDS[kind].keys[0]: value for kind, value in given.items() if value is not None}
    for text in axes:
        key, value = _pair(text, "--axis", (*KEYS, *OWN))
        values[key] = value
    for text in others:
        key, value = _pair(text, "--set", tuple(sorted(known)))
        values[key] = value
    for key, value in values.items():
        chain = chain.having(key, value, part)
    if "noise" in values:
        chain = chain.having("noise_seed", seed, part)
    return chain.plus(Edit(kind="reverse", region_s=part)) if reverse else chain


def _pair(text: str, option: str, known: tuple[str, ...]) -> tuple[str, float]:
    """NAME=X as its name and number; a choice may be given as its word."""
    key, _, value = text.partition("=")
    key = key.strip().replace("-", "_")
    if key not in known:
        raise BadRequest(f"{option} knows no “{key[:40]}”. Choose one of: {', '.join(known)}.")
    choices = PARAMS[key].choices
    if value.strip() in choices:
        return key, float(choices.index(value.strip()))
    try:
        return key, float(value)
    except ValueError:
        raise BadRequest(f"{option} {key[:40]} needs a number, such as {key[:40]}=1.") from None


def span(text: str) -> tuple[float, float]:
    first, _, last = text.partition(":")
    try:
        return float(first), float(last)
    except ValueError:
        raise BadRequest("--region must be START:END in seconds, such as 0.5:1.2.") from None


def opened(workshop: Workshop, name: str) -> Opened:
    """A file if there is one of that name, else a take. What is worth a warning is said."""
    if not Path(name).exists() and _TAKE.fullmatch(name):
        return workshop.take(name)
    opened = workshop.file(Path(name))
    for warning in opened.warnings:
        complain(warning)
    return opened


def _tell(path: Path, sound: Sound, source: Opened, started: float, as_json: bool, facts: dict[str, Any]) -> None:
    if not as_json:
        print(path, flush=True)
        return
    import msgspec

    from engine.analysis.stereo import stereo

    print_json(
        {
            "path": str(path),
            "source": source.name,
            "seconds": sound.seconds,
            "wall_s": round(time.perf_counter() - started, 4),
            "root_note": sound.root_note,
            "peak_dbfs": round(sound.peak_dbfs, 3),
            "stereo": msgspec.to_builtins(stereo(sound)),
            **facts,
        }
    )
