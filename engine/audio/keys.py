"""Keys: what is pressed and held on every channel, and what that means for the voices."""

from __future__ import annotations

from dataclasses import replace

from engine.audio import manner
from engine.audio.actions import (
    Action,
    Bend,
    Drop,
    Equip,
    Instrument,
    MasterGain,
    NoteOff,
    NoteOn,
    Pedal,
    Preview,
    Quiet,
    Route,
    Wheel,
)
from engine.audio.controls import CHANNELS, Channel
from engine.audio.voice import Voice
from engine.audio.voices import Voices

_SHORTEST_GLIDE_S = 0.003  # from key to key: a leap would click
_SHORTEST_SWEEP_S = 0.02  # the same for a filter that follows the keys or a knob
_MASTER = 1  # MPE: the channel that moves all others


class Keys:
    """Obeys actions. It holds no voice: whoever still sounds is found when it is needed."""

    def __init__(self, rate_hz: int, voices: Voices) -> None:
        self.channels = tuple(Channel() for _ in range(CHANNELS))
        self._rate_hz = rate_hz
        self._voices = voices
        self._route = Route()
        self._lines: dict[str, _Line] = {}  # of instruments that play one note at a time
        self._last: dict[str, float] = {}  # note played last, where glides come from

    def obey(self, action: Action, frame: int, offset: int) -> None:
        """frame: as the voices count; offset: the same within the chunk at hand."""
        match action:
            case NoteOn():
                self._note_on(action, frame)
            case NoteOff(channel, note):
                self._note_off(channel, note, frame)
            case Bend(channel, value):
                self.channels[channel].bend.put(offset, value)
            case Wheel(channel, value):
                self.channels[channel].wheel.put(offset, value)
            case Pedal(channel, down):
                self._pedal(channel, down, frame)
            case Route():
                self._route = action
            case Equip(instrument):
                self._equip(instrument, frame)
            case Preview():
                self._preview(action, frame)
            case Drop(playable):
                self._lines = {key: line for key, line in self._lines.items() if not line.reads(playable)}
                for voice in self._voices.sounding():
                    if voice.manner is not None and voice.manner.playable is playable:
                        self._voices.stop(voice, frame)
            case Quiet():
                self._quiet(frame, offset)
            case MasterGain():
                pass

    # notes

    def _note_on(self, action: NoteOn, frame: int) -> None:
        instrument, target = action.instrument, action.note
        if instrument is None:
            pad = self._route.pads.get(int(action.note)) if action.note == int(action.note) else None
            instrument = pad or self._route.armed
            if pad is not None:
                target = pad.patch.root_note if pad.patch.root_note is not None else pad.own.root_note
        if instrument is None:
            return
        patch = instrument.patch
        on_a_pad = action.instrument is None and instrument is not self._route.armed
        if not on_a_pad and not patch.key_low <= action.note <= patch.key_high:
            return
        pressed = _Pressed(action.channel, action.note, target, action.velocity)
        if patch.choke_group:
            for voice in self._voices.sounding():
                other = voice.manner.patch if voice.manner is not None else None
                if other is not None and other.choke_group == patch.choke_group:
                    self._voices.stop(voice, frame)
        if patch.voicing == "poly":
            for voice in self._playing(instrument.key):
                if (voice.channel, voice.note) == (action.channel, action.note):
                    voice.end(frame, self._rate_hz)
            self._start(instrument, pressed, frame)
            return
        line = self._lines.setdefault(instrument.key, _Line(instrument))
        line.instrument = instrument
        tied = bool(line.pressed)
        line.press(pressed)
        self._sing(line, pressed, frame, tied and patch.voicing == "legato")

    def _note_off(self, channel: int, note: float, frame: int) -> None:
        pedal = self._pedal_down(channel)
        for key in list(self._lines):
            line = self._lines[key]
            sung = bool(line.pressed) and line.pressed[-1].is_key(channel, note)
            if line.lift(channel, note) and sung and line.pressed and line.instrument.patch.play_mode != "one-shot":
                self._sing(line, line.pressed[-1], frame, line.instrument.patch.voicing == "legato")
            if not line.pressed:
                del self._lines[key]
        for voice in [one for one in self._voices.active if one.held and one.note == note and one.channel == channel]:
            if pedal:
                voice.held, voice.pedalled = False, True
            else:
                voice.release(frame, self._rate_hz)

    def _sing(self, line: _Line, pressed: _Pressed, frame: int, tied: bool) -> None:
        """The one voice of a line goes to another key: on its way when tied, else anew."""
        voice = None
        for candidate in self._playing(line.instrument.key):
            if not candidate.released and (voice is None or candidate.order > voice.order):
                voice = candidate
        if tied and voice is not None:
            self._slide(voice, line.instrument, pressed, frame)
            return
        for other in list(self._playing(line.instrument.key)):
            self._voices.stop(other, frame)
        self._start(line.instrument, pressed, frame)

    def _start(self, instrument: Instrument, pressed: _Pressed, frame: int) -> None:
        how = manner.of_note(instrument, pressed.target, self._rate_hz)
        voice = self._voices.start(how, frame)
        if voice is None:
            return
        patch = instrument.patch
        voice.channel, voice.note, voice.target = pressed.channel, pressed.note, pressed.target
        voice.velocity, voice.velocity_gain = pressed.velocity, manner.velocity_gain(patch, pressed.velocity)
        voice.held = True
        voice.member = self._route.mpe and pressed.channel > _MASTER
        voice.resonance.begin(patch.resonance)
        last = self._last.get(instrument.key)
        if patch.glide_s > 0 and last is not None:
            voice.glide.begin(how.pitch(last))
            voice.cutoff.begin(manner.cutoff_octaves(patch, last))
            self._glide(voice, how.pitch(pressed.target), frame, patch.glide_s)
        else:
            voice.glide.begin(how.pitch(pressed.target))
            voice.cutoff.begin(manner.cutoff_octaves(patch, pressed.target))
        self._last[instrument.key] = pressed.target
        self._voices.ready(voice)

    def _slide(self, voice: Voice, instrument: Instrument, pressed: _Pressed, frame: int) -> None:
        how = manner.of_note(instrument, pressed.target, self._rate_hz)
        if voice.manner is not None and how.playable is not voice.manner.playable:
            voice = self._voices.hand_over(voice, how, frame)
        before = self._bent(voice)
        voice.channel, voice.note, voice.target = pressed.channel, pressed.note, pressed.target
        voice.held, voice.pedalled = True, False
        voice.glide.follow(voice.glide, before - self._bent(voice))  # another channel, bent differently: no leap
        if voice.manner is not None:
            self._glide(voice, voice.manner.pitch(pressed.target), frame, instrument.patch.glide_s)
        self._last[instrument.key] = pressed.target

    def _glide(self, voice: Voice, pitch: float, frame: int, seconds: float) -> None:
        voice.glide.turn(frame, pitch, max(seconds, _SHORTEST_GLIDE_S) * self._rate_hz)
        self._sweep(voice, frame, max(seconds, _SHORTEST_SWEEP_S))

    def _sweep(self, voice: Voice, frame: int, seconds: float) -> None:
        """Its filter, to where its patch and note have it."""
        patch = voice.manner.patch if voice.manner is not None else None
        if patch is None:
            return
        ways = (voice.cutoff, manner.cutoff_octaves(patch, voice.target)), (voice.resonance, patch.resonance)
        for way, goal in ways:
            if goal != way.goal:
                way.turn(frame, goal, seconds * self._rate_hz)

    def _bent(self, voice: Voice) -> float:
        """Semitones by which the pitch wheels move it."""
        own, master = voice.bend_range()
        return own * self.channels[voice.channel].bend.value + master * self.channels[_MASTER].bend.value

    def _preview(self, preview: Preview, frame: int) -> None:
        voice = self._voices.start(manner.of_preview(preview), frame)
        if voice is None:
            return
        voice.position, voice.speed = float(preview.position), preview.step
        voice.fade_at, voice.fade_frames = frame, float(preview.fade_in)
        self._voices.ready(voice)

    # what happens to notes under way

    def _pedal(self, channel: int, down: bool, frame: int) -> None:
        self.channels[channel].pedal = down
        if down:
            return
        for voice in self._voices.active:
            if voice.pedalled and not self._pedal_down(voice.channel):
                voice.release(frame, self._rate_hz)

    def _pedal_down(self, channel: int) -> bool:
        mastered = self._route.mpe and channel > _MASTER and self.channels[_MASTER].pedal
        return self.channels[channel].pedal or mastered

    def _equip(self, instrument: Instrument, frame: int) -> None:
        route = self._route
        armed = instrument if route.armed is not None and route.armed.key == instrument.key else route.armed
        pads = {note: instrument if pad.key == instrument.key else pad for note, pad in route.pads.items()}
        self._route = replace(route, armed=armed, pads=pads)
        line = self._lines.get(instrument.key)
        if line is not None:
            line.instrument = instrument
        for voice in list(self._playing(instrument.key)):
            old = voice.manner
            if old is None:
                continue
            if old.patch is None:
                new = manner.plain(instrument, old.loop is not None)
            else:
                new = manner.of_note(instrument, voice.target, self._rate_hz)
            if new.playable is old.playable and new.patch == old.patch:
                continue
            if new.playable is old.playable and manner.only_sweeps(old.patch, new.patch):
                voice.manner = new
                self._sweep(voice, frame, _SHORTEST_SWEEP_S)
            else:
                heir = self._voices.hand_over(voice, new, frame)
                if heir is not voice and new.patch is not None:
                    heir.velocity_gain = manner.velocity_gain(new.patch, voice.velocity)

    def _quiet(self, frame: int, offset: int) -> None:
        self._lines.clear()
        self._last.clear()
        for voice in self._voices.active:
            self._voices.stop(voice, frame)
        for channel in self.channels:
            channel.pedal = False
            if channel.bend.value:
                channel.bend.put(offset, 0.0)
            if channel.wheel.value:
                channel.wheel.put(offset, 0.0)

    def _playing(self, key: str) -> list[Voice]:
        return [voice for voice in self._voices.sounding() if voice.manner is not None and voice.manner.key == key]


class _Pressed:
    """A key that is held. target: the note it plays, which on a pad is another."""

    __slots__ = ("channel", "note", "target", "velocity")

    def __init__(self, channel: int, note: float, target: float, velocity: int) -> None:
        self.channel, self.note, self.target, self.velocity = channel, note, target, velocity

    def is_key(self, channel: int, note: float) -> bool:
        return self.channel == channel and self.note == note


class _Line:
    """An instrument that plays one note at a time, and the keys held for it, the last one last."""

    __slots__ = ("instrument", "pressed")

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.pressed: list[_Pressed] = []

    def press(self, pressed: _Pressed) -> None:
        self.lift(pressed.channel, pressed.note)
        self.pressed.append(pressed)

    def lift(self, channel: int, note: float) -> bool:
        """Whether it was held."""
        before = len(self.pressed)
        self.pressed = [other for other in self.pressed if not other.is_key(channel, note)]
        return len(self.pressed) < before

    def reads(self, playable: object) -> bool:
        return any(zone is playable for zone in self.instrument.zones)
