"""What is heard, made a take or a file of its own."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import msgspec

from engine.latent.chain import chain_json
from engine.library import Library
from engine.params import PROMPT_LIMIT
from engine.request import Take
from engine.shape import UNSHAPED, Shape
from engine.sound import Sound
from gui.live import Heard

_BOUNCED = " (bounced)"  # what a take is called that knobs were recorded on


def kept_take(library: Library, heard: Heard) -> Take:
    """A new take in the library: the edited sound with its latent and pitch. Raises CannotWrite, LibraryProblem."""
    request = replace(heard.take.request, request_id="")
    return library.add(request, _signed(heard), heard.latent, heard.pitch, heard.take.wall_s)


def bounced_take(library: Library, made: Heard, shape: Shape) -> Take:
    """A new take of what was made before it was shaped, with that shape for its own. Raises CannotWrite,
    LibraryProblem."""
    prompt = made.take.request.prompt.removesuffix(_BOUNCED)
    request = replace(made.take.request, request_id="", prompt=f"{prompt[: PROMPT_LIMIT - len(_BOUNCED)]}{_BOUNCED}")
    take = library.add(request, _signed(made), made.latent, made.pitch, made.take.wall_s)
    if shape == UNSHAPED:
        return take
    library.keep_shape(take.take_id, shape)
    return replace(take, shape=shape)


def bounce_path(library: Library, heard: Heard) -> Path:
    """Where the file of what is heard is, or will be: the same edits of a take always have the same."""
    if not heard.altered:
        return heard.take.path
    shape = b"" if heard.shape == UNSHAPED else msgspec.json.encode(heard.shape)
    mark = hashlib.sha256(chain_json(heard.chain).encode() + shape).hexdigest()[:6]
    return library.bounce_path(heard.sound, heard.take.request.prompt, f"{heard.take.take_id}_{mark}")


def bounced(library: Library, heard: Heard) -> Path:
    """The file of what is heard, written unless it is there. Raises CannotWrite."""
    path = bounce_path(library, heard)
    if heard.altered:
        library.bounce(_signed(heard), path)
    return path


def _signed(heard: Heard) -> Sound:
    """As every sound leaves: at −1 dBFS unless its shape says another level, telling where it came from."""
    from engine.dsp.level import CEILING_DBFS, normalise_peak

    facts = heard.take.sound.provenance | {"edited": heard.take.take_id}
    sound = heard.sound if heard.shape.normalise != "off" else normalise_peak(heard.sound, CEILING_DBFS)
    return replace(sound, provenance=facts, loop=sound.loop if heard.shape.loop_s is not None else None)
