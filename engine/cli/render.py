"""`latente render`: words in, WAV files out."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.output import complain, param_help, print_json
from engine.cli.progress import Advance, progress_bar
from engine.errors import BadRequest
from engine.params import BIT_DEPTHS, PARAMS, RATES_HZ, SEED_LIMIT

if TYPE_CHECKING:
    from engine.candidates import Chosen, Ranker
    from engine.cli.destination import Destination
    from engine.latent.chain import Chain
    from engine.presets.preset import Preset
    from engine.render import Edit
    from engine.request import Generated, Generator, Request, Source

    Make = Callable[[Sequence[Request], Callable[[int, int], None]], list[Generated]]


def render_command(
    prompt: Annotated[str | None, typer.Argument(help="What to hear, such as “warm bass in F#1”.")] = None,
    out: Annotated[str | None, typer.Option("-o", help="WAV file or folder; default: the current folder.")] = None,
    note: Annotated[str | None, typer.Option(help="C3, F#1, Bb2 or a MIDI number; wins over the prompt.")] = None,
    chord: Annotated[
        str | None, typer.Option(help="minor 7, power chord, octave, or 0 3 7; wins over the prompt.")
    ] = None,
    velocity: Annotated[int | None, typer.Option(help=param_help("velocity"))] = None,
    seconds: Annotated[float | None, typer.Option(help=param_help("seconds"))] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed and words give the same sound.")] = None,
    count: Annotated[int, typer.Option(help=param_help("count"))] = 1,
    candidates: Annotated[int | None, typer.Option(help=param_help("candidates"))] = None,
    steps: Annotated[int | None, typer.Option(help=param_help("steps"))] = None,
    guidance: Annotated[float | None, typer.Option(help=param_help("guidance"))] = None,
    sampling: Annotated[str | None, typer.Option(help="fast, normal or fine. " + param_help("sampling"))] = None,
    negative: Annotated[str | None, typer.Option(help="What not to hear.")] = None,
    source: Annotated[str | None, typer.Option("--from", help="A sound file or take to start from.")] = None,
    strength: Annotated[float | None, typer.Option(help=param_help("strength"))] = None,
    region: Annotated[str | None, typer.Option(help="START:END in seconds: only this part of --from changes.")] = None,
    width: Annotated[
        float | None, typer.Option(help="Stereo: 0 is mono, 100 wide, 200 at most; default: as words or family say.")
    ] = None,
    amplify: Annotated[float | None, typer.Option(help=param_help("amplify"))] = None,
    noise: Annotated[float | None, typer.Option(help=param_help("noise"))] = None,
    smooth: Annotated[float | None, typer.Option(help=param_help("smooth"))] = None,
    preset: Annotated[str | None, typer.Option(help="A preset by name, or its file; all else wins over it.")] = None,
    model: Annotated[str | None, typer.Option(help="Name of an installed model.")] = None,
    device: Annotated[
        str | None, typer.Option(help="auto, cpu, cuda or mps; default: as in the settings.", envvar="LATENTE_DEVICE")
    ] = None,
    rate: Annotated[int, typer.Option(help=f"Sampling rate in Hz: {', '.join(map(str, RATES_HZ))}.")] = RATES_HZ[0],
    bits: Annotated[str, typer.Option(help=f"Bit depth: {', '.join(BIT_DEPTHS)}.")] = "24",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per sound on stdout.")] = False,
) -> None:
    """Makes sounds from words and writes them as WAV files."""
    from engine.cli.destination import Destination

    options: dict[str, Any] = {
        "velocity": velocity,
        "seconds": seconds,
        "steps": steps,
        "guidance": guidance,
        "sampling": sampling,
        "candidates": candidates,
        "chord": chord,
        "width": width,
        "strength": strength,
        "model": model,
    }
    given = {key: value for key, value in options.items() if value is not None}
    chosen = None if preset is None else find_preset(preset)
    if chosen is not None:
        asked = chosen.request
        prompt = asked.prompt if prompt is None else prompt
        negative = asked.negative if negative is None else negative
        note = str(asked.note) if note is None else note
        seed = asked.seed if seed is None else seed
        keys = ("velocity", "seconds", "steps", "guidance", "sampling", "chord", "width")
        given = {key: getattr(asked, key) for key in keys} | given
    if prompt is None:
        raise BadRequest("There is no prompt. Type a few words, such as “warm bass”, or name a --preset.")
    given |= _start(source, region, strength)
    sliders = {"amplify": amplify, "noise": noise, "smooth": smooth}
    chain = chain_of(chosen, {key: value for key, value in sliders.items() if value is not None})
    requests = read_requests(prompt, negative or "", note or None, seed, count, given)
    _check_choice("Sampling rate", rate, RATES_HZ)
    _check_choice("Bit depth", bits, BIT_DEPTHS)
    destination = Destination.parse(out, count)

    from engine import settings
    from engine.generators import load_generator
    from engine.models.device import check

    load = partial(load_generator, device=check(settings.load().compute if device is None else device))
    render_all(load, requests, destination, rate_hz=rate, bits=bits, as_json=as_json, preset=chosen, chain=chain)


def read_requests(
    prompt: str, negative: str, note: str | None, seed: int | None, count: int, given: dict[str, Any]
) -> list[Request]:
    """One Request per sound, seeds counting up. A prompt that is cut gets its warning on stderr. Raises BadRequest."""
    from engine.pitch import parse_note
    from engine.request import Request, clean_prompt

    count = int(PARAMS["count"].check(count))
    prompt, warning = clean_prompt(prompt)
    if warning:
        complain(warning)
    with contextlib.suppress(BadRequest):  # nothing to avoid is no mistake
        negative, warning = clean_prompt(negative)
        if warning:
            complain(warning.replace("The prompt", "The negative prompt"))
    number = None if note is None else parse_note(note)
    first = secrets.randbelow(SEED_LIMIT - count) if seed is None else seed
    negative = negative.strip()
    return [Request(prompt, negative, number, seed=first + index, **given) for index in range(count)]


def render_all(
    load_generator: Callable[[str], Generator],
    requests: list[Request],
    destination: Destination,
    *,
    rate_hz: int,
    bits: str,
    as_json: bool,
    preset: Preset | None = None,
    chain: Chain | None = None,
    load_ranker: Callable[[str], Ranker | None] | None = None,
) -> None:
    """Renders and writes each request, the best of its candidates, with the edits and the shape of a preset; prints its
    path, or its JSON object, as soon as its file is complete."""
    import msgspec

    from engine import candidates
    from engine.analysis.stereo import stereo
    from engine.render import render_many

    generator = load_generator(requests[0].model)
    ranker = cache(load_ranker or candidates.load_ranker)
    source = source_of(requests[0])
    chain = chain_of(preset, {}) if chain is None else chain
    edit = edit_of(chain, generator, requests[0].model)
    shape = None if preset is None else preset.shape

    def make(some: Sequence[Request], on_step: Callable[[int, int], None]) -> list[Generated]:
        return render_many(generator, some, on_step, lambda: False, rate_hz, source, edit, shape)

    with progress_bar("Rendering") as advance:
        for index, chosen, wall_s in _made(requests, make, ranker, advance):
            request, generated = chosen.request, chosen.generated
            sound = generated.sound
            path = destination.write(sound, request, index, bits)
            for warning in generated.warnings:
                complain(warning)
            if not as_json:
                print(path, flush=True)
                continue
            print_json(
                {
                    "path": str(path),
                    "prompt": request.prompt,
                    "seed": request.seed,
                    "seconds": sound.seconds,
                    "wall_s": round(wall_s, 4),
                    "model": request.model,
                    "device": getattr(generator, "device", "cpu"),
                    "root_note": sound.root_note,
                    "peak_dbfs": round(sound.peak_dbfs, 3),
                    "rate_hz": sound.rate_hz,
                    "bits": bits,
                    "width": generated.width,
                    "stereo": msgspec.to_builtins(stereo(sound)),
                    "preset": None if preset is None else preset.name,
                    "candidates": [msgspec.to_builtins(one) for one in chosen.candidates],
                    "understood": generated.understood,
                    "warnings": list(generated.warnings),
                }
            )


def _made(
    requests: list[Request], make: Make, ranker: Callable[[str], Ranker | None], advance: Advance
) -> Iterator[tuple[int, Chosen, float]]:
    """Which request it was, what was chosen for it, the seconds it took. Requests differ in the seed: the first is made
    alone, to be there soon, the others a few together, unless each has candidates of its own."""
    from engine.candidates import Chosen, best_of
    from engine.render import TOGETHER

    several = 1 if requests[0].candidates > 1 else TOGETHER
    for first in (0, *range(1, len(requests), several)):
        some = requests[first : first + (several if first else 1)]
        started = time.perf_counter()
        on_step = partial(_advance_sounds, advance, first, len(some), len(requests))
        if len(some) == 1:
            chosen = [best_of(some[0], make, ranker, on_step)]
        else:
            chosen = [Chosen(*pair) for pair in zip(some, make(some, on_step), strict=True)]
        wall_s = (time.perf_counter() - started) / len(some)
        yield from ((first + number, one, wall_s) for number, one in enumerate(chosen))


def source_of(request: Request) -> Source | None:
    """What the request starts from, encoded: a file or a take. Raises UnreadableAudio, LibraryProblem."""
    if not request.source:
        return None
    from engine.cli.codec import Workshop
    from engine.cli.edit import opened
    from engine.request import Source

    original = opened(Workshop.open(request.model), request.source).original
    return Source(original.latents[0], original.pitch)


def _start(source: str | None, region: str | None, strength: float | None) -> dict[str, Any]:
    """The fields of a Request that say what it starts from. Raises BadRequest."""
    if source is None:
        if region is not None or strength is not None:
            raise BadRequest("--strength and --region say how far to move away from a sound: name it with --from.")
        return {}
    from engine.cli.edit import span

    return {"source": source, "region": None if region is None else span(region)}


def find_preset(name: str) -> Preset:
    """By its name on the shelf, or a file that ends in .toml. Raises BadRequest."""
    from pathlib import Path

    from engine.presets.shelf import Shelf, read_file

    if name.lower().endswith(".toml"):
        return read_file(Path(name).expanduser())
    return Shelf().find(name).preset


def chain_of(preset: Preset | None, sliders: dict[str, float]) -> Chain:
    """The latent edits of a preset, with sliders that win over it. Raises BadRequest."""
    from engine.latent.chain import Chain

    chain = Chain() if preset is None else preset.chain
    for key, value in sliders.items():
        chain = chain.having(key, value)
    return chain


def edit_of(chain: Chain, generator: Generator, model: str) -> Edit | None:
    """Latent edits in the model's space; None where there are none. Raises ModelProblem."""
    if not chain.active:
        return None
    from dataclasses import replace

    from engine.edited import Original, decoded
    from engine.generators.space import load_space
    from engine.models.store import default_store

    space = load_space(default_store().find(model).folder)

    def edit(made: Generated, seed: int) -> Generated:
        latent, pitch = chain.apply(made.latent, made.pitch, space)
        original = Original((made.latent,), made.pitch, made.sound.seconds, seed, made.width)
        sound = decoded(generator.decode, original, chain, space)
        return replace(made, sound=sound, latent=latent, pitch=pitch)

    return edit


def _check_choice(label: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        raise BadRequest(f"{label} must be one of {', '.join(map(str, choices))}, not {value}.")


def _advance_sounds(advance: Advance, first: int, some: int, count: int, step: int, steps: int) -> None:
    advance("Rendering", first + some * step / max(1, steps), count)
