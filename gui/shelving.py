"""Presets and takes: what a preset asks for becomes a take that is edited, played and shaped as it says, and back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from engine.errors import BadRequest
from engine.latent.slots import Slots, slots_json
from engine.library import Library
from engine.patch import Patch
from engine.presets.preset import CATEGORIES, Asked, Category, Preset
from engine.presets.shelf import Kept, Shelf
from engine.request import Take
from gui.bending import Bending
from gui.bridge import Bridge
from gui.listening import Listening
from gui.panels.presets import PresetsPanel


class Shelving(QObject):
    """Owns the panel of presets. Emits `said` with a line for the status."""

    said = Signal(str)

    def __init__(self, listening: Listening, bending: Bending, library: Library, bridge: Bridge) -> None:
        super().__init__(bending)
        self._listening, self._bending, self._library, self._bridge = listening, bending, library, bridge
        self.panel = PresetsPanel()
        self._shelf: Shelf | None = None
        self._expected: dict[str, Preset] = {}  # by request_id
        self.panel.save_wanted.connect(self.save)
        self.panel.remove_wanted.connect(self.remove)
        self.panel.naming.connect(self._offer_category)
        listening.taken.connect(lambda take: self.panel.show_able(take is not None))

    def start(self) -> None:
        """Reads the shelf, in the disk's thread."""
        self._bridge.run(Shelf, self._take_shelf)

    def expect(self, request_id: str, preset: Preset) -> None:
        """The take of this request is a preset's."""
        self._expected[request_id] = preset

    def dressed(self, take: Take) -> Take:
        """A take that has just come, with what its preset does to it; any other as it is."""
        preset = self._expected.pop(take.request.request_id, None)
        if preset is None:
            return take
        edits = slots_json(Slots(chains=(preset.chain, None, None, None)))
        take = replace(take, patch=None if preset.patch == Patch() else preset.patch, shape=preset.shape, edits=edits)

        def keep() -> None:
            self._library.keep_edits(take.take_id, edits)
            self._library.keep_shape(take.take_id, preset.shape)
            self._library.keep_patch(take.take_id, preset.patch)

        self._bridge.run(keep, lambda _: None)
        return take

    def save(self, name: str, category: Category) -> None:
        """Puts how the take in hand was made on the shelf."""
        preset = self._bridge.attempt(lambda: self._preset(name, category))
        shelf = self._shelf
        if preset is None or shelf is None:
            return

        def kept(found: Kept) -> None:
            self.panel.show_saving(False)
            self.panel.search.clear()
            self.panel.refresh()
            self.panel.list.choose(found.preset.name)
            self.said.emit(f"“{found.preset.name}” is on the shelf, among {found.preset.category}")

        self._bridge.run(lambda: shelf.save(preset), kept)

    def remove(self, kept: Kept) -> None:
        """One of the user's own goes to the trash folder."""
        shelf = self._shelf
        if shelf is None:
            return
        if not kept.mine:
            self.said.emit(f"“{kept.preset.name}” comes with the program and stays.")
            return
        self._bridge.run(partial(shelf.remove, kept), lambda _: self._removed(kept))

    def _removed(self, kept: Kept) -> None:
        self.panel.refresh()
        self.said.emit(f"“{kept.preset.name}” moved to the trash folder of your presets; nothing is deleted")

    def _take_shelf(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.panel.show_shelf(shelf)
        if shelf.problems:
            more = len(shelf.problems) - 1
            self.said.emit(shelf.problems[0] + (f" And {more} more." if more else ""))

    def _preset(self, name: str, category: Category) -> Preset:
        take = self._listening.take
        if take is None:
            raise BadRequest("There is no take to make a preset of.")
        if take.request.source:
            raise BadRequest("A preset begins with words; this take began with a sound.")
        return Preset(
            name=name,
            category=category,
            request=Asked.of(take.request),
            edits=tuple(edit for edit in self._bending.editing.chain.edits if not edit.idle),
            shape=self._bending.shaping.shape,
            patch=self._listening.patch_of(take),
        )

    def _offer_category(self) -> None:
        take = self._listening.take
        if take is not None:
            self.panel.offer_category(fitting_category(take.request.prompt, take.sound.root_note is not None))


def fitting_category(prompt: str, pitched: bool) -> Category:
    """The category whose name is among the words; else one that any sound fits into."""
    words = prompt.casefold().split()
    for category in CATEGORIES:
        if any(name.removesuffix("s") in (word, word.removesuffix("s")) for name in category.split() for word in words):
            return category
    return "keys" if pitched else "percussion"
