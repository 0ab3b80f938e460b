"""Voice: one playing note: what it plays, how far it has come, and how loud it is. Only the callback touches one."""

from __future__ import annotations

import math

from engine.audio.envelope import Envelope
from engine.audio.gains import Gains
from engine.audio.glide import Glide
from engine.audio.levels import Level
from engine.audio.manner import Manner

STOP_S = 0.010  # fade of a stopped, stolen or choked voice
_STEEP_S = 0.010  # a release shorter than this is a fade without corners instead
_AFTER = 12  # frames after a sound's end in which its interpolation still rings
_MEMBER_BEND = 48.0  # semitones: what MPE gives the channel of a single note
NEVER = math.inf


class Voice:
    """One slot. Frame numbers are the mixer's, which count up for ever; `now` is the first of the chunk at hand.

    position: in frames of the playable as it is played (from its end when reversed). note: as its key names it; target:
    the note it plays. member: of an MPE zone, its channel its own. Its `number` is also that of its filters.
    falls: first frame and length of each fade-out that it is in. elder: whom it took over from, of the same `order`.
    """

    __slots__ = (
        "begins", "born", "channel", "cutoff", "elder", "fade_at", "fade_frames", "falls", "filtered", "glide",
        "held", "last_frame", "last_row", "manner", "member", "note", "number", "order", "pedalled", "position",
        "read_level", "release_at", "release_level", "resonance", "speed", "target", "tones", "velocity",
        "velocity_gain",
    )  # fmt: skip

    def __init__(self, number: int) -> None:
        self.number = number
        self.manner: Manner | None = None
        self.glide = Glide()  # semitones from the playable's own pitch, without bend and vibrato
        self.cutoff, self.resonance = Glide(), Glide()  # of its filter: octaves from 1 Hz, and percent
        self.order = 0
        self.clear()

    def clear(self) -> None:
        """As new."""
        self.begins = self.born = 0
        self.channel, self.note, self.target, self.velocity = 0, -1.0, 60.0, 127
        self.velocity_gain = 1.0
        self.held = self.pedalled = self.member = self.tones = self.filtered = False
        self.position, self.speed = 0.0, 1.0
        self.glide.begin(0.0)
        self.cutoff.begin(0.0)
        self.resonance.begin(0.0)
        self.release_at: float = NEVER
        self.release_level = 1.0
        self.fade_at, self.fade_frames = 0.0, 0.0
        self.falls: list[tuple[float, float]] = []
        self.elder: Voice | None = None
        self.read_level: Level | None = None
        self.last_row, self.last_frame = -1, 0

    @property
    def released(self) -> bool:
        return self.release_at != NEVER

    def release(self, frame: float, rate_hz: float) -> None:
        """The key is let go. What plays to its end does not care."""
        self.held = self.pedalled = False
        manner = self.manner
        if self.released or manner is None or manner.patch is None or manner.envelope is None:
            return
        if manner.patch.play_mode == "one-shot":
            return
        self._let_go(frame, rate_hz)

    def end(self, frame: float, rate_hz: float) -> None:
        """Make room for the same note played again: its release, whatever the mode."""
        self.held = self.pedalled = False
        if self.manner is None or self.manner.envelope is None:
            self.cut(frame, STOP_S * rate_hz)
        elif not self.released:
            self._let_go(frame, rate_hz)

    def _let_go(self, frame: float, rate_hz: float) -> None:
        manner = self.manner
        if manner is None or manner.envelope is None:
            return
        if manner.envelope.release.frames < _STEEP_S * rate_hz:
            self.cut(frame, manner.envelope.release.frames)
            return
        self.release_at = frame
        self.release_level = manner.envelope.level(frame - self.born)

    def cut(self, frame: float, frames: float) -> None:
        """Fade out and end, whatever the envelope; where it fades out already, it does so more quickly from now on."""
        if frame + frames < self.gone:
            self.falls.append((frame, frames))

    def give_way(self, frame: float, frames: float) -> None:
        """Fade out while another takes over, and with it all whom this one is still taking over from: however quickly
        one follows the other, their shares make 1."""
        voice: Voice | None = self
        while voice is not None:
            voice.falls.append((frame, frames))
            voice = voice.elder

    @property
    def gone(self) -> float:
        """The frame at which its fades have brought it to nothing."""
        return min((frame + frames for frame, frames in self.falls), default=NEVER)

    @property
    def sweeping(self) -> bool:
        """Whether its filter is on its way, with a glide or a knob."""
        return self.filtered and (self.cutoff.moving or self.resonance.moving)

    # pitch

    def bend_range(self) -> tuple[float, float]:
        """Semitones that the pitch wheel of its channel, and MPE's master wheel, move it at their ends."""
        patch = self.manner.patch if self.manner is not None else None
        if patch is None:
            return 0.0, 0.0
        return (_MEMBER_BEND, float(patch.bend_range)) if self.member else (float(patch.bend_range), 0.0)

    # level

    def shape(self, gains: Gains, row: int, now: int, frames: int) -> None:
        """Write how loud it is in this chunk into a row of gains."""
        manner = self.manner
        if manner is None:
            return
        first = max(0, self.begins - now)
        gains.constant(row, 0, first, 0.0)
        gains.constant(row, 0, frames, manner.level * self.velocity_gain)
        if manner.envelope is not None:
            self._envelope(manner.envelope, gains, row, now, frames)
        if now < self.fade_at + self.fade_frames:
            gains.fade(row, now - self.fade_at, self.fade_frames, rising=True)
        for frame, length in self.falls:
            gains.fade(row, now - frame, length, rising=False)

    def _envelope(self, envelope: Envelope, gains: Gains, row: int, now: int, frames: int) -> None:
        age = now - self.born
        if self.release_at == NEVER and age >= envelope.settled:
            gains.constant(row, 0, frames, envelope.sustain)
            return
        let_go = frames if self.release_at == NEVER else min(frames, max(0, math.ceil(self.release_at - now)))
        rising, falling = envelope.attack.frames, envelope.decay.frames
        risen = min(let_go, max(0, math.ceil(rising - age))) if rising else 0
        settled = min(let_go, max(0, math.ceil(envelope.settled - age))) if falling else risen
        gains.stage(row, 0, risen, envelope.attack, age, 0.0, 1.0)
        gains.stage(row, risen, settled, envelope.decay, age - rising, 1.0, envelope.sustain)
        gains.constant(row, settled, let_go, envelope.sustain)
        gains.stage(row, let_go, frames, envelope.release, now - self.release_at, self.release_level, 0.0)

    def silenced(self, frame: int) -> bool:
        """Whether its envelope or a fade has brought it to nothing for good."""
        manner = self.manner
        if manner is None or (self.falls and frame >= self.gone):
            return True
        if frame <= self.begins:
            return False
        envelope = manner.envelope
        if envelope is not None:
            if self.released:
                if frame >= self.release_at + envelope.release.frames:
                    return True
            elif envelope.sustain == 0 and frame >= self.born + envelope.settled:
                return True
        return False

    @property
    def finished(self) -> bool:
        """Whether its sound has come to its end."""
        manner = self.manner
        return manner is None or (manner.loop is None and self.position >= manner.playable.frames + _AFTER)
