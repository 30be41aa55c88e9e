"""The bar on top of the window: what is open, where one is, and the main step."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.session import TrainingSession
from cnnstudio.gui.pages import TABS
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.labels import label, separator
from cnnstudio.gui.widgets.segmented import Segmented
from cnnstudio.gui.widgets.single_click_button import SingleClickButton

_HEIGHT, _ROOMY = 56, 1_060


class Header(QFrame):
    """Logo and menu, file name, pages, undo and redo, theme, Train.

    Signals:
        page_chosen(str): the person asked for a page.
    """

    page_chosen = Signal(object)

    def __init__(
        self,
        document: Document,
        training: TrainingSession,
        theme: Theme,
        actions: Mapping[str, QAction],
        menu: QMenu,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._training, self._theme, self._actions = document, training, theme, actions
        self.setProperty("surface", "header")
        self.menu_button = _menu_button(theme, menu)
        self._logo = QLabel(self)
        self._title = label("CNN Studio", "title", self)
        self.file_name = ElidedLabel("secondary", Qt.TextElideMode.ElideMiddle, self)
        self.edited = label("Edited", "pill", self)
        self.pages = Segmented([(spec.key, spec.title) for spec in TABS], "Page", self)
        self.train_button = SingleClickButton(theme, "Train", "play", "primary", self)
        self._lay_out()
        self._connect()
        self._on_theme_changed()
        self._on_file_changed()

    def show_page(self, page: str) -> None:
        """Mark a page as the one that is shown; none when the switcher does not lead to it."""
        if page in [spec.key for spec in TABS]:
            self.pages.set_value(page)
        else:
            self.pages.show_none()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        # The file's name is worth more than the program's, which the logo stands for as well.
        self._title.setVisible(self.width() >= self._theme.scaled(_ROOMY))

    def _lay_out(self) -> None:
        self.setFixedHeight(self._theme.scaled(_HEIGHT))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 16, 0)
        row.setSpacing(0)
        row.addWidget(self._left(), 1)
        row.addWidget(self.pages, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._right(), 1)

    def _left(self) -> QWidget:
        side = QWidget(self)
        row = QHBoxLayout(side)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(10)
        for widget in (self.menu_button, self._logo, self._title):
            row.addWidget(widget)
        row.addSpacing(6)
        row.addWidget(self.edited)
        row.addWidget(self.file_name, 1)
        return side

    def _right(self) -> QWidget:
        side = QWidget(self)
        row = QHBoxLayout(side)
        row.setContentsMargins(12, 0, 0, 0)
        row.setSpacing(4)
        row.addStretch(1)
        for name in ("undo", "redo"):
            row.addWidget(self._action_button(name))
        line = separator(vertical=True, parent=side)
        line.setFixedHeight(22)
        row.addSpacing(6)
        row.addWidget(line)
        row.addSpacing(6)
        for name in ("open", "save", "toggle_theme"):
            row.addWidget(self._action_button(name))
        row.addSpacing(8)
        row.addWidget(self.train_button)
        return side

    def _action_button(self, name: str) -> "_ActionButton":
        return _ActionButton(self._theme, self._actions[name], _ICONS[name], self)

    def _connect(self) -> None:
        self.pages.chosen.connect(self.page_chosen)
        self.train_button.clicked.connect(self._on_train_clicked)
        self._document.file_changed.connect(self._on_file_changed)
        self._training.running_changed.connect(self._on_running_changed)
        self._theme.changed.connect(self._on_theme_changed)

    @Slot()
    def _on_train_clicked(self) -> None:
        self._actions["stop" if self._training.is_running else "train"].trigger()

    @Slot(bool)
    def _on_running_changed(self, running: bool) -> None:
        self.train_button.set_text("Stop" if running else "Train")
        self.train_button.set_icon("square" if running else "play")

    @Slot()
    def _on_file_changed(self) -> None:
        name, where = self._document.title, str(self._document.path or "Not saved to a file yet")
        self.file_name.set_text(name, f"{name}\n{where}")
        self.edited.setVisible(self._document.is_modified)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._logo.setPixmap(self._theme.pixmap("layers", "accent", 22, self.devicePixelRatioF()))
        self.setFixedHeight(self._theme.scaled(_HEIGHT))
        self._make_room()


_ICONS = {"undo": "undo-2", "redo": "redo-2", "open": "folder-open", "save": "save", "toggle_theme": "moon"}


class _ActionButton(IconButton):
    """An icon button that is enabled when its action is, and triggers it."""

    def __init__(self, theme: Theme, action: QAction, icon: str, parent: QWidget) -> None:
        super().__init__(theme, icon, action.text(), action.shortcut().toString(), parent=parent)
        self._action = action
        self.clicked.connect(action.trigger)
        action.changed.connect(self._on_action_changed)
        self._on_action_changed()

    @Slot()
    def _on_action_changed(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.set_text(self._action.text())


def _menu_button(theme: Theme, menu: QMenu) -> QToolButton:
    button = IconButton(theme, "menu", "Menu", "F10")
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button
