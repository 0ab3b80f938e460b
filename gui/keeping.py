"""What is heard, made a take or a file of its own."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import msgspec

from engine.latent.chain import chain_json
from engine.library import Library
from engine.params import PROMPT_LIMIT
from engine.patch import Patch
from engine.request import Take
from engine.shape import UNSHAPED, Shape
from engine.sound import Sound
from gui.live import Heard

_PLAIN = Patch()
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


def bounce_path(library: Library, heard: Heard, patch: Patch = _PLAIN) -> Path:
    """Where the file of what is heard is, or will be: the same edits of a take always have the same. patch: how it is
    played; a loop goes into the file."""
    loop = _loop(heard, patch)
    if not heard.altered and loop is None:
        return heard.take.path
    shape = b"" if heard.shape == UNSHAPED else msgspec.json.encode(heard.shape)
    seam = b"" if loop is None else msgspec.json.encode((*loop, patch.loop_fade_s))
    mark = hashlib.sha256(chain_json(heard.chain).encode() + shape + seam).hexdigest()[:6]
    return library.bounce_path(heard.sound, heard.take.request.prompt, f"{heard.take.take_id}_{mark}")


def bounced(library: Library, heard: Heard, patch: Patch = _PLAIN) -> Path:
    """The file of what is heard, written unless it is there; the seam of a loop is crossfaded in it, as the voices do,
    because samplers only jump. Raises CannotWrite."""
    path = bounce_path(library, heard, patch)
    if path != heard.take.path:
        from engine.dsp.level import within_full_scale
        from engine.dsp.loop import crossfade  # scipy: not before the window is up

        sound, loop = _signed(heard) if heard.altered else heard.sound, _loop(heard, patch)
        if loop is not None:
            sound = within_full_scale(crossfade(sound, *loop, patch.loop_fade_s))
        library.bounce(sound, path)
    return path


def _loop(heard: Heard, patch: Patch) -> tuple[int, int] | None:
    """First and last frame of the loop that held keys go round; None without one, or where the take's own file says
    the same."""
    sound = heard.sound
    if patch.play_mode != "loop":
        return None
    if patch.loop_s is None and sound.loop is not None:
        return sound.loop if heard.altered else None
    first, end = (round(moment * sound.rate_hz) for moment in patch.loop_s or (0.0, sound.seconds))
    last = min(end, sound.frames) - 1
    return (first, last) if first < last else None


def _signed(heard: Heard) -> Sound:
    """As every sound leaves: at −1 dBFS unless its shape says another level, telling where it came from."""
    from engine.dsp.level import CEILING_DBFS, normalise_peak

    facts = heard.take.sound.provenance | {"edited": heard.take.take_id}
    sound = heard.sound if heard.shape.normalise != "off" else normalise_peak(heard.sound, CEILING_DBFS)
    return replace(sound, provenance=facts, loop=sound.loop if heard.shape.loop_s is not None else None)
