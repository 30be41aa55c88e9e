"""The data linter on the page: asked for with a button, its findings with their pictures one click away."""

from functools import partial
from threading import Event as Flag
from time import monotonic

from PySide6.QtCore import Qt, Signal, SignalInstance, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from cnnstudio.core.project import corrections
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data.linting import DataFinding, DataReport, check_data
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.theme.severity import LOOKS
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.push_button import PushButton

_ASK = "Looks at every picture: unreadable, twice, in two classes, in training and test, blank, blurred …"
_PAUSE_S = 0.05


class LinterPanel(QFrame):
    """Checks the document's data in a thread when asked to; what it says holds until the data are other ones.

    Signals:
        pictures_wanted(tuple): the locators of the pictures of a finding; empty for all again.
    """

    pictures_wanted = Signal(object)
    _progressed = Signal(int, int)

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self._checked: DataChoice | None = None
        self._stop = Flag()
        self._jobs = BackgroundJobs(self)
        self.cards: list[FindingCard] = []
        self.setProperty("surface", "well")
        self.about = label(_ASK, "secondary", self, wrap=True)
        self.progress = QProgressBar(self)
        self.check = PushButton(theme, "Check the data", "search", parent=self)
        self.cancel = PushButton(theme, "Cancel", parent=self)
        self._column = QVBoxLayout()
        self._lay_out()
        self._connect()
        self._show_idle(_ASK)

    @property
    def is_busy(self) -> bool:
        """Whether the data are being checked."""
        return self._jobs.is_busy

    def close_jobs(self) -> None:
        """Stop what runs, and wait for it."""
        self._stop.set()
        self._jobs.close()

    def _lay_out(self) -> None:
        self._column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.about, 1)
        for button in (self.check, self.cancel):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(14, 11, 14, 12)
        outer.setSpacing(8)
        outer.addLayout(head)
        outer.addWidget(self.progress)
        outer.addLayout(self._column)
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(4)

    def _connect(self) -> None:
        self.check.clicked.connect(self._on_check)
        self.cancel.clicked.connect(self._on_cancel)
        self._progressed.connect(self._on_progressed, Qt.ConnectionType.QueuedConnection)
        self._jobs.finished.connect(self._on_checked)
        self._jobs.failed.connect(self._show_idle)
        self._document.changed.connect(self._on_document_changed)

    @Slot()
    def _on_check(self) -> None:
        choice = self._document.project.data
        if choice.source is None:
            return
        self._forget()
        self._checked, self._stop = choice, Flag()
        should_stop, tell = self._stop.is_set, _Teller(self._progressed)
        self.check.hide()
        self.cancel.show()
        self.progress.setRange(0, 0)
        self.progress.show()
        self.about.setText("Looking at the pictures…")
        self._jobs.submit(lambda: _report(choice, tell, should_stop))

    @Slot()
    def _on_cancel(self) -> None:
        self._stop.set()

    @Slot(int, int)
    def _on_progressed(self, done: int, total: int) -> None:
        if self._jobs.is_busy:
            self.progress.setRange(0, total)
            self.progress.setValue(done)
            self.about.setText(f"Looked at {done:,} of {counted(total, 'picture')}.")

    @Slot(object)
    def _on_checked(self, report: DataReport | None) -> None:
        if report is None:
            self._show_idle("The check was cancelled.")
            return
        found = len(report.findings)
        if self._checked is not None:
            self._document.tell_of_data(self._checked, tuple(one.for_a_project() for one in report.findings))
        if not found:
            self._show_idle(f"Nothing was found in {counted(report.pictures, 'picture')}.")
            return
        self._show_idle(f"{counted(found, 'finding')} in {counted(report.pictures, 'picture')}.")
        for finding in report.findings:
            card = FindingCard(finding, self._theme, self)
            card.shown.connect(self._on_shown)
            card.left_out.connect(self._on_left_out)
            self.cards.append(card)
            self._column.addWidget(card)

    @Slot(object, bool)
    def _on_shown(self, card: "FindingCard", on: bool) -> None:
        for other in self.cards:
            if other is not card:
                other.show_button.setChecked(False)
        self.pictures_wanted.emit(card.finding.locators if on else ())

    @Slot(object)
    def _on_left_out(self, finding: DataFinding) -> None:
        choice = corrections.left_out(self._document.project.data, finding.leave_out)
        text = f"Leave out {counted(len(finding.leave_out), 'picture')}"
        self._document.apply(text, self._document.project.with_data(choice))

    @Slot()
    def _on_document_changed(self) -> None:
        if self._checked is not None and self._document.project.data != self._checked:
            self._stop.set()
            self._forget()
            self._show_idle("The data have changed: check them again.")

    def _forget(self) -> None:
        """What was found is of other data, or out of date."""
        if any(card.show_button.isChecked() for card in self.cards):
            self.pictures_wanted.emit(())
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
        self._checked = None

    @Slot(str)
    def _show_idle(self, words: str) -> None:
        self.about.setText(words)
        self.progress.hide()
        self.cancel.hide()
        self.check.show()


class FindingCard(QFrame):
    """One finding: what it says, why it matters, and the ways to its pictures.

    Signals:
        shown(FindingCard, bool): its pictures are to be seen, or all again.
        left_out(DataFinding): its pictures are to take no part.
    """

    shown = Signal(object, bool)
    left_out = Signal(object)

    def __init__(self, finding: DataFinding, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.finding, self._theme = finding, theme
        self._look = LOOKS[finding.severity]
        self.setProperty("severity", self._look.frame)
        self.setAccessibleName(f"{finding.code}, {finding.severity}: {finding.message}")
        self.setToolTip(finding.why)
        self._picture = QLabel(self)
        self.show_button = PushButton(theme, "Show", "images", "quiet", self)
        self.show_button.setCheckable(True)
        self.show_button.setAccessibleName(f"Show the pictures of {finding.code}")
        self.leave_out = PushButton(theme, "Leave out", "", "quiet", self)
        self.leave_out.setToolTip(
            f"{counted(len(finding.leave_out), 'picture')} take no part; undo brings them back"
        )
        self.leave_out.setVisible(bool(finding.leave_out))
        self.show_button.toggled.connect(partial(self.shown.emit, self))
        self.leave_out.clicked.connect(self._on_leave_out)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 7, 8, 7)
        row.setSpacing(8)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(f"{finding.code}  {finding.message}", "secondary", self, wrap=True), 1)
        for button in (self.show_button, self.leave_out):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @Slot()
    def _on_leave_out(self) -> None:
        self.left_out.emit(self.finding)

    @Slot()
    def _on_theme_changed(self) -> None:
        look, ratio = self._look, self.devicePixelRatioF()
        self._picture.setPixmap(self._theme.pixmap(look.icon, look.color, 16, ratio))


class _Teller:
    """Tells the progress from the thread that checks, a few times a second."""

    def __init__(self, signal: SignalInstance) -> None:
        self._signal, self._next = signal, 0.0

    def __call__(self, done: int, total: int) -> None:
        if monotonic() >= self._next:
            self._next = monotonic() + _PAUSE_S
            self._signal.emit(done, total)


def _report(choice: DataChoice, tell: _Teller, should_stop: ShouldStop) -> DataReport | None:
    """What is amiss; None once nobody wants to know any more."""
    try:
        return check_data(choice, tell, should_stop)
    except StopRequested:
        return None
