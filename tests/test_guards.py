"""The guards themselves: what a test leaves behind is seen."""

import gc
import logging
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests import leftovers
from tests.logs import ExpectedLog


class WaitingThread(QThread):
    """A thread that ends when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = threading.Event()

    def run(self) -> None:
        self.may_end.wait()


@pytest.fixture(autouse=True)
def _all_objects() -> Iterator[None]:
    """Look among all objects: tests of gui that ran before leave Python's own collection off."""
    was_on = gc.isenabled()
    gc.enable()
    yield
    if not was_on:
        gc.disable()


@pytest.fixture
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "GRACE_MS", 1)


def test_a_warning_is_a_fault_even_of_a_logger_that_keeps_its_records(expected_log: ExpectedLog) -> None:
    expected_log("paper jam")
    logger = logging.getLogger("tests.printer")
    logger.propagate = False
    with ExpectedLog() as log:
        logger.warning("paper %s", "jam")
    assert log.faults() == ["unexpected log: WARNING tests.printer: paper jam"]


def test_an_announced_warning_is_no_fault_and_a_missing_one_is(expected_log: ExpectedLog) -> None:
    expected_log("paper jam")
    with ExpectedLog() as log:
        log("paper")
        log("toner")
        logging.getLogger("tests.printer").warning("paper jam")
    assert log.faults() == ["never logged: toner"]


def test_an_information_is_no_fault() -> None:
    with ExpectedLog() as log:
        logging.getLogger("tests.printer").info("ready")
    assert log.faults() == []


@pytest.mark.usefixtures("no_grace")
def test_a_thread_left_running_is_seen() -> None:
    before, may_end = leftovers.current(), threading.Event()
    thread = threading.Thread(target=may_end.wait, name="forgotten")
    thread.start()
    left = leftovers.since(before)
    may_end.set()
    thread.join()
    assert len(left) == 1
    assert "forgotten" in left[0]


def test_a_thread_that_is_about_to_end_is_waited_for() -> None:
    before, may_end = leftovers.current(), threading.Event()
    threading.Thread(target=may_end.wait).start()
    threading.Timer(0.05, may_end.set).start()
    assert leftovers.since(before) == []


@pytest.mark.usefixtures("no_grace", "qapp")
def test_a_qt_thread_left_running_is_seen() -> None:
    before, thread = leftovers.current(), WaitingThread()
    thread.start()
    left = leftovers.since(before)
    thread.may_end.set()
    assert thread.wait(5000)
    assert len(left) == 1
    assert "WaitingThread" in left[0]


@pytest.mark.usefixtures("qapp")
def test_a_timer_left_running_is_seen_until_it_is_stopped() -> None:
    before, timer = leftovers.current(), QTimer()
    timer.start(60_000)
    left = leftovers.since(before)
    timer.stop()
    assert len(left) == 1
    assert leftovers.since(before) == []


def test_a_visible_window_is_seen_until_it_is_closed(qtbot: QtBot) -> None:
    before, window = leftovers.current(), QWidget()
    qtbot.addWidget(window)
    window.show()
    left = leftovers.since(before)
    window.close()
    assert len(left) == 1
    assert leftovers.since(before) == []
