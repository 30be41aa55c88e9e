"""Every page of the window as PNG files, in light and dark, to be looked at."""

import math
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from cnnstudio.core.layers import Add, BatchNormalization, Conv2D
from cnnstudio.engine.runs.folder import claim_folder, read_run
from cnnstudio.engine.runs.story import story_of
from cnnstudio.engine.training.events import BatchEnded, CheckpointSaved, EpochEnded, Event, Started
from cnnstudio.engine.training.trainer import TrainingJob, train
from cnnstudio.gui.pages import PAGES
from cnnstudio.gui.pages.evaluate.page import EvaluatePage
from cnnstudio.gui.window.app import create_window, make_application
from cnnstudio.gui.window.main_window import MainWindow
from cnnstudio.gui.window.settings import Settings

SIZE = (1440, 900)
Scene = Callable[[MainWindow, Path], None]
EPOCHS = 12
BATCHES = 250


def main(folder: Path) -> None:
    """Write the pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    app = make_application()
    with tempfile.TemporaryDirectory() as work:
        best = _trained(Path(work))
        for mode in ("light", "dark"):
            _photograph(app, mode, folder, Path(work), best)


def _photograph(app: QApplication, mode: str, folder: Path, work: Path, best: Path) -> None:
    settings = Settings(work / f"{mode}.ini")
    settings.theme_mode = "dark" if mode == "dark" else "light"
    window = create_window(app, settings, work / "runs")
    window.resize(*SIZE)
    window.show()
    _allow_all(window)
    for name, prepare in _all_scenes():
        prepare(window, best)
        _settle(800)
        path = folder / f"{name}-{mode}.png"
        window.grab().save(str(path))
        print(path)
    window.document.undo_stack.setClean()
    window.close()
    _settle(200)


def _allow_all(window: MainWindow) -> None:
    """What waits for libraries after the first paint of a window that a person opens."""
    window.document.look_at_memory()
    window.pages.build.previews.allow()
    window.selection_bar.allow_pictures()
    window.selection_bar.allow_answers()


def _build(window: MainWindow, _best: Path) -> None:
    window.show_page("build")
    window.document.select(("conv1",))


def _build_with_arcs(window: MainWindow, _best: Path) -> None:
    network = window.document.network
    layers = (
        Conv2D(name="conv1b", filters=16, activation="linear"),
        BatchNormalization(name="norm1"),
        Add(name="add1", inputs=("norm1", "conv1")),
    )
    window.document.apply_network("Add a skip connection", network.inserted(3, *layers))
    window.document.select(("add1",))


def _build_with_findings(window: MainWindow, _best: Path) -> None:
    network = window.document.network
    conv = network.layer("conv2").updated(kernel_size=(40, 40), padding="valid")
    window.document.apply_network("Break conv2", network.replaced("conv2", conv))
    window.document.select(("conv2",))


def _data(window: MainWindow, _best: Path) -> None:
    while window.document.undo_stack.canUndo():
        window.document.undo_stack.undo()
    window.show_page("data")


def _train_before(window: MainWindow, _best: Path) -> None:
    window.show_page("train")


def _train(window: MainWindow, best: Path) -> None:
    window.show_page("train")
    window.training.running_changed.emit(True)
    for event in _scripted_events(best):
        window.training.happened.emit(event)


def _evaluate(window: MainWindow, best: Path) -> None:
    """The real run in place of the scripted one, whose loss falls further than two epochs can."""
    window.training.running_changed.emit(False)
    window.run.story = story_of(read_run(best.parent))
    window.run.changed.emit()
    window.show_page("evaluate")
    page = window.pages.page("evaluate")
    while isinstance(page, EvaluatePage) and page.shown is page.busy:
        _settle(100)


def _inspect_empty(window: MainWindow, _best: Path) -> None:
    window.pages.inspect.forget_run()
    window.show_page("inspect")


def _inspect(window: MainWindow, best: Path) -> None:
    window.pages.inspect_file(best)


def _only_shown(page: str, window: MainWindow, _best: Path) -> None:
    window.show_page(page)


SCENES: dict[str, dict[str, Scene]] = {
    "build": {"build": _build, "build-arcs": _build_with_arcs, "build-findings": _build_with_findings},
    "data": {"data": _data},
    "train": {"train-before": _train_before, "train": _train},
    "evaluate": {"evaluate": _evaluate},
    "inspect": {"inspect-empty": _inspect_empty, "inspect": _inspect},
}
"""What is photographed of a page, by the name of the picture; of others, how they are first shown."""


def _all_scenes() -> Iterator[tuple[str, Scene]]:
    for page in (spec.key for spec in PAGES):
        yield from SCENES.get(page, {page: partial(_only_shown, page)}).items()


def _scripted_events(best: Path) -> Iterator[Event]:
    """A run that overfits after its eighth epoch."""
    yield Started(best.parent, EPOCHS, BATCHES, 8_000, 2_000, 20_000, 0)
    lowest = math.inf
    for epoch in range(1, EPOCHS):
        total = 0.0
        for count, batch in enumerate(range(10, BATCHES + 1, 10), start=1):
            wobble = 1 + 0.3 * math.sin(7 * batch + epoch)
            total += wobble * (0.06 + 1.1 * math.exp(-0.5 * (epoch - 1 + batch / BATCHES)))
            yield BatchEnded(epoch, batch, {"loss": total / count, "accuracy": 1 - total / count / 2.5})
        loss = 0.05 + 1.0 * math.exp(-0.5 * epoch)
        val_loss = 0.12 + 0.8 * math.exp(-0.45 * epoch) + 0.012 * max(epoch - 8, 0)
        values = {
            "loss": loss,
            "accuracy": 1 - loss / 3,
            "val_loss": val_loss,
            "val_accuracy": 1 - val_loss / 3,
        }
        yield EpochEnded(epoch, values, 4.2, 1e-3)
        if val_loss < lowest:
            lowest = val_loss
            yield CheckpointSaved(epoch, val_loss, best)


def _trained(work: Path) -> Path:
    """Weights of two real epochs of the sample project."""
    from cnnstudio.engine.files.projects import sample_project

    project = sample_project()
    settings = project.training.model_copy(update={"epochs": 2})
    folder = claim_folder(work / "run")
    train(TrainingJob(project.with_training(settings), folder), lambda _event: None, lambda: False)
    return folder / "best.weights.h5"


def _settle(milliseconds: int) -> None:
    """Let timers, background jobs and layouts come to rest."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
