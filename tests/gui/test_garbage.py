"""Python's garbage collector in the GUI thread: when it begins, and what it looks at."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer

from cnnstudio.gui.window.garbage import GuiThreadCollector


class _Loop:
    """An object that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector(qapp: object) -> Iterator[GuiThreadCollector]:
    parent = QObject()
    collector = GuiThreadCollector(parent)
    yield collector
    collector.stop()
    gc.unfreeze()
    gc.disable()


def _pause_s(collector: GuiThreadCollector) -> float:
    return collector.findChildren(QTimer)[0].interval() / 1000


def test_nothing_is_looked_at_while_much_is_being_loaded(collector: GuiThreadCollector) -> None:
    assert _pause_s(collector) >= 30
    collector.keep_what_is_loaded()
    assert _pause_s(collector) <= 1


def test_where_loading_never_ends_collecting_begins_all_the_same(collector: GuiThreadCollector) -> None:
    collector.collect()
    assert _pause_s(collector) <= 1


def test_what_was_loaded_is_never_looked_at_again_and_what_comes_after_is(
    collector: GuiThreadCollector,
) -> None:
    loaded = _Loop()
    kept = weakref.ref(loaded)
    del loaded
    collector.keep_what_is_loaded()
    later = [_Loop() for _ in range(gc.get_threshold()[0] + 1)]
    freed = weakref.ref(later[0])
    later.clear()
    collector.collect()
    assert kept() is not None
    assert freed() is None
