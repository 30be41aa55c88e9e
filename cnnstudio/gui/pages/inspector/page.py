"""The Inspect page: the file and its layers, the weight in the middle, a picture through a kernel."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSplitter, QVBoxLayout, QWidget

from cnnstudio.engine.files.kinds import WEIGHT_SUFFIXES, WEIGHTS_FILTER, kind_of
from cnnstudio.engine.interpret.loaded import KernelChoice, LoadedWeight
from cnnstudio.engine.weights import LayerWeights, WeightsFile
from cnnstudio.gui.document.selection import Selection
from cnnstudio.gui.pages.inspector.file_card import FileCard
from cnnstudio.gui.pages.inspector.layer_list import LayerList
from cnnstudio.gui.pages.inspector.response_panel import PanelScroll, ResponsePanel
from cnnstudio.gui.pages.inspector.run_weights import RunWeights
from cnnstudio.gui.pages.inspector.statistics_panel import StatisticsPanel
from cnnstudio.gui.pages.inspector.store import WeightsStore
from cnnstudio.gui.pages.inspector.weight_panel import WeightPanel
from cnnstudio.gui.pages.page import Page
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.file_dialog import FileDialog
from cnnstudio.gui.widgets.labels import separator
from cnnstudio.gui.widgets.side_panel import SidePanel

_SIDE_PX = 252
_WIDE_PX = 1300
_LOWEST_PX = 480


class InspectPage(Page):
    """Opens weights and pictures, also dropped ones; what cannot be read leaves the page as it was.

    While weights of the run are shown, checkpoint, layer and filter are those of the selection, both ways.

    Signals:
        shown(LoadedWeight): another weight is on the page.
    """

    shown = Signal(object)

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._selection = theme, selection
        self._run = RunWeights(selection)
        self._layer: LayerWeights | None = None
        self._wanted = ""
        self._has_failed = self._is_following = False
        self._dialog: FileDialog | None = None
        self.store = WeightsStore(self)
        self.card = FileCard(theme, self)
        self.layers = LayerList(theme, self)
        self.statistics = StatisticsPanel(theme, self)
        self.weight = WeightPanel(theme, self)
        self.response = ResponsePanel(theme, selection, self)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()

    def open_file(self, path: Path) -> None:
        """Open a weights file, or a picture when the name is not that of a weights file."""
        if path.suffix.lower() in WEIGHT_SUFFIXES or path.is_dir():
            self.store.open(path)
        else:
            self.response.open_picture(path)

    def show_run_best(self, path: Path) -> None:
        """Open a run's weights, those of the selected checkpoint; `path` is where its best ones are.

        Layer and filter stay chosen where the file has them.
        """
        self._run.best = path
        self.store.open(self._run.selected or path)

    def forget_run(self) -> None:
        """Show no weights of a run any more; those of another file stay."""
        if self._shows_run:
            self.store.forget()
            self._show_no_file()
        self._run.best = None

    def close_jobs(self) -> None:
        self.store.close()
        self.response.close_jobs()

    @Slot()
    def ask_for_file(self) -> None:
        """Show the file dialog; it does not block."""
        if self._dialog is None:
            self._dialog = FileDialog(self, "Open weights", "weights")
            self._dialog.setNameFilter(WEIGHTS_FILTER)
            self._dialog.setFileMode(FileDialog.FileMode.ExistingFile)
            self._dialog.fileSelected.connect(self._on_file_selected)
        self._dialog.open()

    def minimumSizeHint(self) -> QSize:
        """What the parts need below each other, so that a narrower window can put them there."""
        width = self.side.minimumWidth() + self.room.minimumSizeHint().width()
        return QSize(width, self._theme.scaled(_LOWEST_PX))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for path in _dropped(event):
            self.open_file(path)
        event.acceptProposedAction()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.side.fit(event.size().width())
        super().resizeEvent(event)
        wide = self.width() >= self._theme.scaled(_WIDE_PX)
        direction = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if direction != self.middle.orientation():
            self.middle.setOrientation(direction)
            self.middle.setSizes([360, 640] if wide else [340, 660])

    def _lay_out(self) -> None:
        self.middle = QSplitter(Qt.Orientation.Vertical, self)
        self.middle.addWidget(self.weight)
        self.room = PanelScroll(self.response, self)
        self.middle.addWidget(self.room)
        self.middle.setChildrenCollapsible(False)
        self.middle.setHandleWidth(1)
        self.middle.setStretchFactor(0, 2)
        self.middle.setStretchFactor(1, 3)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        # The page itself knows how narrow it may get: it then lays its parts out anew.
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.side = self._side()
        row.addWidget(self.side)
        row.addWidget(self.middle, 1)

    def _side(self) -> SidePanel:
        side = SidePanel(self._theme, _SIDE_PX, self)
        side.setProperty("surface", "left")
        column = QVBoxLayout(side)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(10)
        column.addWidget(self.card)
        column.addWidget(self.layers, 1)
        self._line = separator(parent=side)
        column.addWidget(self._line)
        column.addWidget(self.statistics)
        self.layers.hide()
        self._line.hide()
        self.statistics.hide()
        column.addStretch(0)
        return side

    def _connect(self) -> None:
        self._selection.changed.connect(self._on_selection_changed)
        self.card.open_asked.connect(self.ask_for_file)
        self.weight.open_asked.connect(self.ask_for_file)
        self.weight.weight_chosen.connect(self._on_weight_chosen)
        self.weight.kernel_chosen.connect(self._on_kernel_chosen)
        self.layers.layer_chosen.connect(self._on_layer_chosen)
        self.store.opened.connect(self._on_opened)
        self.store.loaded.connect(self._on_loaded)
        self.store.failed.connect(self._on_failed)
        self.store.not_loaded.connect(self._on_not_loaded)
        self.response.failed.connect(self._on_failed)
        for went_well in (self.store.opened, self.store.loaded, self.response.responded):
            went_well.connect(self._on_went_well)

    def _show_no_file(self) -> None:
        self._layer = None
        self.card.show_file(None)
        self.weight.show_empty()
        self.response.kernel.forget_gallery_kernel()
        for part in (self.layers, self._line, self.statistics):
            part.hide()

    @Slot()
    def _on_selection_changed(self) -> None:
        """Follow checkpoint, layer and filter, but only while weights of the run are shown."""
        file, wanted = self.store.file, self._run.selected
        if file is None or wanted is None or not self._shows_run:
            return
        if wanted != file.path:
            self.store.open(wanted)
        elif self._layer is not None and self._run.layer not in ("", self._layer.name):
            self._follow(lambda: self.layers.choose(self._run.layer))
        else:
            self._follow_unit()

    @property
    def _shows_run(self) -> bool:
        return self.store.file is not None and self._run.holds(self.store.file.path)

    def _follow_unit(self) -> None:
        unit, layer = self._selection.unit, self._layer
        if unit is not None and layer is not None and layer.name == self._run.layer:
            self._follow(lambda: self.weight.choose_unit(unit))

    def _follow(self, show: Callable[[], None]) -> None:
        """Show what is selected; what the parts of the page then tell is no choice of the person."""
        self._is_following = True
        show()
        self._is_following = False

    @Slot(object)
    def _on_opened(self, file: WeightsFile) -> None:
        self.card.show_file(file, self._run.origin(file.path))
        self.layers.show()
        self.response.kernel.forget_gallery_kernel()
        if not file.layers:
            self.weight.show_nothing(
                "No weights in this file", "Its layers hold no arrays. Open another file."
            )
        kept = self._layer.name if self._layer else ""
        selected = self._run.layer if self._shows_run else ""
        self._follow(lambda: self.layers.show_file(file, selected, kept))

    @Slot(object)
    def _on_layer_chosen(self, layer: LayerWeights) -> None:
        names = [weight.name for weight in layer.weights]
        self._layer = layer
        self._wanted = self._wanted if self._wanted in names else names[0]
        self.weight.show_layer(layer, self._wanted)
        self.store.load(layer.name, self._wanted)
        if self._shows_run and not self._is_following:
            self._selection.select_layers((layer.name,))

    @Slot(str)
    def _on_weight_chosen(self, name: str) -> None:
        self._wanted = name
        if self._layer is not None:
            self.store.load(self._layer.name, name)

    @Slot(object)
    def _on_loaded(self, weight: LoadedWeight) -> None:
        self.statistics.show_weight(weight)
        self.statistics.show()
        self._line.show()
        self._follow(lambda: self.weight.show_weight(weight))
        if (
            self._shows_run
            and self._selection.unit is not None
            and weight.layer in self._selection.layers[-1:]
        ):
            self._follow(lambda: self.weight.choose_unit(self._selection.unit or 0))
        self.shown.emit(weight)

    @Slot(object)
    def _on_kernel_chosen(self, choice: KernelChoice) -> None:
        self.response.show_gallery_kernel(choice)
        if self._shows_run and not self._is_following and choice.layer == self._run.layer:
            self._selection.set_unit(choice.unit)

    @Slot(str)
    def _on_not_loaded(self, sentence: str) -> None:
        self.statistics.hide()
        self.weight.show_nothing("This weight cannot be read", sentence)
        self._on_failed(sentence)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._has_failed = True
        self.message.emit("error", sentence)

    @Slot(object)
    def _on_went_well(self, _what: object) -> None:
        if self._has_failed:
            self._has_failed = False
            self.message.emit("info", "")

    @Slot(str)
    def _on_file_selected(self, name: str) -> None:
        self.open_file(Path(name))


def _dropped(event: QDropEvent) -> list[Path]:
    """The files that are dragged; a project and the folder of a run are left to the window."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [] if any(kind_of(path) in ("project", "run") for path in paths) else paths
