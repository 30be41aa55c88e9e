"""The contract of every view of a weight, and the chooser where several volunteer."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.engine.interpret import gallery
from cnnstudio.engine.interpret.loaded import LoadedWeight, read_weight
from cnnstudio.engine.weights import open_weights
from cnnstudio.gui.pages.inspector import views
from cnnstudio.gui.pages.inspector.views import VIEWS, ViewKind, kernels, matrix, numbers, vector, views_for
from cnnstudio.gui.pages.inspector.views.numbers import NumbersView
from cnnstudio.gui.pages.inspector.weight_panel import WeightPanel
from cnnstudio.gui.theme.theme import Theme

FIXTURES = Path(__file__).parent.parent / "fixtures"
LENET = FIXTURES / "tensorspace_mnist_keras2.1.6.h5"


def read_all(path: Path) -> Iterator[LoadedWeight]:
    with open_weights(path) as file:
        for layer in file.layers:
            for entry in layer.weights:
                yield read_weight(file, layer.name, entry.name)


def weight_of(values: "np.typing.NDArray[np.float32]") -> LoadedWeight:
    shown = gallery.shown_matrix(values) if values.ndim == 2 and values.size else None
    figures, counts = gallery.statistics(values), gallery.histogram(values)
    return LoadedWeight("odd", "odd", values, figures, counts, matrix=shown)


@pytest.fixture(scope="module")
def weights() -> list[LoadedWeight]:
    """Every array of every fixture."""
    return [one for path in sorted(FIXTURES.glob("*.h*5")) for one in read_all(path)]


@pytest.fixture(scope="module")
def lenet() -> dict[str, LoadedWeight]:
    return {f"{one.layer}/{one.name}": one for one in read_all(LENET)}


@pytest.fixture
def panel(theme: Theme, qtbot: QtBot) -> WeightPanel:
    made = WeightPanel(theme)
    qtbot.addWidget(made)
    made.resize(420, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def chosen(panel: WeightPanel) -> str:
    assert panel.views is not None
    kind = panel.views.value()
    assert isinstance(kind, ViewKind)
    assert panel.stack.currentWidget() is panel.view(kind)
    return kind.title


def choose(panel: WeightPanel, kind: ViewKind) -> None:
    assert panel.views is not None
    panel.views.button(kind).click()


def test_every_array_of_the_fixtures_has_a_view_that_volunteers(weights: list[LoadedWeight]) -> None:
    assert len(weights) > 50
    assert not [f"{one.layer}/{one.name}" for one in weights if not views_for(one)]


def test_the_titles_of_the_views_tell_them_from_each_other() -> None:
    assert len({kind.title for kind in VIEWS}) == len(VIEWS)


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.title)
def test_a_view_paints_every_weight_it_volunteers_for(
    kind: ViewKind, weights: list[LoadedWeight], theme: Theme, qtbot: QtBot
) -> None:
    suited = [one for one in weights if kind.suits(one)]
    assert suited
    host = QWidget()
    qtbot.addWidget(host)
    view = kind.make(theme, host)
    view.resize(420, 600)
    empty = view.grab().toImage()
    for one in suited:
        view.show_weight(one)
        assert view.grab().toImage() != empty


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (2, 3, 4), (1, 2, 1, 2, 3)])
def test_odd_shapes_are_shown_as_numbers(shape: tuple[int, ...], qtbot: QtBot, theme: Theme) -> None:
    weight = weight_of(np.arange(np.prod(shape, dtype=int), dtype=np.float32).reshape(shape))
    assert numbers.VIEW in views_for(weight)
    host = QWidget()
    qtbot.addWidget(host)
    view = numbers.VIEW.make(theme, host)
    assert isinstance(view, NumbersView)
    view.show_weight(weight)
    assert view.table.numbers.rowCount() == weight.values.size


def test_the_numbers_of_a_matrix_stand_in_its_rows_and_columns(qtbot: QtBot, theme: Theme) -> None:
    view = NumbersView(theme)
    qtbot.addWidget(view)
    model = view.table.numbers
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    view.show_weight(weight_of(np.array([[0.5, -2.0, 3.0], [0.0, 1e-7, 6.0]], dtype=np.float32)))
    shown = [[model.index(row, column).data() for column in range(3)] for row in range(2)]
    assert shown == [["0.5", "−2", "3"], ["0", "1e−07", "6"]]
    assert model.headerData(1, Qt.Orientation.Vertical) == "1"
    view.show_weight(weight_of(np.zeros((2, 2, 2), dtype=np.float32)))
    assert (model.rowCount(), model.columnCount()) == (8, 2)
    assert model.index(5, 0).data() == "1, 0, 1"
    assert tester.model() is model


def test_the_first_view_is_shown_and_the_others_are_offered_by_title(
    panel: WeightPanel, lenet: dict[str, LoadedWeight]
) -> None:
    panel.show_weight(lenet["Dense_1/kernel"])
    assert panel.views is not None
    assert panel.views.isVisible()
    assert [panel.views.button(kind).text() for kind in (matrix.VIEW, numbers.VIEW)] == ["Matrix", "Numbers"]
    assert chosen(panel) == "Matrix"
    choose(panel, numbers.VIEW)
    assert chosen(panel) == "Numbers"


def test_a_weight_with_one_view_has_no_chooser(
    panel: WeightPanel, lenet: dict[str, LoadedWeight], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "VIEWS", (matrix.VIEW, vector.VIEW, numbers.VIEW))
    panel.show_weight(lenet["Dense_1/kernel"])
    panel.show_weight(lenet["Dense_1/bias"])
    assert panel.stack.currentWidget() is panel.view(vector.VIEW)
    assert panel.views is not None
    assert not panel.views.isVisible()
    panel.show_weight(lenet["Dense_1/kernel"])
    assert panel.views.isVisible()
    panel.show_nothing("This weight cannot be read", "It holds no numbers.")
    assert not panel.views.isVisible()


def test_the_choice_is_remembered_for_weights_of_the_same_kind_only(
    panel: WeightPanel, lenet: dict[str, LoadedWeight]
) -> None:
    panel.show_weight(lenet["Dense_1/kernel"])
    choose(panel, numbers.VIEW)
    panel.show_weight(lenet["Conv2D_1/kernel"])
    assert chosen(panel) == kernels.VIEW.title
    panel.show_weight(lenet["Dense_1/bias"])
    panel.show_weight(lenet["Dense_2/kernel"])
    assert chosen(panel) == "Numbers"
    table = panel.view(numbers.VIEW)
    assert isinstance(table, NumbersView)
    assert (table.table.numbers.rowCount(), table.table.numbers.columnCount()) == (120, 84)
    choose(panel, matrix.VIEW)
    panel.show_weight(lenet["Dense_1/kernel"])
    assert chosen(panel) == "Matrix"


def test_a_wide_panel_has_the_chooser_beside_the_title_and_a_narrow_one_below(
    panel: WeightPanel, lenet: dict[str, LoadedWeight]
) -> None:
    with open_weights(LENET) as file:
        panel.show_layer(file.layer("Dense_1"), "kernel")
    panel.show_weight(lenet["Dense_1/kernel"])
    for width, is_beside in ((420, False), (700, True), (420, False)):
        panel.resize(width, 700)
        QApplication.processEvents()
        assert panel.views is not None
        top = panel.views.mapTo(panel, QPoint()).y()
        assert (top < panel.title.geometry().bottom()) is is_beside
