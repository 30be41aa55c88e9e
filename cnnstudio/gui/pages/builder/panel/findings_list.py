"""The findings list: what is wrong or unwise in the project, the worst first."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from cnnstudio.core.analysis.findings import SEVERITIES, Finding, Fix, counts_text
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import OwnData
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.presence import absence_of
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.pages.builder.panel.finding_card import FindingCard
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label

MOST_SHOWN = 50
_ICON_PX = 18
_REST_MS = 40
"""How long the hand rests before fixes are tried: shapes, sums and blocks, which are looked at while one
types, come first."""


class FindingsList(QScrollArea):
    """Cards of the findings; a click on one selects its layer, a click on a fix mends it as one undo step.

    The cards of the selected layers are framed. All are brought up to date only while they are shown, and
    after an edit once what else it changed has been painted: only then are the fixes tried. Whether the data
    are still there is looked up in a thread; call `close_jobs` before the window goes.

    Signals:
        counted(object): the findings, whenever they are others than before.
        emptied(): the last finding was mended here, so that the keyboard needs another place.
    """

    counted = Signal(object)
    emptied = Signal()

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self._findings: tuple[Finding, ...] = ()
        self.cards: list[FindingCard] = []
        self.summary = label("", "hint", self)
        self.more = label("", "hint", self, wrap=True)
        self.refusal = label("", "error", self, wrap=True)
        self.absence = label("", "error", self, wrap=True)
        self._tick = QLabel(self)
        self._data: DataChoice | None = None
        self._jobs = BackgroundJobs(self)
        self._jobs.finished.connect(self._on_looked)
        self._lay_out()
        self._refreshing = QTimer(self, singleShot=True, interval=_REST_MS)
        self._refreshing.timeout.connect(self._on_refreshing)
        document.changed.connect(self._on_changed)
        document.selection_changed.connect(self._on_selection_changed)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._on_changed(document.project)

    def showEvent(self, event: QShowEvent) -> None:
        # The folder of the data may have gone since, or come back.
        self._data = None
        self._refresh()
        super().showEvent(event)

    @property
    def is_looking(self) -> bool:
        """Whether it is still looked up if the data are there."""
        return self._jobs.is_busy

    def close_jobs(self) -> None:
        """Wait for what is looked up."""
        self._jobs.close()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings, the worst first."""
        return self._findings

    def _lay_out(self) -> None:
        content = QWidget()
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._tick)
        head.addWidget(self.summary, 1)
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 6, 4, 6)
        self._column.setSpacing(6)
        self._column.addLayout(head)
        self._column.addWidget(self.absence)
        self._column.addWidget(self.refusal)
        self._column.addWidget(self.more)
        self._column.addStretch(1)
        for line in (self.absence, self.refusal):
            line.hide()
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Findings")
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)

    @Slot(object)
    def _on_changed(self, _project: object) -> None:
        former, self._findings = self._findings, _sorted(self._document.findings)
        if self._findings != former:
            self.refusal.hide()
            self.counted.emit(self._findings)
        self._refreshing.start()

    @Slot()
    def _on_refreshing(self) -> None:
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        findings = _sorted(self._document.findings_with_fixes)
        self._show_cards(findings[:MOST_SHOWN])
        hidden = len(findings) - MOST_SHOWN
        self.more.setText(f"{hidden} more are shown once some of these are mended.")
        self.more.setVisible(hidden > 0)
        self._look_for_data()
        self._summarize()
        self._mark()

    def _look_for_data(self) -> None:
        data = self._document.project.data
        if data == self._data:
            return
        self._data = data
        if isinstance(data.source, OwnData):
            self._jobs.submit(lambda: (data, absence_of(data)))
        else:
            self._show_absence("")

    @Slot(object)
    def _on_looked(self, found: tuple[DataChoice, str]) -> None:
        data, absence = found
        if data == self._data:
            self._show_absence(absence)

    def _show_absence(self, absence: str) -> None:
        self.absence.setText(absence)
        self.absence.setVisible(bool(absence))
        self._summarize()

    def _summarize(self) -> None:
        absence, counts = self.absence.text(), counts_text(self._findings)
        nothing = "No findings in the network itself." if absence else "No findings: nothing is wrong here."
        self.summary.setText(counts or nothing)
        # One says its severity itself.
        self.summary.setVisible(len(self._findings) != 1)
        self._tick.setVisible(not (self._findings or absence))

    def _mark(self) -> None:
        selection = self._document.selection
        for card in self.cards:
            card.set_marked(card.finding.layer in selection)

    def show_worst(self) -> None:
        """Scroll to where the worst stand."""
        self.verticalScrollBar().setValue(0)

    def _show_cards(self, findings: Sequence[Finding]) -> None:
        # A reason that is read stays open while the same is wrong, wherever an edit moves its card.
        read = {_place(card.finding) for card in self.cards if card.is_why_open and not card.isHidden()}
        for card, finding in zip(self.cards, findings, strict=False):
            if card.finding != finding:
                card.show_finding(finding)
            else:
                # Equal findings can carry fixes of another network.
                card.take(finding)
            card.show()
        for finding in findings[len(self.cards) :]:
            self._add(finding)
        for card in self.cards[len(findings) :]:
            card.hide()
        for card in self.cards:
            card.open_why(_place(card.finding) in read)

    def _add(self, finding: Finding) -> None:
        card = FindingCard(self._theme, finding)
        card.picked.connect(self._on_picked)
        card.fix_chosen.connect(self._on_fix_chosen)
        # In front of the line that says how many more there are, and of the stretch.
        self._column.insertWidget(self._column.count() - 2, card)
        self.cards.append(card)

    @Slot(object)
    def _on_selection_changed(self, _names: object) -> None:
        if self.isVisible():
            self._mark()
            marked = next((card for card in self.cards if card.is_marked() and card.isVisible()), None)
            if marked is not None:
                self.ensureWidgetVisible(marked)

    @Slot(object)
    def _on_picked(self, layer: str) -> None:
        self._document.end_gesture()
        self._document.select((layer,))

    @Slot(object)
    def _on_fix_chosen(self, fix: Fix) -> None:
        try:
            project = fix.apply(self._document.project)
        except StudioError as error:
            self.refusal.setText(f"“{fix.label}” is not possible here: {error}")
            self.refusal.show()
            return
        self._document.end_gesture()
        self._document.apply(fix.label, project)
        self._refresh()
        self._move_focus()

    def _move_focus(self) -> None:
        # The pressed button is gone: left to Qt, the keyboard would land in a text field far away.
        card = next((card for card in self.cards if not card.isHidden()), None)
        if card is None:
            self.emptied.emit()
        else:
            card.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._tick.setPixmap(self._theme.pixmap("circle-check", "ok", _ICON_PX, self.devicePixelRatioF()))


def _place(finding: Finding) -> tuple[str, str | None]:
    """What is wrong and where; the numbers in its sentence change with every edit."""
    return finding.code, finding.layer


def _sorted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The worst first, otherwise as they came."""
    return tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)))
