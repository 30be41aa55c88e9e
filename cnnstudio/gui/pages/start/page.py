"""Where a new network begins: templates, recent projects, or nothing at all."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.core.templates import TEMPLATES
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.core.values.shape import shown
from cnnstudio.core.values.words import counted, crossed
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.page import Page
from cnnstudio.gui.pages.start.card_grid import CardGrid
from cnnstudio.gui.pages.start.projects import EMPTY, beginning_facts
from cnnstudio.gui.pages.start.recent import RecentProjects
from cnnstudio.gui.pages.start.template_card import TemplateCard
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.push_button import PushButton
from cnnstudio.gui.widgets.scroll import scrolled
from cnnstudio.gui.widgets.side_panel import side_width
from cnnstudio.gui.window.settings import Settings

_RECENT_WIDTH = 300
_ANY_WIDTH = 2**24 - 1
"""What Qt takes for no largest width."""


class StartPage(Page):
    """Shown when a person asks for something new; Escape or the cross leaves everything as it is.

    The templates are made for the document's data, as they are when the page is shown.

    Signals:
        template_chosen(str): the key of a template, or `EMPTY`; `started_project` makes the project of it.
        project_chosen(Path), open_requested(), dismissed().
        forget_requested(Path): the person took a project off the list of recent ones.
    """

    template_chosen = Signal(str)
    project_chosen = Signal(object)
    open_requested = Signal()
    forget_requested = Signal(object)
    dismissed = Signal()

    def __init__(
        self, document: Document, theme: Theme, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._theme, self._settings = document, theme, settings
        self._facts: DataFacts | None = None
        self.cards: list[TemplateCard] = []
        self._about = label("", "secondary", self)
        self.open_button = PushButton(theme, "Open…", "folder-open", parent=self)
        self.empty_button = PushButton(theme, "Empty network", "file-plus", parent=self)
        self.close_button = IconButton(theme, "x", "Back to the network", "Esc", parent=self)
        self.grid = CardGrid(self)
        self.recent = RecentProjects(theme, self)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "window")
        self._lay_out()
        self._connect()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_facts(self, facts: DataFacts) -> None:
        """Fit the templates to these data: size, channels and classes."""
        if facts == self._facts:
            return
        self._facts = facts
        size = crossed(shown(facts.sample_shape))
        self._about.setText(f"Made for {facts.title}: {size}, {counted(facts.classes, 'class')}.")
        offered = [
            template
            for template in TEMPLATES
            if template.is_for_any_data and (facts.has_masks or not template.task.needs_masks)
        ]
        self.cards = [TemplateCard(template, facts, self._theme, self.grid) for template in offered]
        for card in self.cards:
            card.chosen.connect(self.template_chosen)
        self.grid.show_cards(self.cards)

    def close_jobs(self) -> None:
        self.recent.close_jobs()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.set_facts(beginning_facts(self._document.project.data))
        self.recent.show_paths(self._settings.recent_files)
        self._arrange()
        # As after a click, without a ring: nothing is chosen yet.
        self.cards[0].setFocus(Qt.FocusReason.MouseFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self.open_button.clicked.connect(self.open_requested)
        self.empty_button.clicked.connect(self._on_empty)
        self.close_button.clicked.connect(self.dismissed)
        self.recent.chosen.connect(self.project_chosen)
        self.recent.forget_requested.connect(self.forget_requested)
        self.recent.forget_requested.connect(self._arrange)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 22, 28, 12)
        column.setSpacing(16)
        column.addLayout(self._heading())
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._parts.addWidget(scrolled(self.grid), 1)
        self._parts.addWidget(self._side())
        column.addLayout(self._parts, 1)

    def _heading(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(label("Start a network", "title", self))
        words.addWidget(self._about)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(words)
        row.addStretch(1)
        for button in (self.empty_button, self.open_button, self.close_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _side(self) -> QWidget:
        self._side_panel = QWidget(self)
        column = QVBoxLayout(self._side_panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._recent_heading = label("Recent projects", "heading", self._side_panel)
        column.addWidget(self._recent_heading)
        column.addWidget(self.recent)
        column.addStretch(1)
        return self._side_panel

    @Slot()
    def _arrange(self) -> None:
        """Recent projects stand beside the templates; that there are none is a line above them."""
        has_recent = bool(self.recent.rows)
        beside, above = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.BottomToTop
        self._parts.setDirection(beside if has_recent else above)
        self._parts.setSpacing(28 if has_recent else 12)
        self._recent_heading.setVisible(has_recent)
        self._side_panel.setMaximumWidth(_ANY_WIDTH)
        self._side_panel.setMinimumWidth(0)
        if has_recent:
            self._side_panel.setFixedWidth(side_width(_RECENT_WIDTH, self._theme.text_scale, self.width()))

    @Slot()
    def _on_empty(self) -> None:
        self.template_chosen.emit(EMPTY)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._arrange()
