"""The library of takes: every sound that was made, found again."""

from engine.library.entry import Entry
from engine.library.library import Library
from engine.library.repair import repair

__all__ = ["Entry", "Library", "repair"]
