"""The user's own axes in the window: found in the library in the background, whenever their page comes to the front."""

from __future__ import annotations

from PySide6.QtCore import QObject

from engine.errors import BadRequest
from engine.library import Library
from engine.owned import OwnAxis, own_axes
from engine.request import Take
from gui.bridge import Bridge
from gui.editing import Editing
from gui.panels.own_page import OwnPage
from gui.spaces import Spaces

_Known = tuple[str, int, str]  # of which model the axes are, how many takes there were, and which was the newest


class Owning(QObject):
    """Axes are those of the model that made the take in hand. spaces: used in the pictures' thread alone."""

    def __init__(self, editing: Editing, page: OwnPage, library: Library, bridge: Bridge, spaces: Spaces) -> None:
        super().__init__()
        self._editing, self._page, self._library, self._bridge, self._spaces = editing, page, library, bridge, spaces
        self._seen: Take | None = None
        self._known: _Known | None = None
        page.shown.connect(self.look)
        editing.changed.connect(lambda _: self._follow())

    def look(self) -> None:
        """Find the axes anew if their page is seen and the library has changed since."""
        take = self._seen = self._editing.take
        if take is not None and self._page.isVisible():
            self._bridge.draw(lambda: self._found(take), self._show)

    def _follow(self) -> None:
        take = self._editing.take
        if take is self._seen:
            return
        if take is not None and self._known is not None and take.request.model != self._known[0]:
            self._show(((take.request.model, -1, ""), []))  # another model's latents go other ways
        self.look()

    def _found(self, take: Take) -> tuple[_Known, list[OwnAxis] | str] | None:
        newest = self._library.entries(1)
        known = take.request.model, self._library.count(), newest[0].take_id if newest else ""
        if known == self._known:
            return None
        try:
            return known, own_axes(self._library, take.request.model, self._spaces(take))
        except BadRequest as problem:
            return known, str(problem)

    def _show(self, found: tuple[_Known, list[OwnAxis] | str] | None) -> None:
        if found is None:
            return
        self._known, axes = found
        self._page.show_axes(axes)
        self._editing.set_own({} if isinstance(axes, str) else {axis.key: axis.points for axis in axes})
