"""The mixer obeys the sampler's actions, as far as it can: until the sampler takes its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from engine.audio import actions, mixer
from engine.audio.actions import Action, Instrument, Route
from engine.audio.playable import Playable
from engine.audio.ring import Ring
from engine.audio.voice import Start


class Mixer:
    def __init__(
        self,
        rate_hz: int,
        actions: Ring[Action],
        words: npt.NDArray[np.float64],
        gain: float,
        incoming: Callable[[int], Iterable[tuple[int, Action]]],
    ) -> None:
        self._actions = actions
        self._incoming = incoming
        self._ring: Ring[mixer.Action] = Ring()
        self._mixer = mixer.Mixer(rate_hz, self._ring, words, gain)
        self._route = Route()
        self._owns: dict[str, Playable] = {}

    def plays(self, playable: Playable) -> bool:
        return self._mixer.plays(playable)

    def render(self, out: npt.NDArray[np.float32]) -> None:
        while (action := self._actions.get()) is not None:
            self._obey(action)
        for _, action in self._incoming(len(out)):
            self._obey(action)
        self._mixer.render(out)

    def _obey(self, action: Action) -> None:
        match action:
            case actions.Preview(_, playable, position, step, fade_in, loop):
                self._ring.put(Start(playable, position, step, 1.0, fade_in, loop, None))
            case actions.NoteOn(instrument, _, note, velocity):
                armed: Instrument | None = self._route.pads.get(int(note), self._route.armed)
                instrument = instrument or armed
                if instrument is not None:
                    own = instrument.own
                    step = own.step * 2.0 ** ((note - own.root_note) / 12)
                    self._ring.put(Start(own, 0.0, step, (velocity / 127) ** 2, 0, own.loop, note))
            case actions.NoteOff(_, note):
                self._ring.put(mixer.Release(note))
            case Route():
                self._route = action
            case actions.Equip(instrument):
                old = self._owns.get(instrument.key)
                if old is not None and old is not instrument.own:
                    self._ring.put(mixer.Drop(old))
                self._owns[instrument.key] = instrument.own
            case actions.Drop(playable):
                self._ring.put(mixer.Drop(playable))
            case actions.Quiet():
                self._ring.put(mixer.Release(None))
            case actions.MasterGain(gain):
                self._ring.put(mixer.MasterGain(gain))
            case _:
                pass
