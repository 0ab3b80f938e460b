"""The menu of the foot's MIDI button: ports, channel, MPE, computer keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QWidget

from gui.computer_keys import LAYOUTS
from gui.devices import DeviceChoices, channel_options, port_options
from gui.midi import Midi
from gui.widgets.menu_choice import Option, fill_menu


def midi_menu(
    parent: QWidget,
    choices: DeviceChoices,
    midi: Midi,
    layout: str,
    choose_layout: Callable[[str], None],
    open_settings: Callable[[], None],
) -> QMenu:
    """Built anew each time it opens, so that it shows what is there now."""
    menu = QMenu(parent)
    options = port_options(midi.ports, choices.midi) if midi.ports.available or choices.midi.ports else []
    if not options:
        menu.addAction(midi.ports.problem or "No MIDI input is connected").setEnabled(False)
    fill_menu(menu, options, lambda name: choices.toggle_port(name, midi.ports.available))
    menu.addSeparator()
    channel = menu.addMenu("Channel")
    fill_menu(channel, channel_options(choices.midi), lambda number: choices.change_midi(channel=number))
    mpe = menu.addAction("MPE: each note has a channel of its own")
    mpe.setCheckable(True)
    mpe.setChecked(choices.midi.mpe)
    mpe.triggered.connect(lambda checked: choices.change_midi(mpe=checked))
    menu.addSeparator()
    keys = menu.addMenu("Computer keys")
    fill_menu(keys, [Option(name, name, checked=name == layout) for name in LAYOUTS], choose_layout)
    menu.addAction("Audio and MIDI settings …\tCtrl+,", open_settings)
    return menu
