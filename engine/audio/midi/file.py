"""A standard MIDI file as actions of the sampler, read with distrust."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import mido

from engine.audio.actions import Action, NoteOn
from engine.audio.midi.input import MidiInput, OpenPort
from engine.audio.midi.parser import Parser
from engine.errors import BadRequest, LatenteError, UnreadableAudio

MOST_BYTES = 8_000_000
MOST_MESSAGES = 500_000
LONGEST_S = 1200.0


@dataclass(frozen=True)
class Score:
    """events: (frame, action), in order. seconds: up to the last message. notes: which are played."""

    events: tuple[tuple[int, Action], ...]
    seconds: float
    notes: frozenset[int]


def read_midi(path: Path, rate_hz: int) -> Score:
    """All tracks of a file of type 0 or 1, its tempo changes followed.

    Raises UnreadableAudio when it cannot be read as MIDI, BadRequest when it is too long or plays no note.
    """
    messages = _messages(path)
    midi, parser, events = MidiInput(rate_hz), Parser(), list[tuple[int, Action]]()
    port = OpenPort(path.name, lambda: None, timed=False)
    last_s = 0.0
    for moment_s, data in messages:
        last_s = moment_s
        for message in parser.feed(data):
            midi.understand(port, message, round(moment_s * rate_hz), events)
    notes = frozenset(round(action.note) for _, action in events if isinstance(action, NoteOn))
    if not notes:
        raise BadRequest(f"{path.name} plays no note.")
    return Score(tuple(events), last_s, notes)


def _messages(path: Path) -> list[tuple[float, bytes]]:
    """(moment in seconds, bytes) of each channel message."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadRequest(f"{path.name} is too large for a MIDI file ({MOST_BYTES // 1_000_000} MB at most).")
        found: list[tuple[float, bytes]] = []
        moment_s = 0.0
        for count, message in enumerate(mido.MidiFile(path, clip=True)):
            moment_s += message.time
            if count >= MOST_MESSAGES or not moment_s <= LONGEST_S:
                raise BadRequest(f"{path.name} is too long: {LONGEST_S / 60:.0f} minutes at most.")
            if not message.is_meta and message.type != "sysex":
                found.append((moment_s, bytes(message.bytes())))
        return found
    except LatenteError:
        raise
    except Exception as error:  # mido stumbles over damaged files in many ways
        reason = getattr(error, "strerror", None) or "it is damaged, cut short, or no MIDI file"
        raise UnreadableAudio(f"{path.name} cannot be read: {reason}.") from error
