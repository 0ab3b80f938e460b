"""Makes the manual's picture of the window: the real program with a library of its own, on whatever display there is.

python docs/screenshot.py docs/images/window.png
python docs/screenshot.py /tmp/window.png --tone --size 1100x700     a plain tone instead of the model
python docs/screenshot.py /tmp/window.png --left pads --right shape --settings --chord
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

PROMPTS = (
    "dusty felt piano, soft attack", "808 with a long glide in F1", "reese, detuned, dirty", "tight wooden rim",
    "airy choir pad", "gong, dark and long", "nylon guitar pluck, dry", "lo-fi snare", "punchy kick",
    "bright supersaw stab", "glassy plucked bell with a long airy tail, in F#4",
)  # fmt: skip
_DEADLINE_MS = 600_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--prompts", nargs="+", default=PROMPTS, help="in this order; the last one is shown")
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--tone", action="store_true", help="a plain tone instead of the model")
    parser.add_argument("--empty", action="store_true", help="no takes: the first start")
    parser.add_argument("--left", choices=("takes", "pads"), default="takes")
    parser.add_argument("--right", choices=("ask", "shape"), default="ask")
    parser.add_argument("--strip", help="page of the latent strip, such as Own")
    parser.add_argument("--settings", action="store_true", help="with the audio and MIDI settings open")
    parser.add_argument("--chord", action="store_true", help="while a chord is held")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["LATENTE_HOME"] = home
        Session(arguments).run()


class Session:
    """Generates each prompt through the window, as a user would, then saves what is seen."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        from engine.audio.player import Player
        from engine.library import Library
        from engine.settings import Settings
        from engine.studio import Studio
        from gui import theme
        from gui.app import load_generator
        from gui.bridge import Bridge
        from gui.main_window import MainWindow

        self.app = QApplication(sys.argv[:1])
        theme.apply(self.app)
        settings = Settings(variations=1)
        self.arguments, self.out = arguments, arguments.out
        self.prompts = [] if arguments.empty else list(arguments.prompts)
        self.library = Library(settings.library_folder())
        self.bridge = Bridge()
        self.studio = Studio(_tone if arguments.tone else load_generator, self.library, self.bridge.receive)
        self.player = Player()
        self.window = MainWindow(self.studio, self.player, self.library, settings, self.bridge)
        self.window.resize(*(int(part) for part in arguments.size.split("x")))
        self.window.making.ended.connect(lambda _summary: QTimer.singleShot(50, self.next))
        self.window.making.failed.connect(lambda line: sys.exit(line))
        self.later = QTimer.singleShot

    def run(self) -> None:
        self.window.show()
        self.later(0, self.window.start)
        self.later(1500, self.next)
        self.later(_DEADLINE_MS, self.app.quit)
        self.app.exec()
        self.studio.close()
        self.bridge.close()
        self.player.close()
        self.library.close()

    def next(self) -> None:
        """The next prompt; after the last one, a moment of playing, then the picture."""
        if self.prompts:
            count = 4 if len(self.prompts) == 1 else 1
            self.window.prompt.count.set_value(count)
            self.window.prompt.line.setText(self.prompts.pop(0))
            self.window.generate()
            return
        self.window.sound.sought.emit(0.4)
        self.arrange()
        self.later(1200, self.save)

    def arrange(self) -> None:
        """What the arguments ask to see."""
        window, arguments = self.window, self.arguments
        if arguments.left == "pads":
            window.left.show_page(1)
            shown = [window.takes.model.entry(row).take_id for row in range(window.takes.model.rowCount())]
            window.playing.drumming.lay(36, shown[3:])
        if arguments.right == "shape":
            window.right.show_page(1)
        for button in window.bending.panel.rail.buttons():
            if button.text() == arguments.strip:
                button.click()
        if arguments.settings:
            window.playing.toggle_settings()
        for note in (54, 61, 66) if arguments.chord else ():
            window.listening.note_on(note, 96)

    def save(self) -> None:
        self.out.parent.mkdir(parents=True, exist_ok=True)
        self.window.grab().save(str(self.out))
        self.app.quit()


def _tone(name: str) -> object:
    from tests.fakes import ToneGenerator

    return ToneGenerator()


if __name__ == "__main__":
    main()
