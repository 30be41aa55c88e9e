"""Export from the window: the formats of the engine, and its diagrams as PNG."""

from collections.abc import Callable
from functools import partial
from math import sqrt
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QWidget

from cnnstudio.core.analysis import Analysis, analyze
from cnnstudio.core.diagram import PAPER, Palette, stack_svg, volumes_svg
from cnnstudio.core.diagram.svg import FONTS
from cnnstudio.core.project import Project
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.exporters import EXPORTERS, Exporter
from cnnstudio.engine.files.writing import write_bytes_atomically
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.theme.fonts import FAMILY
from cnnstudio.gui.widgets.file_dialog import FileDialog

PIXELS_A_UNIT = 2.0
"""How finely a diagram is drawn where that fits."""
MAX_SIDE, MAX_PIXELS = 30_000, 80_000_000
_UNREADABLE = 0.5


def png_bytes(svg: str) -> bytes:
    """A diagram as a PNG file, coarser where it would be too large; StudioError for one too long to read.

    May be called in any thread.
    """
    # Qt reads only one typeface from an SVG, not a list of them.
    renderer = QSvgRenderer(QByteArray(svg.replace(FONTS, FAMILY, 1).encode()))
    image = QImage(_pixels(renderer.defaultSize()), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _pixels(size: QSize) -> QSize:
    width, height = size.width(), size.height()
    scale = min(PIXELS_A_UNIT, MAX_SIDE / max(width, height), sqrt(MAX_PIXELS / (width * height)))
    if scale < _UNREADABLE:
        raise StudioError(
            f"This diagram is {width:,} x {height:,} units, too long to be read in a PNG. Export it as SVG."
        )
    return QSize(int(width * scale), int(height * scale))


def _write_png(draw: Callable[[Analysis, Palette], str], project: Project, path: Path) -> None:
    write_bytes_atomically(path, png_bytes(draw(analyze(project.network).active, PAPER)))


FORMATS: tuple[Exporter, ...] = (
    *EXPORTERS,
    Exporter("stack-png", "Diagram", ".png", partial(_write_png, stack_svg)),
    Exporter("volumes-png", "3-D diagram", ".png", partial(_write_png, volumes_svg)),
)


class ExportDialogs(QObject):
    """Asks for a format and a file, without blocking, and writes in the background.

    Call `close_jobs` before the window goes.

    Signals:
        failed(str): one sentence for a person.
        done(str): what was written, for the status line.
    """

    failed = Signal(str)
    done = Signal(str)

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self._jobs = BackgroundJobs(self, latest_only=False)
        self._jobs.finished.connect(self._on_written)
        self._jobs.failed.connect(self.failed)

    @Slot()
    def show(self) -> None:
        """Open the dialog; the format is one of its name filters."""
        dialog = FileDialog(self._window, "Export the network", "exports", self._proposed().parent)
        dialog.selectFile(self._proposed().name)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([_filter(one) for one in FORMATS])
        dialog.filterSelected.connect(partial(_propose_suffix, dialog))
        _propose_suffix(dialog, _filter(FORMATS[0]))
        dialog.accepted.connect(partial(self._on_chosen, dialog))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, exporter: Exporter, path: Path) -> None:
        """Write the project as it stands now to `path` in the background; ends in `done` or `failed`."""
        self._jobs.submit(partial(_written, exporter, self._document.project, path))

    def close_jobs(self) -> None:
        """Wait for what is being written."""
        self._jobs.close()

    def _on_chosen(self, dialog: QFileDialog) -> None:
        path = Path(dialog.selectedFiles()[0])
        chosen = next(one for one in FORMATS if _filter(one) == dialog.selectedNameFilter())
        self.write(_format_for(path, chosen), path)

    @Slot(object)
    def _on_written(self, path: Path) -> None:
        self.done.emit(f"Exported {path.name}.")

    def _proposed(self) -> Path:
        path = self._document.path or Path.home() / "network"
        return path.with_suffix(FORMATS[0].suffix)


def _written(exporter: Exporter, project: Project, path: Path) -> Path:
    exporter.write(project, path)
    return path


def _filter(exporter: Exporter) -> str:
    return f"{exporter.title} (*{exporter.suffix})"


def _propose_suffix(dialog: QFileDialog, name_filter: str) -> None:
    """A name without an ending gets the one of the format."""
    chosen = next(one for one in FORMATS if _filter(one) == name_filter)
    dialog.setDefaultSuffix(chosen.suffix.removeprefix("."))


def _format_for(path: Path, chosen: Exporter) -> Exporter:
    """What the name ends in counts more than the filter, where the two differ."""
    suffix = path.suffix.lower()
    if suffix == chosen.suffix:
        return chosen
    return next((one for one in FORMATS if one.suffix == suffix), chosen)
