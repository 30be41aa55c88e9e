"""A process that edits a project, tells when the work is kept, and waits to be killed."""

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Slot

from cnnstudio.core.project import Project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.window.autosave import Autosave
from tests.core.pictures import stack


def project() -> Project:
    """The work that is not saved when the process dies."""
    return Project(
        network=stack("a=conv(8,3) r=relu s=add<-a,r f=flatten dense(10,softmax)"), notes="Größe ☃"
    )


class Crashing(Autosave):
    """Says so on standard output once the work is on disk."""

    @Slot(object)
    def tell(self, _file: object) -> None:
        sys.stdout.write("kept\n")
        sys.stdout.flush()


def main(folder: Path, original: Path) -> None:
    app = QCoreApplication([])
    document = Document(Project(network=stack("flatten dense(3)")), app)
    document.open(document.project, original)
    autosave = Crashing(document, app, folder)
    autosave.interval_ms = 10
    autosave.saved.connect(autosave.tell)
    document.apply("All of it", project())
    autosave.start()
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
