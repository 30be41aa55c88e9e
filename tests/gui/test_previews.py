"""Pictures inside the blocks: made behind the person's back, shown where they belong."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QImage, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.templates.transfer import CLOTHES
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.projects import sample_project
from cnnstudio.engine.interpret.previews import Preview, Request
from cnnstudio.engine.interpret.previews.picture import Sources, preview_of
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.previews import PreviewSource, ShownPreview
from cnnstudio.gui.pages.builder.stack.block import Block
from cnnstudio.gui.pages.builder.stack.card import texts_of
from cnnstudio.gui.pages.builder.stack.thumbnail import slot_box, thumbnail_of, words_of
from cnnstudio.gui.pages.builder.stack.view import StackView
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.colormaps import Colormap, color_table
from tests.core.pictures import stack
from tests.gui import edits
from tests.gui.stack_driver import StackDriver

Stop = Callable[[], bool]


class FakeWork:
    """Gives each layer a picture that knows which network it was made for."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.threads: set[int] = set()
        self.gate: threading.Event | None = None
        self.begun = threading.Event()
        self.error: StudioError | None = None
        self.stopped = 0

    def __call__(self, request: Request, should_stop: Stop) -> dict[str, Preview] | None:
        self.asked.append(request)
        self.threads.add(threading.get_ident())
        self.begun.set()
        if self.error:
            raise self.error
        if self.gate is not None:
            self.gate.wait(30)
        if should_stop():
            self.stopped += 1
            return None
        return {row.name: picture(len(self.asked)) for row in request.analysis.rows if row.stands}


def picture(value: float) -> Preview:
    found = preview_of(np.full((4, 4, 2), value, np.float32), frozenset({"untrained"}))
    assert found is not None
    return found


class Bench:
    """A document, its source over fake work, and what the source has said."""

    def __init__(self, picture: str) -> None:
        self.document = Document(Project(network=stack(picture)))
        self.work = FakeWork()
        self.source = PreviewSource(self.document, None, self.work, delay_ms=0)
        self.said: list[dict[str, ShownPreview]] = []
        self.source.changed.connect(self._on_changed)

    def _on_changed(self, pictures: dict[str, ShownPreview]) -> None:
        self.said.append(pictures)

    def edit(self, name: str, **changes: object) -> None:
        network = self.document.network
        self.document.apply_network("Edit", network.replaced(name, network.layer(name).updated(**changes)))

    @property
    def stale(self) -> set[str]:
        return {name for name, shown in self.source.pictures.items() if shown.is_stale}

    def is_fresh(self) -> bool:
        return bool(self.source.pictures) and not self.stale


@pytest.fixture
def bench() -> Iterator[Callable[[str], Bench]]:
    made: list[Bench] = []

    def make(picture: str) -> Bench:
        made.append(Bench(picture))
        return made[-1]

    yield make
    for one in made:
        if one.work.gate is not None:
            one.work.gate.set()
        one.source.close()


def shown(qtbot: QtBot, it: Bench) -> Bench:
    it.source.set_on(True)
    it.source.allow()
    qtbot.waitUntil(it.is_fresh)
    return it


def test_it_is_off_until_it_is_switched_on(qtbot: QtBot, bench: Callable[[str], Bench]) -> None:
    it = bench("a=conv b=maxpool")
    it.source.allow()
    it.edit("a", filters=16)
    assert not it.source.is_on
    it.source.set_on(True)
    qtbot.waitUntil(it.is_fresh)
    assert len(it.work.asked) == 1


def test_nothing_is_made_before_it_is_allowed(qtbot: QtBot, bench: Callable[[str], Bench]) -> None:
    it = bench("a=conv")
    it.source.set_on(True)
    qtbot.waitUntil(lambda: not it.source.is_waiting)
    assert it.work.asked == []
    it.source.allow()
    qtbot.waitUntil(it.is_fresh)


