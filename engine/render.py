"""Request -> finished sound: the way that the window and the command line share, up to the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.dsp.finish import finish
from engine.dsp.level import CEILING_DBFS, normalise_peak
from engine.dsp.resample import resample
from engine.errors import Cancelled
from engine.request import Generated, Generator, Request, Source
from engine.shape import Shape

SOFTWARE = "Latente"
TOGETHER = 7  # variations made at once, so that eight come as one and seven: they are all there when the last one is
Edit = Callable[[Generated, int], Generated]  # what was generated with a seed, edited and decoded again
LICENCE = "Yours, royalty-free: made by Latente from sounds that are its own, MIT or CC0"


def render(
    generator: Generator,
    request: Request,
    on_step: Callable[[int, int], None],
    cancelled: Callable[[], bool],
    rate_hz: int | None = None,
    source: Source | None = None,
    edit: Edit | None = None,
    shape: Shape | None = None,
) -> Generated:
    """What the generator gives, edited, its sound finished, at `rate_hz` (default: the model's), shaped, with its
    provenance. The level is -1 dBFS unless the shape has another.

    Raises Cancelled when `cancelled` turned true, at the latest once the generator is through.
    """
    return render_many(generator, [request], on_step, cancelled, rate_hz, source, edit, shape)[0]


def render_many(
    generator: Generator,
    requests: Sequence[Request],
    on_step: Callable[[int, int], None],
    cancelled: Callable[[], bool],
    rate_hz: int | None = None,
    source: Source | None = None,
    edit: Edit | None = None,
    shape: Shape | None = None,
) -> list[Generated]:
    """The same of requests that differ in nothing but the seed, together."""
    made = generator.generate_many(requests, on_step, cancelled, source)
    finished = [
        _finished(generated, request, rate_hz, edit, shape) for generated, request in zip(made, requests, strict=True)
    ]
    if cancelled():
        raise Cancelled("Cancelled.")
    return finished


def _finished(
    generated: Generated, request: Request, rate_hz: int | None, edit: Edit | None, shape: Shape | None
) -> Generated:
    if edit is not None:
        generated = edit(generated, request.seed)
    sound = generated.sound if rate_hz is None else resample(generated.sound, rate_hz)
    sound = finish(sound, seconds=request.seconds)
    if shape is not None and shape != Shape():
        from engine.dsp.shaping import apply  # scipy: not before the window is up

        sound = apply(shape, sound)
        sound = sound if shape.normalise != "off" else normalise_peak(sound, CEILING_DBFS)
    warnings = generated.warnings
    if sound.peak == 0.0:
        warnings = (*warnings, "The sound came out silent. Try another seed or other words.")
    return replace(
        generated, sound=replace(sound, provenance=_provenance(request, sound.provenance)), warnings=warnings
    )


def _provenance(request: Request, known: dict[str, str]) -> dict[str, str]:
    facts = {
        "prompt": request.prompt,
        "licence": LICENCE,
        "software": SOFTWARE,
        "seed": str(request.seed),
        "model": request.model,
        "steps": str(request.steps),
        "guidance": f"{request.guidance:g}",
    }
    if request.sampling != "normal":
        facts["sampling"] = request.sampling
    if request.negative:
        facts["negative"] = request.negative
    if request.source:
        facts |= {"source": request.source, "strength": f"{request.strength:g}"}
    return {**facts, **known}
