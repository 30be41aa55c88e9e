"""The ways to data that have no card of their own: a file, and what Keras fetches from the network."""

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from cnnstudio.core.project.sources import Download
from cnnstudio.engine.data import DOWNLOADS
from cnnstudio.gui.widgets.round_menu import RoundMenu


class MoreData(QPushButton):
    """Opens a menu.

    Signals:
        folder_wanted(): a folder is to be chosen.
        file_wanted(): a file of arrays or a table is to be chosen.
        download_chosen(Download): this is to be the data set.
    """

    folder_wanted = Signal()
    file_wanted = Signal()
    download_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("More data…", parent)
        self.setAccessibleDescription("A folder, a file of arrays or a table, or a set from the network")
        self.clicked.connect(self._on_clicked)

    def menu_of_data(self) -> QMenu:
        """All ways to data; made anew each time."""
        menu = RoundMenu(parent=self)
        menu.addAction("Folder of pictures…").triggered.connect(self.folder_wanted)
        menu.addAction("File of arrays, table or ZIP archive…").triggered.connect(self.file_wanted)
        menu.addSeparator()
        for one in DOWNLOADS:
            count = one.facts.train_count + one.facts.test_count
            menu.addAction(f"Fetch {one.facts.title}: {count:,} pictures").setData(one.name)
        menu.triggered.connect(self._on_triggered)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    @Slot()
    def _on_clicked(self) -> None:
        self.menu_of_data().popup(self.mapToGlobal(QPoint(0, self.height())))

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        name = next((one.name for one in DOWNLOADS if one.name == action.data()), None)
        if name is not None:
            self.download_chosen.emit(Download(set=name))
