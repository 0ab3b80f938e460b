"""Recording what knobs do while the sound runs: turns become moves of the edits, pass by pass, each pass one step."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from engine.latent.chain import Chain, Region, movable
from engine.latent.moves import Overdub, value_at
from engine.params import PARAMS
from gui.editing import Editing
from gui.listening import Listening
from gui.live import Live

_BACK_S = 0.03  # a playhead that goes back further has begun again
_REMEMBERED = 500  # states of moves of which the passes are known


class Recording(QObject):
    """While armed and while the sound is heard, every turn of a latent knob is written at its moment; from its first
    turn in a pass to the end of that pass, a knob's moves are what is turned in it. Emits `changed` when it is armed or
    not any more and when something was recorded, `said` with a line for the status."""

    changed = Signal()
    said = Signal(str)

    def __init__(self, editing: Editing, listening: Listening, live: Live) -> None:
        super().__init__(editing)
        self._editing, self._listening, self._live = editing, listening, live
        self.armed = False
        self._last_s: float | None = None  # moment of the sound when it was looked last; None: it was silent
        self._hands: dict[tuple[str, Region | None], Overdub] = {}  # what was turned in this pass
        self._pass = 0  # number of this pass, or of the last one in which something was turned
        self._before = 0  # passes recorded before it
        self._passes: dict[object, int] = {}  # by the moves of a chain
        self._told: set[str] = set()
        editing.record_with(self._turned)
        listening.taken.connect(lambda _: self.arm(False))

    def arm(self, armed: bool) -> None:
        """Whether turns are recorded from now on."""
        armed = armed and self._editing.can_edit
        if armed == self.armed:
            return
        self.armed = armed
        self._told.clear()
        self._end_pass()
        if armed:
            playing = self._listening.position_s() is not None
            self.said.emit("recording moves: turn knobs" if playing else "turn knobs while the sound plays or loops")
        self.changed.emit()

    @property
    def passes(self) -> int:
        """How many passes the moves of the slot in hand were recorded in, as far as that was seen."""
        return self._passes.get(_moves_of(self._editing.chain), 0)

    def watch(self) -> None:
        """Sees when a pass ends; call it at the pace of the picture."""
        busy = self.armed or self._editing.chain.moved_keys  # else nobody asks where the sound is
        self._follow(self._moment() if busy else None)

    def values(self) -> dict[str, float]:
        """Where the knobs that have moves in the chosen part are now; while it is silent, where they begin."""
        moment = self._last_s or 0.0
        chain, region = self._editing.chain, self._editing.region
        moves = {key: chain.moves(key, region) for key in chain.moved_keys}
        return {key: value_at(key, some, moment) for key, some in moves.items() if some}

    def clear(self, key: str = "") -> None:
        """Takes away the moves of a knob in the chosen part, or all that the slot in hand has."""
        self._end_pass()
        self._editing.clear_moves(key)

    # -- inside

    def _turned(self, key: str, number: float) -> bool:
        """A slider was moved; whether that was recorded."""
        moment = self._moment() if self.armed else None
        if moment is None:
            return False
        if not movable(key):
            if key not in self._told:
                self._told.add(key)
                self.said.emit(f"{PARAMS[key].label} is one for the whole sound: it is set, not recorded")
            return False
        self._follow(moment)
        chain, region = self._editing.chain, self._editing.region
        hand = self._hands.get((key, region))
        if hand is not None and hand.moves != chain.moves(key, region):  # undone, or another slot
            self._end_pass()
            hand = None
        if not self._hands:
            self._pass += 1
            self._before = self.passes
        else:
            self._passes.pop(_moves_of(chain), None)  # half a pass is none
        if hand is None:
            before = chain.moves(key, region) or ((0.0, chain.value(key, region)),)
            hand = Overdub(before, backwards=self._backwards)
        self._hands[key, region] = hand = hand.turned(moment, number)
        self._editing.set_moves(key, number, hand.moves, self._pass)
        self._passes[_moves_of(self._editing.chain)] = self._before + 1
        while len(self._passes) > _REMEMBERED:
            del self._passes[next(iter(self._passes))]
        self.changed.emit()
        return True

    def _follow(self, moment: float | None) -> None:
        if moment is not None and self._last_s is not None:
            gone = self._last_s - moment if not self._backwards else moment - self._last_s
            if gone > _BACK_S:
                self._end_pass()
        elif moment is None:
            self._end_pass()
        self._last_s = moment

    def _end_pass(self) -> None:
        self._hands.clear()

    def _moment(self) -> float | None:
        """What is heard now, in the seconds of the sound that the edits make; None while it is silent."""
        position_s, now = self._listening.position_s(), self._live.now
        if position_s is None or now is None:
            return None
        line = now.timeline
        return min(max(0.0, line.turned(line.shown(position_s))), line.made_s)

    @property
    def _backwards(self) -> bool:
        now, take = self._live.now, self._listening.take
        mirrored = now is not None and now.timeline.mirrored
        return mirrored != (take is not None and self._listening.patch_of(take).reverse == "on")


def _moves_of(chain: Chain) -> object:
    return tuple((edit.kind, edit.region_s, edit.moves) for edit in chain.edits if edit.moves)
