"""How a training begins: a sound network, chosen data, a run folder, and the page with the curves."""

from PySide6.QtCore import QObject, Slot

from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data import NO_DATA, facts_of
from cnnstudio.engine.runs.folder import new_run_folder
from cnnstudio.gui.document.current_run import CurrentRun
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.session import TrainingSession
from cnnstudio.gui.fields.refused import Refused
from cnnstudio.gui.window.notices import Notices
from cnnstudio.gui.window.pages import Pages


class TrainingStart(QObject):
    """Starts the training session on the project as it stands."""

    def __init__(
        self,
        document: Document,
        training: TrainingSession,
        pages: Pages,
        notices: Notices,
        run: CurrentRun,
    ) -> None:
        super().__init__(pages)
        self._document, self._training = document, training
        self._pages, self._notices = pages, notices
        self._run = run

    @Slot()
    def start(self) -> None:
        """Train into a new run folder and show the curves; say why not, where it cannot be."""
        if self._training.is_running:
            return
        refused = self._pages.refused()
        if refused is not None:
            self._show_refused(*refused)
            return
        problem = next((one for one in self._document.findings if one.severity == "error"), None)
        if problem is not None:
            self._show_problem(problem)
            return
        if facts_of(self._document.project.data) is None:
            self._pages.show_page("data")
            self._notices.fail(NO_DATA)
            return
        try:
            folder = new_run_folder(self._run.runs_folder, self._name())
        except StudioError as error:
            self._notices.fail(str(error))
            return
        self._notices.clear()
        self._pages.show_page("train")
        self._training.start(self._document.project, folder, self._document.path)

    def _show_problem(self, problem: Finding) -> None:
        self._pages.show_page("build")
        self._pages.build.panel.show_findings()
        self._document.select((problem.layer,) if problem.layer else ())
        self._notices.fail(f"This cannot be trained yet. {problem.message}")

    def _show_refused(self, page: str, refused: Refused) -> None:
        """What stands there in red is not what would be trained."""
        self._pages.show_page(page)
        refused.go_there()
        self._notices.fail(f"Correct the field in red first, or undo. {refused.sentence}")

    def _name(self) -> str:
        return self._document.path.stem if self._document.path else self._document.title.lower()
