"""The form of the selected layers."""

from pydantic import ValidationError
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from cnnstudio.core.forms.draft import Draft
from cnnstudio.core.forms.field_values import is_about_several, reason_of
from cnnstudio.core.forms.fields import Setting
from cnnstudio.core.layers import Layer
from cnnstudio.core.network import Network
from cnnstudio.core.values.errors import StudioError
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.fields.refused import Refused, first_refused
from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.pages.builder.form.body import FormBody
from cnnstudio.gui.pages.builder.form.field_help import FieldHelp
from cnnstudio.gui.pages.builder.form.header import FormHeader
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.empty_state import EmptyState

_MARGIN_PX = 16
_NOTHING = (
    "No layer selected",
    "Select a layer in the stack or in the table to see and change its settings.",
)
_DIFFERENT = ("Layers of different types", "Select layers of one type to change their settings together.")


class LayerForm(QWidget):
    """Shows and changes the settings of the selected layers, when they are of one type.

    A series of keystrokes in one field is one undo step. What a layer or the network refuses is said
    below the field and changes nothing; what was taken on the way to it is given back. Bodies are made once
    per type and kept.

    The order of events: a row tells of an edit; the network with it is taken into the draft and applied to
    the document; it comes back by `changed` while the row still tells, and so the row leaves it out. Where
    `changed` brings a network other than the draft's, it came from elsewhere, and a gesture begins with it,
    as with another selection. A field that is left ends the gesture. What is refused gives back no more than
    the gesture took.

    Signals:
        keyboard_freed(): the fields that have the keyboard are about to go, and the form has no other for it.
    """

    keyboard_freed = Signal()

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self._bodies: dict[tuple[type[Layer], bool], FormBody] = {}
        self._names: tuple[str, ...] = ()
        self._body: FormBody | None = None
        # Values that fit only together with another setting, until that one is changed too.
        self._waiting: dict[str, object] = {}
        self._draft = Draft(document.network)
        self.header = FormHeader(theme)
        self._help = FieldHelp(self, self.header)
        self.empty = EmptyState(theme, "sliders-horizontal", *_NOTHING)
        self._lay_out()
        self.header.renaming.connect(self._on_renaming)
        self.header.renamed.connect(self._on_renamed)
        document.changed.connect(self._on_changed)
        document.selection_changed.connect(self._on_selection_changed)
        self._refresh(afresh=True)

    @property
    def body(self) -> FormBody | None:
        """The rows that are shown; `None` while nothing can be edited."""
        return self._body

    @Slot(object)
    def set_highlight(self, setting: str | None) -> None:
        """Light the row of that setting; `None` lights none."""
        if self._body is not None:
            self._body.set_highlight(setting)

    @Slot(object)
    def focus_setting(self, setting: str) -> None:
        """Give the field of that setting the keyboard focus; nothing happens when it is not shown."""
        if self._body is not None:
            self._body.focus_setting(setting)

    def focus_first_field(self) -> None:
        """Give the first field the keyboard focus, or the name where there are only seldom ones."""
        if self._body is not None:
            often = (row for row in self._body.rows.values() if not row.setting.advanced)
            first = next(often, None)
            (first.editor if first else self.header.name).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refused(self) -> Refused | None:
        """The name or the first field that shows what was not taken."""
        if self._body is None:
            return None
        reason = self.header.reason.text()
        return Refused(self.header.name, f"Name: {reason}") if reason else first_refused(self._body)

    def _lay_out(self) -> None:
        self._scroller = QScrollArea()
        self._scroller.setWidgetResizable(True)
        self._scroller.setFrameShape(QFrame.Shape.NoFrame)
        self._scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._shelf = QWidget()
        self._shelf_column = QVBoxLayout(self._shelf)
        self._scroller.setWidget(self._shelf)
        self._scroller.verticalScrollBar().rangeChanged.connect(self._leave_margin)
        self._leave_margin(0, 0)
        # The ground is that of the panel the form stands in.
        self._scroller.viewport().setAutoFillBackground(False)
        self._shelf.setAutoFillBackground(False)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.header.setContentsMargins(_MARGIN_PX - 5, 12, _MARGIN_PX, 0)
        column.addWidget(self.header)
        column.addWidget(self._scroller, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(page)

    @Slot(int, int)
    def _leave_margin(self, _top: int, bottom: int) -> None:
        """Let the fields end at one place, whether there is a bar beside them or not."""
        bar = self._scroller.verticalScrollBar().sizeHint().width() if bottom else 0
        self._shelf_column.setContentsMargins(_MARGIN_PX - 6, 0, max(_MARGIN_PX - bar, 0), 8)

    def _layers(self) -> list[Layer]:
        network = self._document.network
        return [network.layer(name) for name in self._document.selection if name in network.positions]

    def _refresh(self, afresh: bool) -> None:
        layers = self._layers()
        types = {type(layer) for layer in layers}
        if len(types) != 1:
            self._show_empty(bool(layers))
            return
        several = len(layers) > 1
        afresh = self._show_body(types.pop(), several) or afresh
        if afresh:
            self._waiting = {}
        if afresh or several:
            self.header.show_layers(layers)
        else:
            self.header.show_name(layers[0].name)
        self._names = tuple(layer.name for layer in layers)
        assert self._body is not None
        self._body.show_layers(layers, self._candidates(layers), afresh)

    def _show_empty(self, different: bool) -> None:
        self.empty.set_texts(*(_DIFFERENT if different else _NOTHING))
        self._pages.setCurrentIndex(0)
        self._names = ()
        self._put_away()

    def _show_body(self, model: type[Layer], several: bool) -> bool:
        """Bring the rows of that type to the front; tell whether others were there."""
        self._pages.setCurrentIndex(1)
        body = self._bodies.get((model, several)) or self._new_body(model, several)
        if body is self._body:
            return False
        self._put_away()
        self._body = body
        body.show()
        return True

    def _put_away(self) -> None:
        if self._body is not None:
            focused = QApplication.focusWidget()
            if focused is not None and self._body.isAncestorOf(focused):
                # Left to Qt, it would land at the other end of the window.
                self.keyboard_freed.emit()
            self._body.set_highlight(None)
            self._help.point_at(None)
            self._body.hide()
            self._body = None

    def _new_body(self, model: type[Layer], several: bool) -> FormBody:
        body = FormBody(self._theme, model, several, self._shelf)
        body.edited.connect(self._on_edited)
        body.finished.connect(self._on_finished)
        body.reverted.connect(self._on_reverted)
        body.taken_back.connect(self._on_taken_back)
        body.pointed.connect(self._help.point_at)
        self._shelf_column.addWidget(body)
        self._bodies[model, several] = body
        return body

    def _candidates(self, layers: list[Layer]) -> tuple[str, ...]:
        network = self._document.network
        above = network.layers[: network.position(layers[0].name)]
        return tuple(layer.name for layer in reversed(above)) if len(layers) == 1 else ()

    @Slot(object)
    def _on_changed(self, _project: object) -> None:
        if self._document.network != self._draft.value:
            self._draft.show(self._document.network)
        self._refresh(afresh=self._document.selection != self._names)

    @Slot(object)
    def _on_selection_changed(self, names: tuple[str, ...]) -> None:
        self._draft.end()
        self._refresh(afresh=names != self._names)

    @Slot(str, object)
    def _on_edited(self, setting: str, value: object) -> None:
        assert self._body is not None
        row = self._body.rows[setting]
        changes = {**self._waiting, setting: value}
        try:
            network = _with_settings(self._document.network, self._names, changes)
        except ValidationError as error:
            self._refuse(row, reason_of(error))
            self._waiting = changes if is_about_several(error) else self._waiting
        except StudioError as error:
            self._refuse(row, str(error))
        else:
            for name in self._waiting:
                self._body.rows[name].show_reason("")
            self._waiting = {}
            self._draft.take(network)
            self._apply(row.setting)

    def _refuse(self, row: FieldRow, reason: str) -> None:
        """Take back what the gesture made of the network; what is written in its field stays."""
        self._draft.refuse(reason)
        self._apply(row.setting)
        row.show_reason(reason)

    def _apply(self, setting: Setting) -> None:
        text = f"Set {setting.title.lower()} of {self._whom()}"
        key = f"{','.join(self._names)}.{setting.name}"
        self._document.apply_network(text, self._draft.value, key)

    @Slot(str)
    def _on_reverted(self, setting: str) -> None:
        assert self._body is not None
        self._refuse(self._body.rows[setting], "")

    @Slot(str)
    def _on_taken_back(self, setting: str) -> None:
        self._waiting.pop(setting, None)

    @Slot(str)
    def _on_finished(self, _setting: str) -> None:
        self._draft.end()
        self._document.end_gesture()

    @Slot(object)
    def _on_renaming(self, name: str) -> None:
        self.header.show_reason(self._refused_name(name))

    @Slot(object)
    def _on_renamed(self, name: str) -> None:
        if reason := self._refused_name(name):
            self.header.show_reason(reason)
            return
        old = self._names[0]
        self._document.apply_network(f"Rename {old} to {name}", self._document.network.renamed(old, name))

    def _refused_name(self, name: str) -> str:
        try:
            self._document.network.renamed(self._names[0], name)
        except ValidationError:
            return "A name has 1 to 120 characters and neither begins nor ends with a space."
        except StudioError as error:
            return str(error)
        return ""

    def _whom(self) -> str:
        return self._names[0] if len(self._names) == 1 else f"{len(self._names)} layers"


def _with_settings(network: Network, names: tuple[str, ...], changes: dict[str, object]) -> Network:
    match changes:
        case {"inputs": tuple(inputs)}:
            # Offered for one layer alone.
            return network.connected(names[0], inputs)
        case _:
            return network.with_settings(names, **changes)
