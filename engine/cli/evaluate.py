"""`latente evaluate` and `latente analyse`: measuring what a model makes, and any sound."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.output import complain, print_json, print_table
from engine.cli.progress import progress_bar
from engine.errors import BadRequest, LatenteError, ModelProblem, UnreadableAudio

JUDGED = ("quality", "languages", "steps", "guidance", "candidates")  # need a judge beside a corpus


def evaluate_command(
    suite: Annotated[str, typer.Argument(help="What to measure, such as “prompts”.")],
    quick: Annotated[bool, typer.Option("--quick", help="A small part, in a few minutes.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The results as JSON on stdout.")] = False,
    out: Annotated[Path | None, typer.Option("-o", help="Folder for results.")] = None,
    model: Annotated[str | None, typer.Option(help="Name of an installed model.")] = None,
    data: Annotated[Path, typer.Option(help="Corpus for all suites but “prompts”.")] = Path("corpus"),
    judge: Annotated[Path, typer.Option(help="What “latente train judge” made.")] = Path("runs/judge"),
    run: Annotated[Path, typer.Option(help="A run that kept earlier weights, for “growth”.")] = Path("runs/latente-1"),
) -> None:
    """Measures how good a model is."""
    from engine.request import Request

    if out is not None:
        from engine.files import check_writable

        check_writable(out)
    name = model or str(Request.__dataclass_fields__["model"].default)
    on_corpus = {"codec": _codec_suite, "axes": _axes_suite}
    if suite in JUDGED:
        results = _judged_suite(suite, name, data, judge, quick, out)
    elif suite == "growth":
        results = _growth_suite(name, data, judge, run, quick, out)
    else:
        results = on_corpus[suite](name, data, quick, out) if suite in on_corpus else _suite(suite, name, quick, out)
    if as_json:
        print_json(results)
    else:
        print_table(["measure", "value"], [[key, _cell(value)] for key, value in results.items() if _is_figure(value)])


def analyse_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Sound files.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per file on stdout.")] = False,
) -> None:
    """Measures sound files: pitch, loudness, brightness, attack, decay. Exit 1 when one cannot be opened."""
    import msgspec

    from engine.analysis.features import measure
    from engine.analysis.stereo import stereo
    from engine.audiofile import read_audio

    failed = False
    for path in files:
        try:
            sound = read_audio(path)
        except UnreadableAudio as problem:
            complain(str(problem))
            failed = True
            continue
        features = msgspec.to_builtins(measure(sound)) | msgspec.to_builtins(stereo(sound))
        facts = {"path": str(path), "seconds": sound.seconds, "rate_hz": sound.rate_hz, "channels": sound.channels}
        if as_json:
            print_json({**facts, **features})
        else:
            print(path)
            print_table(["measure", "value"], [[key, _cell(value)] for key, value in {**facts, **features}.items()][1:])
            sys.stdout.flush()
    if failed:
        raise typer.Exit(LatenteError.exit_code)


def _suite(suite: str, model: str, quick: bool, out: Path | None) -> dict[str, Any]:
    from engine.analysis.suites import SUITES, run_suite

    if suite not in SUITES:
        every = ("codec", "axes", *JUDGED, "growth", *SUITES)
        raise BadRequest(f"There is no suite “{suite[:40]}”. Choose one of: {', '.join(every)}.")
    from engine.dsp.finish import finish
    from engine.generators import load_generator

    with progress_bar("Measuring") as advance:
        on_sound = partial(advance, "Measuring")
        return run_suite(suite, load_generator(model), quick, out, finish=finish, on_sound=on_sound)


def _codec_suite(model: str, data: Path, quick: bool, out: Path | None) -> dict[str, Any]:
    from engine.codecs.codec import NeuralCodec
    from engine.corpus.store import Corpus
    from engine.models.store import default_store
    from engine.training.codec_suite import codec_suite

    codec = NeuralCodec.load(default_store().find(model).file("codec.safetensors"))
    return codec_suite(Corpus.open(data), codec.net, 64 if quick else 600, out)


def _axes_suite(model: str, data: Path, quick: bool, out: Path | None) -> dict[str, Any]:
    from engine.codecs.codec import NeuralCodec
    from engine.corpus.store import Corpus
    from engine.generators.space import load_space
    from engine.models.store import default_store
    from engine.training.axes_suite import axes_suite

    found, corpus = default_store().find(model), Corpus.open(data)
    codec, space = NeuralCodec.load(found.file("codec.safetensors")), load_space(found.folder)
    with progress_bar("Measuring") as advance:
        return axes_suite(corpus, codec, space, 40 if quick else 200, out, partial(advance, "Measuring"))


def _judged_suite(suite: str, model: str, data: Path, judge: Path, quick: bool, out: Path | None) -> dict[str, Any]:
    from engine.analysis.suites import write_figures
    from engine.candidates import load_ranker
    from engine.corpus.store import Corpus
    from engine.dsp.finish import finish
    from engine.generators import load_generator
    from engine.training.candidates_suite import candidates_suite
    from engine.training.judge import Judge
    from engine.training.languages_suite import languages_suite
    from engine.training.quality_suite import SUITES

    corpus = Corpus.open(data)
    heard, generator = Judge.open(judge, corpus), load_generator(model)
    with progress_bar("Measuring") as advance:
        on_sound = partial(advance, "Measuring")
        if measured := (SUITES | {"languages": languages_suite}).get(suite):
            results = measured(generator, corpus, heard, quick, finish, on_sound)
        else:
            ranker = load_ranker(model)
            if ranker is None:
                raise ModelProblem(f"{model} has nothing to rank candidates by: train and ship it a mini-CLAP.")
            results = candidates_suite(generator, corpus, heard, ranker.likeness, quick, finish, on_sound)
    write_figures(suite, results, quick, out)
    return results


def _growth_suite(model: str, data: Path, judge: Path, run: Path, quick: bool, out: Path | None) -> dict[str, Any]:
    from engine.analysis.suites import write_figures
    from engine.corpus.store import Corpus
    from engine.dsp.finish import finish
    from engine.models.store import default_store
    from engine.training.growth_suite import growth_suite
    from engine.training.judge import Judge

    installed, corpus = default_store().find(model), Corpus.open(data)
    heard = Judge.open(judge, corpus)
    with progress_bar("Measuring") as advance:
        on_sound = partial(advance, "Measuring")
        results = growth_suite(run, installed, corpus, heard, quick, finish, on_sound, out)
    write_figures("growth", results, quick, out)
    return results


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float | str)
