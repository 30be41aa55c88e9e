"""Short work off the GUI thread: which answers are told, in which order, and what comes after the end."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from threading import Event, Thread, current_thread, main_thread
from weakref import finalize

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.core.values.errors import StudioError
from cnnstudio.gui.document.jobs import BackgroundJobs
from tests.logs import ExpectedLog

LONG_S = 30.0
"""A gate that is still closed then is a fault."""
PATIENCE_S = 5.0


class Watched:
    """Jobs with what they told: values, and sentences in front of a mark."""

    def __init__(self, latest_only: bool) -> None:
        self.jobs = BackgroundJobs(latest_only=latest_only)
        self.told: list[object] = []
        self.queued = Event()
        """Whether an answer waits to be handed to the window's thread."""
        self.jobs.finished.connect(self.told.append)
        self.jobs.failed.connect(lambda sentence: self.told.append(f"failed: {sentence}"))
        # After the queued one that the jobs made themselves, and in the worker's thread.
        self.jobs._answered.connect(lambda *_: self.queued.set(), Qt.ConnectionType.DirectConnection)

    def let_one_wait_to_be_told(self, answer: object) -> None:
        """Ask, and return when the answer is there and the window's thread has not heard of it."""
        gate = Gate(answer)
        self.jobs.submit(gate)
        gate.let_go()
        assert self.queued.wait(LONG_S)


class Gate:
    """A job that runs until it is let go, and then answers, or fails where it was given an error."""

    def __init__(self, answer: object) -> None:
        self._answer = answer
        self.runs, self._open = Event(), Event()
        self.thread: Thread | None = None

    def __call__(self) -> object:
        self.thread = current_thread()
        self.runs.set()
        assert self._open.wait(LONG_S)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    def wait_until_it_runs(self) -> None:
        assert self.runs.wait(LONG_S)

    def let_go(self) -> None:
        self._open.set()


@pytest.fixture
def latest(qapp: QApplication) -> Iterator[Watched]:
    """Jobs of which the newest alone counts."""
    made = Watched(latest_only=True)
    yield made
    made.jobs.close()


@pytest.fixture
def every(qapp: QApplication) -> Iterator[Watched]:
    """Jobs that are all answered."""
    made = Watched(latest_only=False)
    yield made
    made.jobs.close()


def finish(it: Watched, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not it.jobs.is_busy)


def answering(answer: object) -> Callable[[], object]:
    gate = Gate(answer)
    gate.let_go()
    return gate


def test_a_job_runs_in_a_thread_of_its_own_and_is_answered_in_the_windows(
    latest: Watched, qtbot: QtBot
) -> None:
    heard_in = []
    latest.jobs.finished.connect(lambda _: heard_in.append(current_thread()))
    job = Gate("answer")
    latest.jobs.submit(job)
    assert latest.jobs.is_busy
    job.let_go()
    finish(latest, qtbot)
    assert job.thread not in (None, main_thread())
    assert (latest.told, heard_in) == (["answer"], [main_thread()])


def test_the_answer_to_a_request_that_was_replaced_while_it_ran_is_dropped(
    latest: Watched, qtbot: QtBot
) -> None:
    old = Gate("old")
    latest.jobs.submit(old)
    old.wait_until_it_runs()
    latest.jobs.submit(lambda: "new")
    old.let_go()
    finish(latest, qtbot)
    assert latest.told == ["new"]


def test_an_answer_that_waits_to_be_told_is_dropped_when_a_newer_request_comes(
    latest: Watched, qtbot: QtBot
) -> None:
    latest.let_one_wait_to_be_told("old")
    new = Gate("new")
    latest.jobs.submit(new)
    new.wait_until_it_runs()
    QApplication.processEvents()
    assert (latest.told, latest.jobs.is_busy) == ([], True)
    new.let_go()
    finish(latest, qtbot)
    assert latest.told == ["new"]


def test_a_request_that_is_replaced_while_it_waits_never_runs(latest: Watched, qtbot: QtBot) -> None:
    first, ran = Gate("first"), []
    latest.jobs.submit(first)
    first.wait_until_it_runs()
    for number in range(3):
        latest.jobs.submit(lambda number=number: ran.append(number))  # type: ignore[misc]
    first.let_go()
    finish(latest, qtbot)
    assert ran == [2]


def test_the_error_of_a_request_that_was_replaced_is_dropped_too(latest: Watched, qtbot: QtBot) -> None:
    latest.let_one_wait_to_be_told(StudioError("The old one is no picture."))
    latest.jobs.submit(lambda: "new")
    finish(latest, qtbot)
    assert latest.told == ["new"]


