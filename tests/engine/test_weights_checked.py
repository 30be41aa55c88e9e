"""Files with which HDF5 never ends: told in one sentence, by another process that takes the harm."""

import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

import h5py
import numpy as np
import psutil
import pytest

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.importers import import_model
from cnnstudio.engine.keras.weights import load_weights
from cnnstudio.engine.runs.state import read_state
from cnnstudio.engine.weights import checked, open_weights
from cnnstudio.engine.weights.checked import Checker

_PROBE = "cnnstudio.engine.weights.probe"
_AT_MOST_S = 60
"""Seconds after which a call that should end has hung; one that ends takes a few."""

_SOON_S = 0.5


def endless(path: Path, byte: int | None = 255) -> Path:
    """A weights file in which the size of a text on HDF5's heap of texts is wrong by one byte."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = np.array([b"conv"])
        file.attrs["keras_version"] = "2.1.6"
        file.create_group("conv").attrs["weight_names"] = np.array([b"conv/kernel:0"])
        file["conv/conv/kernel:0"] = np.ones((3, 3, 1, 1), np.float32)
    data = bytearray(path.read_bytes())
    # "GCOL", version, size of the heap; the first object's index, count, and size.
    size = data.index(b"GCOL") + 16 + 8
    data[size] = data[size] if byte is None else byte
    path.write_bytes(data)
    return path


def command(*words: str) -> "subprocess.Popen[str]":
    # What is started in the background of a shell ignores Ctrl-C, and so would all that it starts.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "cnnstudio", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        signal.signal(signal.SIGINT, heard)


def test_a_file_with_which_hdf5_never_ends_is_refused_in_one_sentence(tmp_path: Path) -> None:
    ran = command("inspect", str(endless(tmp_path / "a.h5")))
    try:
        _, said = ran.communicate(timeout=_AT_MOST_S)
    finally:
        ran.kill()

    assert ran.returncode == 1
    assert said.splitlines() == [
        f"{tmp_path / 'a.h5'} is damaged so that HDF5, the library that reads it, never ends or crashes. "
        "Copy or download it again."
    ]


def _has_ended(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _words_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_import_refuses_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked.CHECKER, "most_work_s", _SOON_S)

    with pytest.raises(StudioError, match="never ends or crashes"):
        import_model(endless(tmp_path / "a.h5"))


def test_a_run_refuses_it_before_keras_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked.CHECKER, "most_work_s", _SOON_S)
    path = endless(tmp_path / "last.weights.h5")

    with pytest.raises(StudioError, match="never ends or crashes"):
        read_state(path)
    with pytest.raises(StudioError, match="never ends or crashes"):
        load_weights(None, path)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal there")
def test_ctrl_c_ends_the_command_while_hdf5_loops(tmp_path: Path) -> None:
    ran = command("inspect", str(endless(tmp_path / "a.h5")))
    helpers: list[psutil.Process] = []
    try:
        while not helpers:
            helpers = [one for one in psutil.Process(ran.pid).children() if _PROBE in _words_of(one)]
        os.kill(ran.pid, signal.SIGINT)
        _, said = ran.communicate(timeout=_AT_MOST_S)
    finally:
        ran.kill()

    assert "damaged" not in said
    while not _has_ended(helpers[0]):
        pass


def test_each_file_is_checked_once_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checker, path = Checker(), endless(tmp_path / "a.h5", byte=None)
    start, starts = checked._started, itertools.count(1)
    monkeypatch.setattr(checked, "_started", lambda: (next(starts), start())[1])

    for _ in range(2):
        checker.refuse_harmful(path)
        checker.close()
    endless(path)
    checker.most_work_s = _SOON_S
    for _ in range(2):
        with pytest.raises(StudioError, match="never ends or crashes"):
            checker.refuse_harmful(path)
        checker.close()

    assert next(starts) == 3


def test_after_a_file_that_ends_the_helper_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    harmless = endless(tmp_path / "good.h5", byte=None)

    with monkeypatch.context() as patched:
        patched.setattr(checked.CHECKER, "most_work_s", _SOON_S)
        with pytest.raises(StudioError, match="never ends or crashes"):
            open_weights(endless(tmp_path / "bad.h5"))
    with open_weights(harmless) as file:
        assert [layer.name for layer in file.layers] == ["conv"]


def test_the_helper_imports_neither_tensorflow_nor_qt() -> None:
    modules = "import cnnstudio.engine.weights.probe, sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", modules], capture_output=True, text=True, check=True)

    roots = {name.partition(".")[0] for name in ran.stdout.split()}
    assert not roots & {"tensorflow", "keras", "PySide6", "pydantic", "PIL", "scipy"}


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be held there")
def test_a_helper_that_waits_is_given_more_time_than_one_that_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a busy machine: the clock goes on, and the processor is with others."""
    checker, path = Checker(), endless(tmp_path / "a.h5", byte=None)
    monkeypatch.setattr(checker, "most_work_s", 1e9)
    helper = checker._running()
    helper.send_signal(signal.SIGSTOP)
    Timer(1.0, helper.send_signal, (signal.SIGCONT,)).start()
    checker.refuse_harmful(path)
    monkeypatch.setattr(checker, "most_wait_s", 0.2)
    checker._verdicts.clear()
    helper.send_signal(signal.SIGSTOP)
    with pytest.raises(StudioError, match="never ends or crashes"):
        checker.refuse_harmful(path)
    checker.close()