def test_pictures_are_made_in_a_thread_of_their_own(qtbot: QtBot, bench: Callable[[str], Bench]) -> None:
    it = shown(qtbot, bench("a=conv b=maxpool"))
    assert set(it.source.pictures) == {"input", "a", "b"}
    assert threading.get_ident() not in it.work.threads


def test_after_an_edit_the_old_pictures_from_there_down_are_dimmed_until_the_new_ones_come(
    qtbot: QtBot, bench: Callable[[str], Bench]
) -> None:
    it = shown(qtbot, bench("a=conv b=conv c=conv d=conv<-a e=add<-c,d"))
    it.work.gate = threading.Event()
    it.edit("b", activation="tanh")
    qtbot.waitUntil(lambda: it.stale == {"b", "c", "e"})
    it.work.gate.set()
    qtbot.waitUntil(it.is_fresh)
    assert it.work.asked[-1].analysis is it.document.analysis


def test_a_renamed_layer_keeps_its_picture_meanwhile(qtbot: QtBot, bench: Callable[[str], Bench]) -> None:
    it = shown(qtbot, bench("a=conv b=conv"))
    old = it.source.pictures["a"].preview
    it.work.gate = threading.Event()
    it.document.apply_network("Rename", it.document.network.renamed("a", "z"))
    qtbot.waitUntil(lambda: it.stale == {"z", "b"})
    assert it.source.pictures["z"].preview is old
    it.work.gate.set()
    qtbot.waitUntil(it.is_fresh)


def test_an_edit_during_the_work_breaks_it_off_and_the_newest_network_is_shown(
    qtbot: QtBot, bench: Callable[[str], Bench]
) -> None:
    it = shown(qtbot, bench("a=conv b=conv"))
    it.work.gate = threading.Event()
    it.work.begun.clear()
    it.edit("a", filters=16)
    qtbot.waitUntil(it.work.begun.is_set)
    it.edit("a", filters=32)
    it.edit("a", filters=64)
    qtbot.waitUntil(lambda: not it.source.is_waiting)
    it.work.gate.set()
    qtbot.waitUntil(it.is_fresh)
    assert it.work.stopped == 1
    assert it.work.asked[-1].analysis is it.document.analysis
    assert len(it.work.asked) == 3


def test_while_a_training_runs_pictures_rest_and_then_come(
    qtbot: QtBot, bench: Callable[[str], Bench]
) -> None:
    it = shown(qtbot, bench("a=conv b=conv"))
    it.source.set_training(True)
    it.edit("b", filters=16)
    qtbot.waitUntil(lambda: it.stale == {"b"})
    it.source.set_weights(Path("best.weights.h5"))
    qtbot.waitUntil(lambda: it.stale == {"input", "a", "b"})
    assert len(it.work.asked) == 1
    it.source.set_training(False)
    qtbot.waitUntil(it.is_fresh)
    assert it.work.asked[-1].weights == Path("best.weights.h5")


def test_the_first_edit_of_all_keeps_the_weights(qtbot: QtBot, bench: Callable[[str], Bench]) -> None:
    it = shown(qtbot, bench("a=conv"))
    it.source.set_weights(Path("best.weights.h5"))
    it.edit("a", filters=16)
    qtbot.waitUntil(lambda: len(it.work.asked) == 2 and it.is_fresh())
    assert it.work.asked[-1].weights == Path("best.weights.h5")


def test_another_project_does_not_take_over_the_weights(qtbot: QtBot, bench: Callable[[str], Bench]) -> None:
    it = shown(qtbot, bench("a=conv"))
    it.source.set_weights(Path("best.weights.h5"))
    qtbot.waitUntil(lambda: len(it.work.asked) == 2 and it.is_fresh())
    it.document.open(Project(network=stack("a=conv b=conv")), None)
    qtbot.waitUntil(lambda: it.is_fresh() and "b" in it.source.pictures)
    assert [request.weights is None for request in it.work.asked] == [True, False, True]


