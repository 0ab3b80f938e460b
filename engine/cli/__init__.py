"""The command line: the same engine, for scripts and batch work. Heavy imports happen inside the commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from engine.audio.launch import run_if_asked as be_the_audio_process
from engine.cli import corpus, doctor, edit, evaluate, library, models, play, presets, render, train, window
from engine.cli.output import complain
from engine.errors import LatenteError
from engine.outside.launch import run_if_asked as be_the_decode_child

app = typer.Typer(
    help="Type a few words, hear a new one-shot sound. Without a command, the window opens.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback(invoke_without_command=True)(window.open_window)
app.command("render")(render.render_command)
app.command("edit")(edit.edit_command)
app.command("morph")(edit.morph_command)
app.command("play")(play.play_command)
app.add_typer(models.app, name="models")
app.add_typer(library.app, name="library")
app.add_typer(presets.app, name="presets")
app.add_typer(corpus.app, name="corpus")
app.command("train")(train.train_command)
app.command("evaluate")(evaluate.evaluate_command)
app.command("analyse")(evaluate.analyse_command)
app.command("doctor")(doctor.doctor_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 done, 2 wrong usage, 1 failed, 130 stopped by the user.

    Here, and only here, errors become one line on stderr. LATENTE_TRACEBACK=1 lets unforeseen ones through.
    """
    if arguments is None:
        be_the_audio_process(sys.argv[1:])
        be_the_decode_child(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # any prompt can be shown on any terminal
    try:
        result = app(
            args=None if arguments is None else list(arguments), standalone_mode=False, windows_expand_args=False
        )
        sys.stdout.flush()
    except LatenteError as error:
        complain(str(error))
        return error.exit_code
    except typer.TyperException as error:
        complain(f"{error.format_message().rstrip('. ')}. “latente --help” shows how.")
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        complain("Stopped.")
        return 130
    except BrokenPipeError:  # whoever read our output had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except MemoryError:
        complain("There is not enough memory for this. Close other programs and try again.")
        return 1
    except Exception as error:
        if os.environ.get("LATENTE_TRACEBACK"):
            raise
        complain(
            f"Something went wrong inside ({type(error).__name__}: {error}). “latente doctor” says what to report."
        )
        return 1
    return result if isinstance(result, int) else 0
