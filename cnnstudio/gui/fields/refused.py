"""What a person wrote in a form and the project did not take."""

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.widgets.section import Section
from cnnstudio.gui.widgets.validity import is_marked_invalid


class Refused(Struct, frozen=True):
    """A field that shows another value than the project has, and why that was not taken."""

    field: QWidget
    sentence: str

    def go_there(self) -> None:
        """Give the field the keyboard, in sight; its page has to be shown already."""
        around = self.field.parentWidget()
        while around is not None:
            if isinstance(around, Section):
                around.set_folded(False)
            elif isinstance(around, QScrollArea):
                around.ensureWidgetVisible(self.field)
            around = around.parentWidget()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)


def first_refused(form: QWidget) -> Refused | None:
    """The first row of a form that shows what was not taken, the innermost where rows hold rows.

    A row that was put away with another layer or task is none of the form's; one in a folded section is.
    """
    found = [row for row in form.findChildren(FieldRow) if row.is_refused() and _is_part_of(form, row)]
    outer = {row for row in found if any(row is not one and row.isAncestorOf(one) for one in found)}
    return next((_of_row(row) for row in found if row not in outer), None)


def _of_row(row: FieldRow) -> Refused:
    field = next((one for one in row.editor.findChildren(QWidget) if is_marked_invalid(one)), row.editor)
    return Refused(field, f"{row.setting.title}: {row.reason.text() or _reason_in(row.editor)}")


def _reason_in(editor: QWidget) -> str:
    """The reason that an editor tells itself."""
    said = (one for one in editor.findChildren(QLabel) if one.property("role") == "error")
    return next(filter(None, (one.text() for one in said)), "")


def _is_part_of(form: QWidget, row: QWidget) -> bool:
    part, around = row, row.parentWidget()
    while around is not None and part is not form:
        if part.isHidden() and not isinstance(around, Section):
            return False
        part, around = around, around.parentWidget()
    return True
