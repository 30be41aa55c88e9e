"""Finds what a test left running: threads, Qt threads, Qt timers, visible windows."""

import gc
import threading
from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

GRACE_MS = 2000


def _threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if not thread.daemon]


def _windows() -> list[QWidget]:
    if not isinstance(QApplication.instance(), QApplication):
        return []
    return [window for window in QApplication.topLevelWidgets() if window.isVisible()]


def _subclasses(kind: type) -> Iterator[type]:
    below: list[type] = type.__subclasses__(kind)
    yield kind
    for one in below:
        yield from _subclasses(one)


def _is_running(thing: QObject) -> bool:
    match thing:
        case QThread():
            return thing.isRunning() and thing is not QThread.currentThread()
        case QTimer():
            return thing.isActive()
        case _:
            return False


def _running() -> list[QObject]:
    """The Qt threads and timers that run and that Python knows of."""
    if QCoreApplication.instance() is None:
        return []
    kinds = {*_subclasses(QThread), *_subclasses(QTimer)}
    found = [x for x in _objects() if type(x) in kinds and isinstance(x, QObject)]
    return [x for x in found if isValid(x) and _is_running(x)]


def _objects() -> list[object]:
    """What may be new: all objects, or the young ones where a test's own fixture collects.

    TensorFlow's million old objects would cost a quarter of a second a test.
    """
    if gc.isenabled():
        return gc.get_objects()
    return [*gc.get_objects(generation=0), *gc.get_objects(generation=1)]


def current() -> list[object]:
    """What runs or is shown now."""
    return [*_threads(), *_windows(), *_running()]


def _let_finish(things: list[object]) -> None:
    """Give what is already ending its time to end."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QThreadPool.globalInstance().waitForDone(GRACE_MS)
    # What is new is young. To go through what TensorFlow left took two minutes once, on a busy machine.
    gc.collect(2 if gc.isenabled() else 1)
    for thing in things:
        match thing:
            case threading.Thread():
                thing.join(GRACE_MS / 1000)
            case QThread() if isValid(thing):
                thing.wait(GRACE_MS)


def _new(before: list[object]) -> list[object]:
    known = {id(thing) for thing in before}
    return [thing for thing in current() if id(thing) not in known]


def since(before: list[object]) -> list[str]:
    """One description for each thing that runs or is shown now and was not in `before`."""
    if not (new := _new(before)):
        return []
    _let_finish(new)
    del new
    return [repr(thing) for thing in _new(before)]
