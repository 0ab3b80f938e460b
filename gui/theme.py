"""The look: colours, fonts and stylesheet from `resources/theme` and `resources/fonts`, applied once by `app.py`."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from engine.paths import resources

GRID = 8  # px; spacings are its multiples, or half of it inside a control
SIDE_PX = 264  # width of the panes left and right

_FOLDER = resources() / "theme"
COLOURS: dict[str, str] = tomllib.loads((_FOLDER / "dark.toml").read_text(encoding="utf-8"))

Weight = QFont.Weight


def colour(name: str, alpha: float = 1.0) -> QColor:
    """A colour of `dark.toml`; alpha 0..1."""
    return QColor(_mixed(name, alpha))


@cache
def _mixed(name: str, alpha: float) -> QColor:
    """Kept, because reading one takes longer than painting with it. Nobody may change it."""
    value = QColor(COLOURS[name])
    value.setAlphaF(alpha)
    return value


def font(pixels: int = 13, weight: QFont.Weight = Weight.Normal, tracking_px: float = 0.0) -> QFont:
    """Inter at a size in px, with tabular figures so that numbers do not dance."""
    made = QFont("Inter")
    made.setPixelSize(pixels)
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tracking_px:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, tracking_px)
    return made


def title_font() -> QFont:
    """Small capitals, for the titles of cards only."""
    made = font(11, Weight.DemiBold, 0.9)
    made.setCapitalization(QFont.Capitalization.AllUppercase)
    return made


def stylesheet() -> str:
    """`dark.qss` with its colour names filled in."""
    text = (_FOLDER / "dark.qss").read_text(encoding="utf-8")
    return re.sub(r"@(\w+)", lambda match: COLOURS[match.group(1)], text)


def apply(app: QApplication) -> None:
    """Fonts, palette and stylesheet of the whole program."""
    for file in sorted((resources() / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))
    app.setStyle("Fusion")
    app.setFont(font())
    app.setPalette(_palette())
    app.setStyleSheet(stylesheet())


def _palette() -> QPalette:
    role = QPalette.ColorRole
    names = {
        role.Window: "ground",
        role.WindowText: "text",
        role.Base: "well",
        role.AlternateBase: "pane",
        role.Text: "text",
        role.PlaceholderText: "quiet",
        role.Button: "pane",
        role.ButtonText: "text",
        role.Highlight: "ember",
        role.HighlightedText: "text",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.Link: "note",
    }
    palette = QPalette()
    for key, name in names.items():
        palette.setColor(key, colour(name))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, colour("edge"))
    return palette
