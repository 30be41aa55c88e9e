"""Where Tab goes: through what is seen as one reads, however late a part was made.

Qt walks in the order in which widgets were made. Most parts here are made when they are first wanted, so
their fields would come after everything else in the window.

Neither `focusProxy()` nor `QAbstractButton.group()` is asked here: PySide makes what they return a child of
the widget that was asked, in Python's eyes. For the viewport of a scroll area that is its own parent, and the
next collection of garbage deletes the area with all that is in it (seen with PySide6 6.11).
"""

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGridLayout,
    QLayout,
    QScrollArea,
    QTabWidget,
    QWidget,
)

_Reason = Qt.FocusReason
_CHOICE = "oneOfSeveral"
_WHOLE = (QAbstractSpinBox, QComboBox)
"""Their parts hand the keyboard to them."""


def mark_as_choice(button: QAbstractButton) -> None:
    """Of the buttons beside each other that are marked so, Tab reaches the one that is on."""
    button.setProperty(_CHOICE, True)


def reading_order(root: QWidget) -> list[QWidget]:
    """The visible widgets below `root` that Tab reaches.

    What stands in a layout comes in its order, a grid's line by line, and all other children, such as those
    of splitters and scroll areas, from the top left on.
    """
    return [widget for widget in _seen(root) if _takes_tab(widget)]


def move_focus(root: QWidget, forward: bool) -> bool:
    """Give the keyboard to what is read next, or before; tells whether there is such a widget."""
    now = QApplication.focusWidget()
    order = [widget for widget in _seen(root) if widget is now or _takes_tab(widget)]
    if not order or order == [now]:
        return False
    step = 1 if forward else -1
    at = order.index(now) + step if now in order else 0 if forward else -1
    target = order[at % len(order)]
    target.setFocus(_Reason.TabFocusReason if forward else _Reason.BacktabFocusReason)
    _bring_into_sight(target)
    return True


def _seen(root: QWidget) -> Iterator[QWidget]:
    for child in _children(root):
        if child.isVisible() and not child.isWindow():
            yield child
            if not isinstance(child, _WHOLE):
                yield from _seen(child)


def _children(parent: QWidget) -> list[QWidget]:
    layout = parent.layout()
    placed = [] if layout is None else list(_placed(layout))
    others = [child for child in parent.children() if isinstance(child, QWidget) and child not in placed]
    return placed + sorted(others, key=lambda child: (child.y(), child.x()))


def _placed(layout: QLayout) -> Iterator[QWidget]:
    items = [item for at in _places(layout) if (item := layout.itemAt(at)) is not None]
    for item in items:
        inner, widget = item.layout(), item.widget()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _placed(inner)


def _places(layout: QLayout) -> list[int]:
    places = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        places.sort(key=lambda at: _cell(layout, at))
    return places


def _cell(grid: QGridLayout, at: int) -> tuple[int, int]:
    row, column, _, _ = cast(tuple[int, int, int, int], grid.getItemPosition(at))
    return row, column


def _takes_tab(widget: QWidget) -> bool:
    if not widget.isEnabled() or isinstance(widget, QTabWidget) or _is_viewport(widget):
        # The last two hand the keyboard to their tabs and to their scroll area.
        return False
    chosen = _chosen_beside(widget)
    if chosen is not None:
        # Not by its policy, which Qt takes from all choices but the one that had the keyboard last.
        return widget is chosen
    every = QGuiApplication.styleHints().tabFocusBehavior() == Qt.TabFocusBehavior.TabFocusAllControls
    wanted = Qt.FocusPolicy.TabFocus if every else Qt.FocusPolicy.StrongFocus
    return widget.focusPolicy() & wanted == wanted


def _is_viewport(widget: QWidget) -> bool:
    around = widget.parentWidget()
    return isinstance(around, QAbstractScrollArea) and around.viewport() is widget


def _chosen_beside(widget: QWidget) -> QAbstractButton | None:
    """The choice that is on beside a marked button, from which arrow keys lead to the others."""
    around = widget.parentWidget()
    if around is None or not widget.property(_CHOICE):
        return None
    beside = [one for one in around.children() if isinstance(one, QAbstractButton)]
    return next((one for one in beside if one.property(_CHOICE) and one.isChecked()), None)


def _bring_into_sight(widget: QWidget) -> None:
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()
