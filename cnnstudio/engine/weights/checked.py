"""Whether a file can be read without harm, found out in another process before this one opens it.

One wrong byte can make HDF5 loop for ever with Python's lock held, which no thread survives. So a helper
process reads each file first (`probe.py`). It starts with the first file, lives as long as this process, and
is replaced when it hangs or crashes.
"""

import atexit
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

import cnnstudio
from cnnstudio.core.values.errors import StudioError

if TYPE_CHECKING:
    from psutil import Process

_MOST_REMEMBERED = 256
_GLANCE_S = 0.1
_Process: TypeAlias = "subprocess.Popen[str]"
_Stamp: TypeAlias = tuple[str, int, int, int]


class Checker:
    """Asks the helper, one file after the other, and remembers each answer until the file changes.

    Any thread may ask.
    """

    most_work_s = 5.0
    """Processor time of the helper for one file, its start included: the clock would count a busy machine
    as a loop.
    """
    most_wait_s = 60.0
    """Seconds by the clock, for a disk that never answers."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._helper: _Process | None = None
        self._verdicts: dict[_Stamp, bool] = {}

    def refuse_harmful(self, path: Path) -> None:
        """StudioError for a file that makes HDF5 hang or crash; OSError for one that is not there.

        Blocks for some milliseconds; where HDF5 loops, for `most_work_s` and a busy machine's pauses.
        """
        stamp = _stamp_of(path)
        with self._lock:
            if stamp not in self._verdicts:
                if len(self._verdicts) >= _MOST_REMEMBERED:
                    self._verdicts.clear()
                self._verdicts[stamp] = self._is_harmless(path)
            is_harmless = self._verdicts[stamp]
        if not is_harmless:
            raise StudioError(
                f"{path} is damaged so that HDF5, the library that reads it, never ends or crashes. "
                "Copy or download it again."
            )

    def close(self) -> None:
        """End the helper; the next file starts another."""
        with self._lock:
            self._end()

    def _is_harmless(self, path: Path) -> bool:
        try:
            helper = self._running()
        except OSError:
            # Without room for another process there is no check; the file is read as any other.
            return True
        is_answered = Event()
        watch = Thread(target=self._watch, args=(helper, is_answered), daemon=True)
        watch.start()
        answer = ""
        try:
            with suppress(OSError):
                answer = _asked(helper, path)
        finally:
            is_answered.set()
            watch.join()
            if not answer:
                self._end()
        return bool(answer)

    def _watch(self, helper: _Process, is_answered: Event) -> None:
        """End a helper that works on a file for too long; runs in a thread."""
        from psutil import NoSuchProcess, Process

        deadline = monotonic() + self.most_wait_s
        with suppress(NoSuchProcess):
            process = Process(helper.pid)
            before = _worked_s(process)
            while not is_answered.wait(_GLANCE_S):
                if _worked_s(process) - before >= self.most_work_s or monotonic() > deadline:
                    helper.kill()
                    return

    def _running(self) -> _Process:
        if self._helper is None or self._helper.poll() is not None:
            self._end()
            self._helper = _started()
        return self._helper

    def _end(self) -> None:
        helper, self._helper = self._helper, None
        if helper is None:
            return
        helper.kill()
        # Closes the pipes too.
        helper.communicate()


def _worked_s(process: "Process") -> float:
    """Processor time of a process so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def _started() -> _Process:
    package = str(Path(cnnstudio.__file__).parent.parent)
    search = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
    # The pools of threads that NumPy's library makes take most of its start.
    environment = {**os.environ, "PYTHONPATH": search, "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "cnnstudio.engine.weights.probe"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _asked(helper: _Process, path: Path) -> str:
    """The helper's line, empty when it has ended."""
    assert helper.stdin is not None
    assert helper.stdout is not None
    helper.stdin.write(json.dumps(str(path.absolute())) + "\n")
    helper.stdin.flush()
    return helper.stdout.readline()


def _stamp_of(path: Path) -> _Stamp:
    about = path.stat()
    return str(path.absolute()), about.st_size, about.st_mtime_ns, about.st_ino


CHECKER = Checker()
atexit.register(CHECKER.close)