def test_without_a_run_the_weights_to_start_from_are_used(
    qtbot: QtBot, bench: Callable[[str], Bench]
) -> None:
    it = shown(qtbot, bench("a=conv"))
    start = TrainingSettings(start_from=CLOTHES)
    it.document.apply("Start", it.document.project.with_training(start))
    qtbot.waitUntil(lambda: len(it.work.asked) == 2 and it.is_fresh())
    it.source.set_weights(Path("best.weights.h5"))
    qtbot.waitUntil(lambda: len(it.work.asked) == 3 and it.is_fresh())
    unknown = TrainingSettings(start_from="included:shoes")
    it.document.open(it.document.project.with_training(unknown), None)
    qtbot.waitUntil(lambda: len(it.work.asked) == 4 and it.is_fresh())
    used = [request.weights.name if request.weights else "" for request in it.work.asked]
    assert used == ["", "clothes.weights.h5", "best.weights.h5", ""]


def test_data_that_cannot_be_read_leave_no_pictures(qtbot: QtBot, bench: Callable[[str], Bench]) -> None:
    it = shown(qtbot, bench("a=conv"))
    it.work.error = StudioError("The images are missing.")
    it.edit("a", filters=16)
    qtbot.waitUntil(lambda: not it.source.pictures)


def test_switched_off_it_forgets_its_pictures(qtbot: QtBot, bench: Callable[[str], Bench]) -> None:
    it = shown(qtbot, bench("a=conv"))
    it.source.set_on(False)
    assert not it.source.pictures
    assert it.said[-1] == {}
    it.edit("a", filters=16)
    assert not it.source.is_waiting


def test_closing_breaks_off_the_work_and_ends_the_thread(qtbot: QtBot, bench: Callable[[str], Bench]) -> None:
    it = bench("a=conv")
    before = set(threading.enumerate())
    asked_to_stop = threading.Event()

    def endless(_request: Request, should_stop: Stop) -> None:
        it.work.begun.set()
        while not should_stop():
            asked_to_stop.wait(0.01)
        asked_to_stop.set()

    source = PreviewSource(it.document, None, endless, delay_ms=0)
    source.set_on(True)
    source.allow()
    qtbot.waitUntil(it.work.begun.is_set)
    source.close()
    assert asked_to_stop.is_set()
    assert set(threading.enumerate()) <= before
    it.edit("a", filters=16)
    assert not source.is_waiting


# In the blocks.


class Repaints(QObject):
    """Listens to a viewport: what of it was painted."""

    def __init__(self, driver: StackDriver) -> None:
        super().__init__()
        self._view = driver.view
        self.region = QRegion()
        driver.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region = self.region.united(event.region())
        return False

    def come_to_rest(self, qtbot: QtBot) -> None:
        """Wait until nothing is painted any more: a busy machine paints the last change late."""
        self.region = QRegion(self._view.viewport().rect())
        while not self.region.isEmpty():
            self.region = QRegion()
            qtbot.wait(50)

    def touched(self, block: Block) -> bool:
        rect = self._view.mapFromScene(block.mapRectToScene(block.card_rect)).boundingRect()
        return self.region.intersects(rect)


def driven(qtbot: QtBot, theme: Theme, picture: str) -> tuple[StackDriver, PreviewSource, FakeWork]:
    driver, work = StackDriver(qtbot, theme, picture), FakeWork()
    source = PreviewSource(driver.document, driver.view, work, delay_ms=0)
    driver.view.show_previews(source)
    source.set_on(True)
    source.allow()
    qtbot.waitUntil(lambda: bool(source.pictures))
    return driver, source, work


def slot_of(driver: StackDriver, theme: Theme, name: str) -> QImage:
    """The place of the picture in a layer's block or its collapsed group's card, as painted."""
    block = driver.view.stack.shower_of(name)
    box = slot_box(theme, texts_of(block.card_rect, theme), block.content.is_small)
    place = driver.view.mapFromScene(block.mapRectToScene(box)).boundingRect()
    return driver.view.viewport().grab(place).toImage()


