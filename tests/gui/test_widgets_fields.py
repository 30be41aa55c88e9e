"""The fields of a form, driven by real keys and clicks."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, SignalInstance
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.core.forms.field_values import number_text, read_number
from cnnstudio.core.forms.fields import Integer, Number, Parts
from cnnstudio.gui.fields.composite import PartsEditor
from cnnstudio.gui.fields.editor import EditorContext
from cnnstudio.gui.fields.factory import make_editor
from cnnstudio.gui.fields.simple import IntegerEditor
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.number import NumberField
from cnnstudio.gui.widgets.quiet_combo import QuietCombo
from cnnstudio.gui.widgets.segmented import Segmented
from cnnstudio.gui.widgets.spin import IntSpin
from cnnstudio.gui.widgets.whole_spin import WholeSpin, power_of_two_above, power_of_two_below

LEFT = Qt.MouseButton.LeftButton
PADDING = [("same", "Same"), ("valid", "Valid"), ("causal", "Causal")]


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> QWidget:
    made = QWidget()
    QVBoxLayout(made)
    qtbot.addWidget(made)
    return made


def shown(page: QWidget, field: QWidget, qtbot: QtBot) -> None:
    layout = page.layout()
    assert layout is not None
    layout.addWidget(field)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()


def heard(signal: SignalInstance) -> list[object]:
    got: list[object] = []
    signal.connect(got.append)
    return got


def wheel(target: QWidget) -> None:
    place = QPointF(target.rect().center())
    event = QWheelEvent(
        place, QPointF(target.mapToGlobal(place.toPoint())), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(target, event)


def test_a_click_on_a_segment_chooses_it_once(page: QWidget, qtbot: QtBot) -> None:
    field = Segmented(PADDING, "Padding")
    shown(page, field, qtbot)
    got = heard(field.chosen)
    for _ in range(2):
        QTest.mouseClick(field.button("valid"), LEFT)
    assert field.value() == "valid"
    assert got == ["valid"]
    assert not field.button("same").isChecked()


def test_arrow_keys_walk_over_the_segments_and_stop_at_the_ends(page: QWidget, qtbot: QtBot) -> None:
    field = Segmented(PADDING)
    shown(page, field, qtbot)
    got = heard(field.chosen)
    field.button("same").setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up):
        QTest.keyClick(page.focusWidget(), key)
    assert got == ["valid", "causal", "valid"]
    assert page.focusWidget() is field.button("valid")


def test_arrow_keys_jump_over_a_segment_that_cannot_be_chosen(page: QWidget, qtbot: QtBot) -> None:
    field = Segmented(PADDING)
    shown(page, field, qtbot)
    field.button("valid").setEnabled(False)
    field.button("same").setFocus()
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Right)
    assert field.value() == "causal"


def test_tab_reaches_only_the_segment_that_is_on(page: QWidget, qtbot: QtBot) -> None:
    field = Segmented(PADDING)
    shown(page, field, qtbot)
    reached = [value for value, _ in PADDING if field.button(value).focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert reached == ["same"]


def test_showing_a_value_in_a_segmented_control_is_silent(page: QWidget) -> None:
    field = Segmented(PADDING, "Padding")
    got = heard(field.chosen)
    field.set_value("causal")
    assert (field.value(), got) == ("causal", [])
    assert field.button("causal").accessibleName() == "Padding: Causal"
    with pytest.raises(ValueError, match="full"):
        field.set_value("full")


@pytest.mark.parametrize(
    ("value", "below", "above"),
    [(0, 0, 1), (1, 0, 2), (2, 1, 4), (3, 2, 4), (32, 16, 64), (48, 32, 64), (63, 32, 64), (65, 64, 128)],
)
def test_neighbouring_powers_of_two(value: int, below: int, above: int) -> None:
    assert power_of_two_below(value) == below
    assert power_of_two_above(value) == above


def test_keys_step_filters_by_powers_of_two_within_the_range(page: QWidget, qtbot: QtBot) -> None:
    field = WholeSpin(Integer(1, 100, powers_of_two=True))
    shown(page, field, qtbot)
    field.show_value(48)
    field.setFocus()
    seen = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_PageDown):
        QTest.keyClick(field, key)
        seen.append(field.value())
    assert seen == [64, 100, 64, 1, 1]


def test_an_arrow_that_can_not_step_any_more_looks_so_at_once(page: QWidget, qtbot: QtBot) -> None:
    class Painted(WholeSpin):
        count = 0

        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            self.count += event.rect().contains(self.rect())

    field = Painted(Integer(1, 100))
    shown(page, field, qtbot)
    field.show_value(10)
    field.selectAll()
    QApplication.processEvents()
    for digit in ("1", "2"):
        before = field.count
        QTest.keyClicks(field, digit)
        QApplication.processEvents()
        assert field.count == before + 1


def test_any_number_can_be_typed_into_a_field_of_powers(page: QWidget, qtbot: QtBot) -> None:
    field = WholeSpin(Integer(1, 4096, powers_of_two=True))
    shown(page, field, qtbot)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "48")
    assert field.value() == 48


@pytest.mark.parametrize("make", [lambda: IntSpin(0, 9), lambda: WholeSpin(Integer(0, 9))])
def test_the_wheel_changes_a_number_only_with_the_keyboard_focus(
    make: Callable[[], IntSpin | WholeSpin], page: QWidget, qtbot: QtBot
) -> None:
    field, other = make(), make()
    if isinstance(field, WholeSpin):
        field.show_value(0)
    shown(page, field, qtbot)
    shown(page, other, qtbot)
    other.show()
    other.setFocus()
    wheel(field)
    assert field.value() == 0
    field.setFocus()
    wheel(field)
    assert field.value() == 1


@pytest.mark.parametrize("field", [lambda: IntSpin(0, 9), lambda: WholeSpin(Integer()), QuietCombo])
def test_the_wheel_alone_never_gives_a_field_the_focus(field: Callable[[], QWidget], qtbot: QtBot) -> None:
    made = field()
    qtbot.addWidget(made)
    assert made.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_the_text_of_a_number_stands_clear_of_the_border(page: QWidget) -> None:
    assert IntSpin(0, 9, parent=page).lineEdit().textMargins().left() >= 8
    assert WholeSpin(Integer(), parent=page).lineEdit().textMargins().left() >= 8


def test_the_tooltip_says_the_range(page: QWidget) -> None:
    assert IntSpin(1, 7, parent=page).toolTip() == "1 to 7"
    assert WholeSpin(Integer(1, 7), parent=page).toolTip() == "1 to 7"
    assert "powers of two" in WholeSpin(Integer(1, powers_of_two=True), parent=page).toolTip()
    assert WholeSpin(Integer(1), parent=page).toolTip() == "1 or more"
    assert WholeSpin(Integer(), parent=page).toolTip() == ""


def test_the_unit_stands_behind_the_number_and_goes_with_it(page: QWidget, qtbot: QtBot) -> None:
    field = WholeSpin(Integer(1, unit="epochs"))
    field.show_value(5)
    shown(page, field, qtbot)
    unit = next(one for one in field.findChildren(QLabel) if one.text() == "epochs")
    before = unit.x()
    assert unit.isVisible()
    field.lineEdit().selectAll()
    QTest.keyClicks(field, "500")
    assert (field.value(), field.text()) == (500, "500")
    assert unit.x() > before
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(field, Qt.Key.Key_Delete)
    assert not unit.isVisible()


def pair(theme: Theme) -> PartsEditor:
    return PartsEditor(Parts((Integer(1), Integer(1))), EditorContext(theme, False, make_editor))


def second(field: PartsEditor) -> WholeSpin:
    assert isinstance(field.parts[1], IntegerEditor)
    return field.parts[1].spin


def values(field: PartsEditor) -> list[int | None]:
    return [part.spin.value() for part in field.parts if isinstance(part, IntegerEditor)]


def test_linked_numbers_change_together_in_one_signal(page: QWidget, theme: Theme, qtbot: QtBot) -> None:
    field = pair(theme)
    field.show_value((3, 3))
    shown(page, field, qtbot)
    got = heard(field.edited)
    second(field).setFocus()
    QTest.keyClick(second(field), Qt.Key.Key_Up)
    assert got == [(4, 4)]
    assert values(field) == [4, 4]


def test_unlinked_numbers_change_alone_and_meet_when_linked_again(
    page: QWidget, theme: Theme, qtbot: QtBot
) -> None:
    field = pair(theme)
    assert field.link is not None
    field.show_value((3, 3))
    shown(page, field, qtbot)
    got = heard(field.edited)
    QTest.mouseClick(field.link, LEFT)
    QTest.keyClick(second(field), Qt.Key.Key_Up)
    QTest.mouseClick(field.link, LEFT)
    assert got == [(3, 4), (3, 3)]


def test_showing_two_different_numbers_undoes_the_link_silently(
    page: QWidget, theme: Theme, qtbot: QtBot
) -> None:
    field = pair(theme)
    assert field.link is not None
    shown(page, field, qtbot)
    field.set_texts("Stride", "How far the kernel moves.")
    got = heard(field.edited)
    field.show_value((2, 1))
    assert (values(field), field.link.isChecked(), got) == ([2, 1], False, [])
    assert second(field).accessibleName() == "Stride width"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.001, "0.001"), (1e-5, "1e-5"), (64.0, "64"), (0.1, "0.1"), (1.5e20, "1.5e20"), (-0.25, "-0.25")],
)
def test_a_number_is_written_as_people_write_it(number: float, text: str) -> None:
    assert number_text(number) == text
    assert read_number(text, Number()) == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Write a number"),
        ("0,5", "point, not a comma"),
        ("abc", "“abc” is not a number"),
        ("nan", "finite"),
        ("1e999", "finite"),
        ("1_0", "not a number"),
        ("0", "above 0"),
        ("1.5", "at most 1"),
    ],
)
def test_what_cannot_be_accepted_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_number(text, Number(0, 1, open_lowest=True))


def typed(field: NumberField, text: str) -> None:
    field.edit.setFocus()
    field.edit.selectAll()
    QTest.keyClicks(field.edit, text)


def test_invalid_text_stays_in_red_with_its_reason_and_changes_nothing(
    page: QWidget, theme: Theme, qtbot: QtBot
) -> None:
    field = NumberField(Number(0, 1), name="Rate")
    field.set_value(0.5)
    shown(page, field, qtbot)
    numbers, validity = heard(field.value_changed), heard(field.validity_changed)
    typed(field, "x2")
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    QTest.keyClick(field.edit, Qt.Key.Key_Tab)
    assert (field.edit.text(), field.value()) == ("x2", 0.5)
    assert field.reason.isVisible()
    assert "not a number" in field.edit.accessibleDescription()
    assert field.edit.palette().text().color() == theme.color("danger")
    assert (numbers, validity) == ([], [False])


def test_a_valid_number_clears_the_reason(page: QWidget, qtbot: QtBot) -> None:
    field = NumberField(Number(0))
    field.set_value(0.5)
    shown(page, field, qtbot)
    numbers = heard(field.value_changed)
    typed(field, "x")
    typed(field, "1e-3")
    assert (field.value(), field.is_valid(), field.reason.isVisible()) == (1e-3, True, False)
    assert numbers[-1] == 1e-3


def test_up_and_down_multiply_and_divide_within_the_bounds(page: QWidget, qtbot: QtBot) -> None:
    field = NumberField(Number(0, 1, open_lowest=True), factor=10)
    field.set_value(0.01)
    shown(page, field, qtbot)
    numbers = heard(field.value_changed)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down):
        QTest.keyClick(field.edit, key)
    assert numbers == [0.1, 1.0, 0.1]
    assert field.edit.text() == "0.1"


def test_a_step_is_added_without_rounding_dust(page: QWidget, qtbot: QtBot) -> None:
    field = NumberField(Number(0, 1), step=0.1)
    field.set_value(0.2)
    shown(page, field, qtbot)
    QTest.keyClick(field.edit, Qt.Key.Key_Up)
    assert field.edit.text() == "0.3"
    assert field.value() == 0.3


def test_showing_the_number_that_is_being_typed_keeps_the_text(page: QWidget, qtbot: QtBot) -> None:
    field = NumberField()
    field.set_value(1.0)
    shown(page, field, qtbot)
    typed(field, "0.50")
    field.set_value(0.5)
    assert field.edit.text() == "0.50"
    field.set_value(0.75)
    assert field.edit.text() == "0.75"
