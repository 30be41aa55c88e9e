"""The free memory is read where the system tells it, and is unknown elsewhere."""

from pathlib import Path

import pytest

from cnnstudio.engine.files import machine
from cnnstudio.engine.files.machine import free_memory, free_memory_lately


def test_available_memory_is_read_in_bytes(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal:  2048 kB\nMemFree:  7 kB\nMemAvailable:     1024 kB\n")
    assert free_memory(tmp_path / "meminfo") == 1024 * 1024


def test_a_system_without_the_table_leaves_it_unknown(tmp_path: Path) -> None:
    assert free_memory(tmp_path / "nothing") is None


def test_this_machine_has_some_memory_left() -> None:
    free = free_memory()
    assert free is None or free > 2**20


def test_it_is_measured_again_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = iter((1, 2, 3))
    monkeypatch.setattr(machine, "free_memory", lambda: next(figures))
    for now, expected in ((1e6 + 0.1, 1), (1e6 + 0.9, 1), (1e6 + 1.1, 2)):
        monkeypatch.setattr(machine, "monotonic", lambda now=now: now)
        assert free_memory_lately() == expected
