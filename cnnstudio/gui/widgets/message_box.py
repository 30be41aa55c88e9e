"""The look of a question: a heading, a quieter sentence, and buttons that show what they do."""

from PySide6.QtWidgets import QAbstractButton, QGridLayout, QMessageBox, QSpacerItem

from cnnstudio.gui.widgets.push_button import Variant

BODY_MARGIN_PX = 24


def set_variant(button: QAbstractButton, variant: Variant) -> None:
    """Give a button that Qt has made the look of a `PushButton`."""
    button.setProperty("variant", variant)
    # Qt has dressed it already when it put it into its box.
    button.style().unpolish(button)
    button.style().polish(button)


def set_margins(box: QMessageBox) -> None:
    """Give a box, once it has all its texts, the margins of other dialogs; it has no picture."""
    layout = box.layout()
    assert isinstance(layout, QGridLayout)
    layout.setContentsMargins(*(BODY_MARGIN_PX,) * 4)
    layout.setHorizontalSpacing(0)
    layout.setVerticalSpacing(12)
    layout.setColumnStretch(layout.columnCount() - 1, 1)
    indent = layout.itemAtPosition(0, 0)
    if isinstance(indent, QSpacerItem):
        indent.changeSize(0, 0)