def test_jobs_that_all_count_are_answered_in_their_order(every: Watched, qtbot: QtBot) -> None:
    first = Gate(0)
    every.jobs.submit(first)
    first.wait_until_it_runs()
    for number in range(1, 5):
        every.jobs.submit(answering(number))
    first.let_go()
    finish(every, qtbot)
    assert every.told == [0, 1, 2, 3, 4]


def test_jobs_that_all_count_are_busy_until_the_last_is_answered(every: Watched, qtbot: QtBot) -> None:
    first, last = Gate("first"), Gate("last")
    every.jobs.submit(first)
    every.jobs.submit(last)
    first.let_go()
    last.wait_until_it_runs()
    qtbot.waitUntil(lambda: every.told == ["first"])
    assert every.jobs.is_busy
    last.let_go()
    finish(every, qtbot)
    assert every.told == ["first", "last"]


class AtOnce:
    """A pool whose work is done before who asked gets to add a callback."""

    def submit(self, function: Callable[[], object]) -> "Future[object]":
        done: Future[object] = Future()
        done.set_result(function())
        return done

    def shutdown(self, **_how: bool) -> None:
        pass


def test_an_answer_never_comes_before_the_request_has_returned(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that starts to wait after it asked would wait for ever."""
    monkeypatch.setattr("cnnstudio.gui.document.jobs.ThreadPoolExecutor", lambda **_: AtOnce())
    jobs, answers = BackgroundJobs(), list[object]()
    jobs.finished.connect(answers.append)
    jobs.submit(lambda: 7)
    assert answers == []
    qtbot.waitUntil(lambda: answers == [7])
    jobs.close()


def test_an_error_comes_as_its_sentence(latest: Watched, qtbot: QtBot) -> None:
    latest.jobs.submit(answering(StudioError("This is no picture. Choose a .png or .jpg file.")))
    finish(latest, qtbot)
    assert latest.told == ["failed: This is no picture. Choose a .png or .jpg file."]


def test_an_error_that_nobody_expected_is_logged_and_told(
    latest: Watched, qtbot: QtBot, expected_log: ExpectedLog
) -> None:
    expected_log("a background job failed")
    latest.jobs.submit(answering(ZeroDivisionError("division by zero")))
    finish(latest, qtbot)
    (record,) = expected_log.records
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError
    assert latest.told == [
        "failed: Something went wrong inside the studio (ZeroDivisionError: division by zero)."
    ]


def test_a_job_after_one_that_failed_is_answered(every: Watched, qtbot: QtBot) -> None:
    every.jobs.submit(answering(StudioError("No.")))
    every.jobs.submit(lambda: "yes")
    finish(every, qtbot)
    assert every.told == ["failed: No.", "yes"]


def test_an_answer_that_waits_to_be_told_is_dropped_at_the_end(latest: Watched) -> None:
    latest.let_one_wait_to_be_told("late")
    latest.jobs.close()
    QApplication.processEvents()
    assert (latest.told, latest.jobs.is_busy) == ([], False)


def test_the_end_waits_for_what_runs_and_tells_nothing_of_it(latest: Watched) -> None:
    runs, is_closed = Event(), Event()
    saw_the_end: list[bool] = []

    def job() -> str:
        runs.set()
        # Only an end that does not wait could come meanwhile.
        saw_the_end.append(is_closed.wait(0.1))
        return "late"

    latest.jobs.submit(job)
    assert runs.wait(LONG_S)
    latest.jobs.close()
    is_closed.set()
    assert saw_the_end == [False]
    QApplication.processEvents()
    assert latest.told == []


def test_the_end_drops_what_waits(every: Watched) -> None:
    runs, is_dropped = Event(), Event()

    def job() -> None:
        runs.set()
        is_dropped.wait(PATIENCE_S)

    waiting = Gate("waited")
    waiting.let_go()
    has_run = waiting.runs
    finalize(waiting, is_dropped.set)
    every.jobs.submit(job)
    assert runs.wait(LONG_S)
    every.jobs.submit(waiting)
    # The line of requests alone holds it now, and lets go of it when it comes to drop the next.
    del waiting
    every.jobs.submit(lambda: None)
    every.jobs.close()
    assert not has_run.is_set()


@pytest.mark.parametrize("latest_only", [True, False])
def test_what_is_asked_for_after_the_end_is_dropped_without_an_error(qtbot: QtBot, latest_only: bool) -> None:
    it, late = Watched(latest_only), Gate("late")
    late.let_go()
    it.jobs.submit(lambda: "in time")
    finish(it, qtbot)
    it.jobs.close()
    it.jobs.submit(late)
    it.jobs.close()
    QApplication.processEvents()
    assert not late.runs.is_set()
    assert (it.told, it.jobs.is_busy) == (["in time"], False)
