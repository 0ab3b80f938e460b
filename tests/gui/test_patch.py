"""How a take is played is seen, dragged, typed and put back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from engine.params import PARAMS
from engine.patch import KEYS, Patch
from gui import theme
from gui.curves import filter_db, slopes
from gui.panels.patch import PatchPanel
from gui.widgets.handles import HandlesView
from gui.widgets.knob import Knob
from gui.widgets.segments import Segments


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication) -> PatchPanel:
    theme.apply(qapp)
    made = PatchPanel()
    qtbot.addWidget(made)
    made.resize(theme.SIDE_PX - 28, 1200)
    made.show_patch(Patch())
    made.show()
    return made


def drag(view: HandlesView, handle: str, by: QPoint) -> None:
    start = view.handles()[handle].toPoint()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view, start + by / 2)
    QTest.mouseMove(view, start + by)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + by)


def patch_of(panel: PatchPanel) -> Patch:
    assert panel.patch is not None
    return panel.patch


def test_every_parameter_of_a_patch_has_a_control_or_a_field(panel: PatchPanel) -> None:
    with_knobs = {target.removeprefix("patch.") for target in panel.knobs()}
    assert with_knobs | {"key_low", "key_high"} == set(KEYS)
    assert {"root_note", "loop_s", "key_low", "key_high"} <= set(panel.playing.fields)
    for control in panel.knobs().values():
        assert control.accessibleName().startswith(control.spec.label)
        assert control.spec.help in control.toolTip()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_patch_is_shown_and_what_is_moved_comes_back_in_it(panel: PatchPanel) -> None:
    seen: list[Patch] = []
    panel.changed.connect(seen.append)
    shown = Patch(attack_s=0.2, filter_type="high-pass", play_mode="loop", loop_s=(0.1, 0.5), root_note=66.12)
    panel.show_patch(shown)
    assert seen == [], "the program's own changes are told to nobody"
    knobs = panel.knobs()
    assert knobs["patch.attack_s"].text() == "200 ms"
    assert (panel.playing.root.text(), panel.playing.begin.text()) == ("F#4 +12", "0.1 s")
    QTest.keyClick(knobs["patch.play_mode"], Qt.Key.Key_Left)
    QTest.keyClick(knobs["patch.transpose"], Qt.Key.Key_Up)
    assert seen[-1] == patch_of(panel)
    assert (seen[-1].play_mode, seen[-1].transpose, seen[-1].attack_s) == ("gated", 1, 0.2)


def test_without_a_take_nothing_can_be_moved(panel: PatchPanel) -> None:
    panel.show_patch(None)
    assert not any(control.isEnabled() for control in panel.knobs().values())
    assert panel.patch is None


def test_the_envelope_is_dragged_at_its_points(panel: PatchPanel) -> None:
    view = panel.envelope.view
    panel.show_patch(Patch(attack_s=0.5, decay_s=0.5, sustain_db=-12))
    before = patch_of(panel)
    drag(view, "attack", QPoint(8, 0))
    assert patch_of(panel).attack_s > before.attack_s
    drag(view, "decay", QPoint(10, -20))
    assert patch_of(panel).decay_s > before.decay_s
    assert patch_of(panel).sustain_db > before.sustain_db + 3
    drag(view, "release", QPoint(-20, 0))
    assert patch_of(panel).release_s > before.release_s
    for handle, key, way in (("attack_bend", "attack_s", -1), ("decay_bend", "decay_s", 1)):
        straight = patch_of(panel).having(handle, 0.0)
        panel.show_patch(straight)
        drag(view, handle, QPoint(0, 12 * way))
        assert patch_of(panel).number(handle) > 0.2, "fast then slow bulges away from the straight line"
        assert patch_of(panel).number(key) == straight.number(key)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=view.handles()["decay"].toPoint())
    assert (patch_of(panel).decay_s, patch_of(panel).sustain_db) == (Patch().decay_s, Patch().sustain_db)


def test_the_filter_is_dragged_and_taking_it_turns_it_on(panel: PatchPanel) -> None:
    view = panel.filter.view
    assert patch_of(panel).filter_type == "off"
    drag(view, "point", QPoint(-40, -24))
    patch = patch_of(panel)
    assert patch.filter_type == "low-pass"
    assert patch.cutoff_hz < 4000
    assert patch.resonance == pytest.approx(10 + 40, abs=4)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(30, 60))
    assert patch_of(panel).cutoff_hz == pytest.approx(view_hz(view, 30), rel=0.05), "the point comes to the mouse"


def view_hz(view: HandlesView, x: float) -> float:
    box = view.plot_rect()
    return PARAMS["cutoff_hz"].at((x - box.left()) / box.width())


def test_the_pictures_are_of_what_is_heard() -> None:
    hz = np.array([20.0, 1000.0, 8000.0])
    low = filter_db(Patch(filter_type="low-pass", cutoff_hz=1000, resonance=0), hz)
    assert low == pytest.approx([0, -3.0, -37], abs=1.0)
    loud = filter_db(Patch(filter_type="low-pass", cutoff_hz=1000, resonance=100), hz)
    assert loud[1] == pytest.approx(26.0, abs=0.1)
    band = filter_db(Patch(filter_type="band-pass", cutoff_hz=1000, resonance=100), hz)
    assert band[1] == pytest.approx(0.0, abs=0.1)
    assert band[0] < -50
    shapes = slopes(Patch(attack_s=1, sustain_db=-20, attack_bend=-0.5), 11)
    assert shapes["attack_bend"][0] == 0
    assert shapes["attack_bend"][-1] == 1
    assert shapes["attack_bend"][5] < 0.3, "slow then fast"
    assert shapes["decay_bend"][5] > 0.7, "fast then slow"


def test_resets_put_back_a_knob_a_card_and_only_that_card(panel: PatchPanel) -> None:
    panel.show_patch(Patch(attack_s=1.0, release_s=2.0, cutoff_hz=300, key_low=40, loop_s=(0.0, 1.0)))
    QTest.keyClick(panel.knobs()["patch.attack_s"], Qt.Key.Key_Delete)
    assert patch_of(panel).attack_s == 0
    assert not panel.envelope._reset.isHidden()
    panel.envelope.reset()
    assert patch_of(panel) == Patch(cutoff_hz=300, key_low=40, loop_s=(0.0, 1.0))
    assert panel.envelope._reset.isHidden(), "nothing is left to reset"
    panel.playing.reset()
    assert patch_of(panel) == Patch(cutoff_hz=300)


def test_notes_and_moments_are_typed_and_nonsense_is_taken_back_with_a_word(panel: PatchPanel) -> None:
    panel.playing.unfold(True)
    said: list[str] = []
    panel.said.connect(said.append)
    playing = panel.playing

    def type_into(field: object, text: str) -> None:
        field.setText(text)  # type: ignore[attr-defined]
        field.setModified(True)  # type: ignore[attr-defined]
        QTest.keyClick(field, Qt.Key.Key_Return)  # type: ignore[arg-type]

    type_into(playing.root, "f#4 -12")
    assert patch_of(panel).root_note == pytest.approx(65.88)
    type_into(playing.root, "")
    assert patch_of(panel).root_note is None
    type_into(playing.low, "C-1")
    type_into(playing.high, "48")
    type_into(playing.low, "C5")
    assert (patch_of(panel).key_low, patch_of(panel).key_high) == (72, 72), "the other end gives way"
    type_into(playing.begin, "120 ms")
    assert patch_of(panel).loop_s is None, "a loop has two ends"
    type_into(playing.end, "0,5")
    assert patch_of(panel).loop_s == (0.12, 0.5)
    assert said == []
    type_into(playing.end, "0.1")
    assert patch_of(panel).loop_s == (0.12, 0.5)
    assert playing.end.text() == "0.5 s"
    type_into(playing.root, "H9")
    assert playing.root.text() == ""
    assert said == [
        "A loop must begin before it ends.",
        "“H9” is no note. Write one like C3, F#1 or Bb2, or a MIDI number.",
    ]


def test_a_choice_is_picked_by_mouse_keys_and_wheel(qtbot: QtBot) -> None:
    choice = Segments(PARAMS["filter_type"])
    qtbot.addWidget(choice)
    choice.resize(236, 26)
    choice.show()
    QTest.mouseClick(choice, Qt.MouseButton.LeftButton, pos=choice.cell(2).center().toPoint())
    assert choice.accessibleName() == "Filter: high-pass"
    QTest.keyClick(choice, Qt.Key.Key_Right)
    QTest.keyClick(choice, Qt.Key.Key_Right)
    assert choice.value == 3
    QTest.keyClick(choice, Qt.Key.Key_Home)
    assert choice.value == 0
    assert sum(choice.cell(place).width() for place in range(4)) == pytest.approx(232)


@pytest.mark.parametrize(
    ("key", "typed", "value", "shown"),
    [
        ("decay_s", "640 ms", 0.64, "640 ms"),
        ("decay_s", "1.2 s", 1.2, "1.2 s"),
        ("decay_s", "1,5", 1.5, "1.5 s"),
        ("release_s", "120", 0.12, "120 ms"),  # it shows 80 ms
        ("cutoff_hz", "7.8k", 7800, "7.8 kHz"),
        ("cutoff_hz", "440", 440, "440 Hz"),  # 440 kHz is none of its values
        ("cutoff_hz", "12", 12000, "12 kHz"),
        ("sustain_db", "−9 dB", -9, "−9 dB"),
        ("transpose", "-7", -7, "−7 st"),
        ("cutoff_hz", "99 kHz", 20000, "20 kHz"),
        ("cutoff_hz", "bright", 4000, "4 kHz"),
    ],
)
def test_values_are_typed_with_or_without_units(qtbot: QtBot, key: str, typed: str, value: float, shown: str) -> None:
    knob = Knob(PARAMS[key])
    qtbot.addWidget(knob)
    knob.show()
    QTest.keyClick(knob, Qt.Key.Key_Return)
    knob._edit.setText(typed)
    QTest.keyClick(knob._edit, Qt.Key.Key_Return)
    assert knob.value == pytest.approx(value)
    assert knob.text() == shown


def test_opening_the_field_of_a_rounded_value_changes_nothing(qtbot: QtBot) -> None:
    knob = Knob(PARAMS["cutoff_hz"])
    qtbot.addWidget(knob)
    knob.show()
    knob.set_value(1234.567)
    QTest.keyClick(knob, Qt.Key.Key_Return)
    QTest.keyClick(knob._edit, Qt.Key.Key_Return)
    assert knob.value == 1234.567


def test_scrolling_past_a_knob_moves_nothing(qtbot: QtBot) -> None:
    area, panel = QScrollArea(widgetResizable=True), PatchPanel()
    qtbot.addWidget(area)
    panel.show_patch(Patch())
    area.setWidget(panel)
    area.resize(260, 400)
    with qtbot.waitExposed(area):
        area.show()
    knob = panel.knobs()["patch.decay_s"]
    turn_wheel(knob)
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() > 0, timeout=10_000)
    assert knob.at_rest
    area.verticalScrollBar().setValue(0)
    area.activateWindow()
    knob.setFocus()
    qtbot.waitUntil(knob.hasFocus, timeout=10_000)
    turn_wheel(knob)
    qtbot.waitUntil(lambda: not knob.at_rest, timeout=10_000)
    assert knob.position < knob.spec.position(knob.spec.default)


def turn_wheel(control: QWidget) -> None:
    window = control.window()
    at = control.mapTo(window, control.rect().center())
    QTest.wheelEvent(window.windowHandle(), at, QPoint(0, -120))


def test_nothing_in_the_panel_is_wider_than_the_pane(panel: PatchPanel) -> None:
    for card in (panel.envelope, panel.filter, panel.playing):
        card.unfold(True)
    assert panel.minimumSizeHint().width() <= theme.SIDE_PX - 28
    for control in panel.knobs().values():
        right = control.mapTo(panel, QPoint(control.width(), 0)).x()
        assert right <= panel.width()
        words = control.fontMetrics().horizontalAdvance(control.caption)
        assert isinstance(control, Segments) or words <= control.width() + 8
    assert QPointF(0, 0) not in panel.envelope.view.handles().values()
