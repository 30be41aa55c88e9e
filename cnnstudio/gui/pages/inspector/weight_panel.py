"""The middle of the page: one layer, one of its weights, in one of the views that volunteer for it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cnnstudio.engine.interpret.loaded import LoadedWeight
from cnnstudio.engine.weights import LayerWeights
from cnnstudio.gui.pages.inspector.views import ViewKind, WeightView, views_for
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.empty_state import EmptyState
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.segmented import Segmented

_BESIDE_TITLE = 2
_ROOMY_PX = 600
"""From this width on the chooser of views stands beside the title: its row costs a low window kernels."""


class WeightPanel(QWidget):
    """Views are made when they are first needed; which of several is wanted is remembered for weights alike.

    Signals:
        weight_chosen(str): the name of another weight of the layer.
        kernel_chosen(KernelChoice): from the gallery.
        open_asked(): the button of the empty state.
    """

    weight_chosen = Signal(str)
    kernel_chosen = Signal(object)
    open_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("surface", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._views: dict[str, WeightView] = {}
        self._weight: LoadedWeight | None = None
        self._offered: tuple[ViewKind, ...] = ()
        self._wanted: dict[str, ViewKind] = {}
        """What a person chose, by the title of the view that is shown otherwise: that tells weights alike."""
        self.title = ElidedLabel("title", Qt.TextElideMode.ElideMiddle, self)
        self.names: Segmented | None = None
        self.views: Segmented | None = None
        """The chooser of views, where several volunteer."""
        self.stack = QStackedWidget(self)
        self.empty = EmptyState(
            theme,
            "grid-3x3",
            "No weights yet",
            "Train a network or open a weights file to see its kernels.",
            "Open weights…",
            self,
        )
        self.empty.activated.connect(self.open_asked)
        self.stack.addWidget(self.empty)
        self._nothing = EmptyState(theme, "circle-alert", "Nothing to show", "", parent=self)
        self.stack.addWidget(self._nothing)
        self._lay_out()

    def show_layer(self, layer: LayerWeights, chosen: str) -> None:
        """Offer a layer's weights; the picture follows with `show_weight`."""
        self.title.set_text(f"{layer.name}" + (f"  ({layer.type})" if layer.type else ""))
        if self.names is not None:
            self.names.hide()
            self.names.deleteLater()
        names = [weight.name for weight in layer.weights]
        self.names = Segmented([(name, name.replace("_", " ")) for name in names], "Weight", self)
        self.names.set_value(chosen)
        self.names.chosen.connect(self._on_name_chosen)
        # Many names leave no room beside the title.
        (self._head if len(names) <= _BESIDE_TITLE else self._below).addWidget(self.names)
        self.names.setVisible(len(names) > 1)

    def show_weight(self, weight: LoadedWeight) -> None:
        """Show one weight, in the view that was chosen for such weights or else the first that volunteers."""
        self._weight = weight
        offered = views_for(weight)
        wanted = self._wanted.get(offered[0].title, offered[0])
        self._offer(offered, wanted)
        self._show_in(wanted)

    def show_empty(self) -> None:
        """No file is open."""
        self._weight = None
        self.title.set_text("")
        if self.names is not None:
            self.names.hide()
        self._choice.hide()
        self.stack.setCurrentWidget(self.empty)

    def show_nothing(self, title: str, sentence: str) -> None:
        """Say why there is no picture of a weight."""
        self._weight = None
        self._choice.hide()
        self._nothing.set_texts(title, sentence)
        self.stack.setCurrentWidget(self._nothing)

    def choose_unit(self, unit: int) -> None:
        """Choose a filter, from 0, in the view that is shown."""
        shown = self.stack.currentWidget()
        if isinstance(shown, WeightView):
            shown.choose(unit)

    def view(self, kind: ViewKind) -> WeightView:
        """The view of a kind, made now if it was not needed before."""
        if kind.title not in self._views:
            made = kind.make(self._theme, self)
            made.kernel_chosen.connect(self.kernel_chosen)
            self.stack.addWidget(made)
            self._views[kind.title] = made
        return self._views[kind.title]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.width() >= self._theme.scaled(_ROOMY_PX):
            self._head.insertWidget(1, self._choice)
        else:
            self._own_row.addWidget(self._choice)

    def _offer(self, kinds: tuple[ViewKind, ...], wanted: ViewKind) -> None:
        if kinds != self._offered:
            self._offered = kinds
            if self.views is not None:
                self.views.hide()
                self.views.deleteLater()
            self.views = Segmented([(kind, kind.title) for kind in kinds], "View", self)
            self.views.chosen.connect(self._on_view_chosen)
            self._choice_row.addWidget(self.views)
        if self.views is not None:
            self.views.set_value(wanted)
        self._choice.setVisible(len(kinds) > 1)

    def _show_in(self, kind: ViewKind) -> None:
        if self._weight is None:
            return
        view = self.view(kind)
        self.stack.setCurrentWidget(view)
        view.show_weight(self._weight)

    def _lay_out(self) -> None:
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self._head.addWidget(self.title, 1)
        self._below, self._own_row = QHBoxLayout(), QHBoxLayout()
        self._choice = QWidget(self)
        self._choice_row = QHBoxLayout(self._choice)
        self._choice_row.setContentsMargins(0, 0, 0, 0)
        self._choice_row.setSpacing(8)
        self._choice_row.addStretch(1)
        self._choice_row.addWidget(label("Shown as", "secondary", self._choice))
        self._own_row.addWidget(self._choice)
        self._choice.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(self._head)
        column.addLayout(self._below)
        column.addLayout(self._own_row)
        column.addWidget(self.stack, 1)

    @Slot(object)
    def _on_view_chosen(self, kind: ViewKind) -> None:
        self._wanted[self._offered[0].title] = kind
        self._show_in(kind)

    @Slot(object)
    def _on_name_chosen(self, name: object) -> None:
        self.weight_chosen.emit(str(name))
