"""What comes by MIDI is played and told; what a port holds is let go of with it."""

from __future__ import annotations

from collections import deque

from engine.audio.actions import Action, Bend, NoteOff, NoteOn, Pedal, Quiet, Wheel
from engine.audio.midi.input import Found, MidiInput, OpenPort, let_go
from engine.audio.midi.ports import plain
from engine.audio.reporter import Reporter
from engine.audio.reports import ControlMoved, NotePlayed, ProgramChosen, Report, decode


class Cable:
    """A port, and what is sent to it."""

    def __init__(self, midi: MidiInput, name: str = "Keys", timed: bool = False) -> None:
        self.waiting: deque[Found] = deque()
        self.port = OpenPort(name, lambda: self.waiting.popleft() if self.waiting else None, timed)
        midi.listen([self.port])

    def send(self, *data: int, after_s: float = 0.0) -> None:
        self.waiting.append((list(data), after_s))


def actions(midi: MidiInput) -> list[Action]:
    return [action for _, action in midi.incoming(256)]


def told(midi: MidiInput) -> list[Report]:
    found = []
    while (report := midi.reports.get()) is not None:
        found.append(report)
    return found


def test_notes_wheels_and_pedals_play_at_once_and_everything_is_told() -> None:
    midi = MidiInput(48_000)
    cable = Cable(midi)
    cable.send(0x91, 60, 100)
    cable.send(0x91, 60, 0)
    cable.send(0xE1, 0, 0)
    cable.send(0xE1, 0x7F, 0x7F)
    cable.send(0xE1, 0, 0x40)
    cable.send(0xB1, 1, 127)
    cable.send(0xB1, 64, 64)
    cable.send(0xB1, 74, 3)
    cable.send(0xC1, 5)
    assert actions(midi) == [
        NoteOn(None, 2, 60.0, 100),
        NoteOff(2, 60.0),
        Bend(2, -1.0),
        Bend(2, 1.0),
        Bend(2, 0.0),
        Wheel(2, 1.0),
        Pedal(2, True),
    ]
    assert told(midi) == [
        NotePlayed("Keys", 2, 60, 100),
        NotePlayed("Keys", 2, 60, 0),
        ControlMoved("Keys", 2, 128, 0),
        ControlMoved("Keys", 2, 128, 16383),
        ControlMoved("Keys", 2, 128, 8192),
        ControlMoved("Keys", 2, 1, 127),
        ControlMoved("Keys", 2, 64, 64),
        ControlMoved("Keys", 2, 74, 3),
        ProgramChosen("Keys", 2, 5),
    ]


def test_another_channel_than_the_chosen_one_is_not_heard() -> None:
    midi = MidiInput(48_000)
    cable = Cable(midi)
    midi.channel = 3
    cable.send(0x90, 60, 100)
    cable.send(0x92, 61, 100)
    assert actions(midi) == [NoteOn(None, 3, 61.0, 100)]
    assert len(told(midi)) == 1


def test_channel_messages_end_what_they_should() -> None:
    midi = MidiInput(48_000)
    cable = Cable(midi)
    cable.send(0x90, 60, 100, 62, 100)
    cable.send(0x91, 64, 100)
    actions(midi)
    cable.send(0xB0, 123, 0)
    assert sorted(action.note for action in actions(midi) if isinstance(action, NoteOff)) == [60.0, 62.0]
    cable.send(0xB1, 121, 0)
    assert actions(midi) == [Bend(2, 0.0), Wheel(2, 0.0), Pedal(2, False)]
    cable.send(0xB0, 120, 0)
    assert actions(midi) == [Quiet()]
    assert not [report for report in told(midi) if isinstance(report, ControlMoved)]


def test_a_port_that_goes_lets_go_of_its_notes_and_pedals() -> None:
    midi = MidiInput(48_000)
    cable = Cable(midi)
    cable.send(0x90, 60, 100, 62, 100, 60, 0)
    cable.send(0xB4, 64, 127)
    actions(midi)
    midi.listen([])
    assert let_go(cable.port) == [NoteOff(1, 62.0), Pedal(5, False)]
    assert let_go(cable.port) == []


def test_notes_of_one_block_keep_their_places_in_it() -> None:
    midi = MidiInput(48_000)
    cable = Cable(midi, timed=True)
    for number in range(5):
        cable.send(0x90, 60 + number, 100, after_s=0.001 if number else 0.0)
    frames = [frame for frame, _ in midi.incoming(256)]
    assert frames == [64, 112, 160, 208, 255]


def test_a_flood_is_taken_in_over_several_blocks_and_none_is_lost() -> None:
    midi = MidiInput(48_000)
    cable = Cable(midi)
    for number in range(1_000):
        cable.send(0x90, number % 128, 100)
    counts = [len(midi.incoming(256)) for _ in range(5)]
    assert max(counts) <= 256
    assert sum(counts) == 1_000


def test_of_a_flooding_controller_only_the_last_value_is_told_but_an_endless_knob_is_counted() -> None:
    midi, lines = MidiInput(48_000), bytearray()
    cable = Cable(midi)
    for value in range(100):
        cable.send(0xB0, 7, value)
    cable.send(0x90, 60, 100)
    for _ in range(4):
        cable.send(0xB0, 20, 65)
    cable.send(0xB0, 7, 127)
    midi.incoming(256)
    Reporter(midi.reports, lines.extend).drain()
    assert [decode(line) for line in bytes(lines).splitlines()] == [
        NotePlayed("Keys", 1, 60, 100),
        *[ControlMoved("Keys", 1, 20, 65)] * 4,
        ControlMoved("Keys", 1, 7, 127),
    ]


def test_ports_are_known_by_name_whatever_number_they_get() -> None:
    assert plain(["Keystation 49:Keystation 49 MIDI 1 20:0"]) == ["Keystation 49:Keystation 49 MIDI 1"]
    assert plain(["a2j:Keystation [24] (capture): MIDI 1"]) == ["a2j:Keystation (capture): MIDI 1"]
    assert plain(["nano 20:0", "nano 24:0"]) == ["nano", "nano (2)"]
    assert plain(["Keys:out 2"]) == ["Keys:out 2"]
