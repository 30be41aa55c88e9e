"""The list of layers, by real keys and clicks."""

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from cnnstudio.core.layers import LAYER_TYPES
from cnnstudio.core.layers.catalogue import FAMILY_TITLES, addable_types, matching, summary, type_name
from cnnstudio.gui.pages.builder.mime import layer_type
from cnnstudio.gui.pages.builder.palette import Palette
from cnnstudio.gui.theme.icons import icon_path
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.clear_action import ClearAction

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def palette(qtbot: QtBot, theme: Theme) -> Palette:
    made = Palette(theme)
    qtbot.addWidget(made)
    made.resize(236, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def index_of(palette: Palette, title: str) -> QModelIndex:
    model = palette.tree.model()
    for row in range(model.rowCount()):
        family = model.index(row, 0)
        for at in range(model.rowCount(family)):
            if model.index(at, 0, family).data() == title:
                palette.tree.expand(family)
                return model.index(at, 0, family)
    raise AssertionError(f"{title} is not in the palette")


def middle(palette: Palette, title: str) -> QPoint:
    index = index_of(palette, title)
    palette.tree.scrollTo(index)
    return palette.tree.visualRect(index).center()


def shown(palette: Palette) -> list[str]:
    model, tree = palette.tree.model(), palette.tree
    families = [model.index(row, 0) for row in range(model.rowCount())]
    return [
        model.index(at, 0, family).data()
        for family in families
        for at in range(model.rowCount(family))
        if not tree.isRowHidden(at, family)
    ]


def test_all_types_but_the_input_are_listed_with_an_icon_and_a_sentence() -> None:
    types = addable_types()
    assert "Input" not in [type_name(layer) for layer in types]
    assert len(types) >= len(LAYER_TYPES) - 2
    for layer in types:
        assert layer.family in FAMILY_TITLES
        assert icon_path(layer.icon).exists()
        assert summary(layer).endswith((".", ":"))


def test_a_double_click_asks_for_the_layer_once(palette: Palette, qtbot: QtBot) -> None:
    asked: list[str] = []
    palette.add_requested.connect(asked.append)
    spot = middle(palette, "Conv2D")
    QTest.mouseClick(palette.tree.viewport(), LEFT, pos=spot)
    QTest.mouseDClick(palette.tree.viewport(), LEFT, pos=spot)
    assert asked == ["Conv2D"]


def test_keys_walk_down_from_the_search_field_and_enter_adds(palette: Palette) -> None:
    asked: list[str] = []
    palette.add_requested.connect(asked.append)
    palette.search.setFocus()
    QTest.keyClicks(palette.search, "dropout")
    QTest.keyClick(palette.search, Key.Key_Down)
    assert palette.tree.hasFocus()
    QTest.keyClick(palette.tree, Key.Key_Return)
    assert asked == ["Dropout"]


def test_enter_in_the_search_field_adds_the_best_match(palette: Palette) -> None:
    asked: list[str] = []
    palette.add_requested.connect(asked.append)
    QTest.keyClicks(palette.search, "maxp")
    QTest.keyClick(palette.search, Key.Key_Return)
    assert asked == [type_name(matching("maxp")[0])]


def test_the_cross_empties_the_search_and_is_there_only_with_text(palette: Palette, theme: Theme) -> None:
    cross = palette.search.findChild(ClearAction)
    assert cross is not None
    assert not cross.isVisible()
    everything = shown(palette)
    QTest.keyClicks(palette.search, "concat")
    assert cross.isVisible()
    before = cross.icon().cacheKey()
    theme.toggle()
    assert cross.icon().cacheKey() != before
    (button,) = (one for one in palette.search.findChildren(QToolButton) if one.defaultAction() is cross)
    QTest.mouseClick(button, LEFT)
    assert (palette.search.text(), shown(palette)) == ("", everything)
    assert not cross.isVisible()


def test_the_search_shows_what_fits_and_escape_shows_all_again(palette: Palette) -> None:
    everything = shown(palette)
    QTest.keyClicks(palette.search, "concat")
    assert shown(palette) == ["Concatenate"]
    QTest.keyClick(palette.search, Key.Key_Escape)
    assert shown(palette) == everything


def test_a_search_without_result_says_so(palette: Palette) -> None:
    asked: list[str] = []
    palette.add_requested.connect(asked.append)
    QTest.keyClicks(palette.search, "xyzzy")
    assert palette.nothing.isVisible()
    assert "xyzzy" in palette.nothing.text()
    QTest.keyClick(palette.search, Key.Key_Return)
    assert asked == []
    palette.search.clear()
    assert not palette.nothing.isVisible()


def test_up_from_the_first_row_goes_back_to_the_search_field(palette: Palette) -> None:
    palette.tree.setFocus()
    palette.tree.setCurrentIndex(palette.tree.model().index(0, 0))
    QTest.keyClick(palette.tree, Key.Key_Up)
    assert palette.search.hasFocus()


def test_a_family_folds_by_click_and_by_key(palette: Palette) -> None:
    tree = palette.tree
    family = index_of(palette, "Conv2D").parent()
    assert tree.isExpanded(family)
    QTest.mouseClick(tree.viewport(), LEFT, pos=tree.visualRect(family).center())
    assert not tree.isExpanded(family)
    QTest.keyClick(tree, Key.Key_Return)
    assert tree.isExpanded(family)


@pytest.mark.parametrize(
    ("section", "title"), [("3-D", "Conv3D"), ("Recurrent", "LSTM"), ("Attention", "Multi-Head Attention")]
)
def test_what_is_seldom_wanted_is_closed_until_it_is_searched(
    palette: Palette, section: str, title: str
) -> None:
    model = palette.tree.model()
    headings = [model.index(row, 0) for row in range(model.rowCount())]
    (heading,) = [index for index in headings if index.data() == section]
    assert not palette.tree.isExpanded(heading)
    palette.search.setText(title)
    assert palette.tree.isExpanded(heading)
    assert title in shown(palette)


def test_a_layer_dragged_out_carries_its_type_and_a_picture(
    palette: Palette, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[tuple[str | None, int]] = []

    def record(drag: QDrag, action: Qt.DropAction) -> Qt.DropAction:
        carried.append((layer_type(drag.mimeData()), drag.pixmap().width()))
        return action

    monkeypatch.setattr(QDrag, "exec", record)
    start = middle(palette, "Conv2D")
    port = palette.tree.viewport()
    QTest.mousePress(port, LEFT, pos=start)
    QTest.mouseMove(port, start + QPoint(20, 5))
    QTest.mouseMove(port, start + QPoint(40, 10))
    QTest.mouseRelease(port, LEFT, pos=start + QPoint(40, 10))
    assert [name for name, _ in carried] == ["Conv2D"]
    assert carried[0][1] > 300


def test_the_best_match_comes_first() -> None:
    assert type_name(matching("conv2d")[0]) == "Conv2D"
    assert type_name(matching("flat")[0]) == "Flatten"
    assert matching("") == addable_types()
    assert matching("qqqq") == ()
