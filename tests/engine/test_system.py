"""Processes are told from later ones with the same number, and the free memory is the one psutil measures."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from cnnstudio.engine.files import system
from cnnstudio.engine.files.system import free_memory, free_memory_lately, is_running, started_at

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux tells of a process")


def ticks(pid: int) -> str:
    """When the process began, as Linux tells it: proc(5), field 22 of /proc/pid/stat."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]


def test_a_process_runs_as_long_as_it_was_not_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        started = started_at(process.pid)
        assert started
        assert is_running(process.pid, started)
        assert not is_running(process.pid, f"{started}0"), "a later one with the same number"
    assert not is_running(process.pid, started)
    assert started_at(process.pid) == ""


def test_without_the_start_the_number_alone_tells() -> None:
    assert is_running(os.getpid(), "")


@on_linux
def test_the_start_is_the_count_of_ticks_that_older_recovery_files_hold() -> None:
    assert started_at(os.getpid()) == ticks(os.getpid())
    assert is_running(os.getpid(), ticks(os.getpid()))


@on_linux
def test_a_clock_that_is_set_makes_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started, since = started_at(os.getpid()), psutil.boot_time()
    monkeypatch.setattr("psutil._pslinux.boot_time", lambda: since + 3600.0)
    assert is_running(os.getpid(), started)


@on_linux
def test_a_process_that_ended_but_was_not_waited_for_counts_as_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not is_running(process.pid, "")


@pytest.mark.parametrize("pid", [0, -1, 2**40, 10**30])
def test_a_number_no_process_can_have_counts_as_gone(pid: int) -> None:
    assert not is_running(pid, "")


def test_this_machine_has_some_memory_left() -> None:
    free = free_memory()
    assert free is not None
    assert 2**20 < free <= psutil.virtual_memory().total


@on_linux
def test_a_system_that_does_not_tell_leaves_the_memory_unknown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path))
    assert free_memory() is None


def test_the_memory_is_measured_again_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = iter((1, 2, 3))
    monkeypatch.setattr(system, "free_memory", lambda: next(figures))
    for now, expected in ((1e6 + 0.1, 1), (1e6 + 0.9, 1), (1e6 + 1.1, 2)):
        monkeypatch.setattr(system, "monotonic", lambda now=now: now)
        assert free_memory_lately() == expected