def colors(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


def test_each_block_paints_its_picture_and_says_what_it_is(qtbot: QtBot, theme: Theme) -> None:
    driver, source, _ = driven(qtbot, theme, "a=conv b=relu c=flatten")
    yellow = 0xFFFDE725
    assert all(yellow in colors(slot_of(driver, theme, name)) for name in ("input", "a", "b", "c"))
    assert "first of 2 maps" not in driver.view.stack.blocks["a"].toolTip()
    assert "mean of 2 maps, 1 everywhere, untrained" in driver.view.stack.blocks["a"].toolTip()
    source.close()


def test_the_card_of_a_group_shows_the_picture_of_its_last_layer(qtbot: QtBot, theme: Theme) -> None:
    driver, source, _ = driven(qtbot, theme, "a=conv b=conv c=conv d=conv")
    now = dict(source.pictures)
    source.changed.emit({**now, "c": ShownPreview(picture(0))})
    driver.document.select(("b", "c"))
    edits.group_selected(driver.document)
    of_c = slot_of(driver, theme, "c")
    driver.document.fold("group1", True)
    of_group = slot_of(driver, theme, "c")
    middle = of_c.rect().center()
    assert of_group.pixel(of_group.rect().center()) == of_c.pixel(middle)
    assert of_c.pixel(middle) != slot_of(driver, theme, "d").pixel(middle)
    head = driver.view.stack.folding.heads["group1"]
    assert "0 everywhere, untrained" in head.toolTip()
    driver.document.fold("group1", False)
    assert "untrained" not in head.toolTip()
    source.close()


def test_the_card_of_a_group_follows_the_pictures_and_the_layers(qtbot: QtBot, theme: Theme) -> None:
    driver, source, _ = driven(qtbot, theme, "a=conv b=conv c=conv d=conv")
    driver.document.select(("b", "c"))
    edits.group_selected(driver.document)
    driver.document.fold("group1", True)
    head = driver.view.stack.folding.heads["group1"]
    another = ShownPreview(picture(7), is_stale=True)
    of_b = source.pictures["b"]
    source.changed.emit({**source.pictures, "c": another})
    seen = [head.picture]
    driver.document.apply_network("Remove", driver.document.network.removed("c"))
    seen.append(head.picture)
    source.set_on(False)
    assert [*seen, head.picture] == [another, of_b, None]
    source.close()


def test_a_stale_picture_is_dimmed(qtbot: QtBot, theme: Theme) -> None:
    driver, source, work = driven(qtbot, theme, "a=conv b=conv")
    bright = slot_of(driver, theme, "b").pixelColor(20, 20)
    work.gate = threading.Event()
    network = driver.document.network
    driver.document.apply_network("Edit", network.replaced("b", network.layer("b").updated(filters=3)))
    qtbot.waitUntil(lambda: source.pictures["b"].is_stale)
    assert slot_of(driver, theme, "b").pixelColor(20, 20) != bright
    assert slot_of(driver, theme, "a").pixelColor(20, 20) == bright
    work.gate.set()
    source.close()


def test_only_blocks_with_another_picture_are_painted_again(qtbot: QtBot, theme: Theme) -> None:
    driver, source, _ = driven(qtbot, theme, "a=conv b=conv c=conv")
    now = dict(source.pictures)
    repaints = Repaints(driver)
    repaints.come_to_rest(qtbot)
    source.changed.emit({**now, "b": ShownPreview(picture(9))})
    qtbot.waitUntil(lambda: not repaints.region.isEmpty())
    blocks = driver.view.stack.blocks
    assert [repaints.touched(blocks[name]) for name in ("a", "b", "c")] == [False, True, False]
    source.close()


def test_without_pictures_the_blocks_are_as_before(qtbot: QtBot, theme: Theme) -> None:
    plain = StackDriver(qtbot, theme, "a=conv b=conv").view.grab().toImage()
    driver, source, _ = driven(qtbot, theme, "a=conv b=conv")
    assert driver.view.grab().toImage() != plain
    source.set_on(False)
    assert driver.view.grab().toImage() == plain
    assert "untrained" not in driver.view.stack.blocks["a"].toolTip()
    source.close()


def test_a_block_that_comes_back_gets_its_picture_again(qtbot: QtBot, theme: Theme) -> None:
    driver, source, _ = driven(qtbot, theme, "a=conv b=conv")
    driver.document.apply_network("Remove", driver.document.network.removed("b"))
    qtbot.waitUntil(lambda: "b" not in source.pictures)
    driver.document.undo_stack.undo()
    qtbot.waitUntil(lambda: "b" in source.pictures)
    assert 0xFFFDE725 in colors(slot_of(driver, theme, "b"))
    source.close()


def test_the_sample_project_gets_a_picture_in_every_block(qtbot: QtBot, theme: Theme) -> None:
    document = Document(sample_project())
    view = StackView(document, theme)
    qtbot.addWidget(view)
    source = PreviewSource(document, view, delay_ms=0)
    view.show_previews(source)
    source.set_on(True)
    source.allow()
    qtbot.waitUntil(lambda: len(source.pictures) == len(document.network.layers), timeout=90_000)
    before = dict(source.pictures)
    network = document.network
    document.apply_network("Edit", network.replaced("conv2", network.layer("conv2").updated(filters=4)))
    qtbot.waitUntil(lambda: source.pictures["conv2"].preview.count == 4, timeout=90_000)
    same = {name for name, shown in source.pictures.items() if shown == before[name]}
    assert same == {"input", "rescale", "conv1", "pool1"}
    source.close()


# In words and colors.


def test_the_words_say_what_it_is_its_range_and_whose_weights() -> None:
    pixels = np.arange(12, dtype=np.float32).reshape(2, 2, 3)
    both: Sources = frozenset({"trained", "untrained"})
    cases = {
        "the first training image, 0 to 11": preview_of(pixels, frozenset(), is_pixels=True),
        "mean of 3 maps, 1 to 10, untrained": preview_of(pixels, frozenset({"untrained"})),
        "3 channels from top to bottom, 0 to 5, trained weights": preview_of(
            pixels[0], frozenset({"trained"})
        ),
        "3 features from left to right, 0 to 2, partly untrained": preview_of(pixels[0, 0], both),
        "the only map, 0 to 9, untrained": preview_of(pixels[..., :1], frozenset({"untrained"})),
    }
    assert [words_of(preview) for preview in cases.values() if preview is not None] == list(cases)


@pytest.mark.parametrize(
    ("values", "colormap", "expected"),
    [
        ([0.0, 4.0], "sequential", [0, 254]),
        ([2.0, 4.0], "sequential", [127, 254]),
        ([0.0, 0.0], "sequential", [0, 0]),
        ([-4.0, 0.0, 4.0], "diverging", [0, 127, 254]),
        ([-4.0, -4.0, 0.0], "diverging", [0, 0, 127]),
    ],
)
def test_zero_is_the_end_of_the_scale_or_its_middle(
    qapp: QApplication, values: list[float], colormap: Colormap, expected: list[int]
) -> None:
    preview = preview_of(np.array(values, np.float32), frozenset())
    assert preview is not None
    image = thumbnail_of(preview).pixmap.toImage()
    colors_found = [image.pixelColor(x, 0) for x in range(len(values))]
    found = [[color.red(), color.green(), color.blue()] for color in colors_found]
    assert found == color_table(colormap)[expected].tolist()


def test_the_place_of_a_small_blocks_picture_is_in_line_with_the_others(theme: Theme) -> None:
    texts = QRectF(0, 0, 300, 60)
    large, small = slot_box(theme, texts, is_small=False), slot_box(theme, texts, is_small=True)
    assert large.center() == small.center()
    assert large.contains(small)
    assert large.right() == texts.right()
