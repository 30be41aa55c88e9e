"""The free memory is read where the system tells it, and is unknown elsewhere."""

from pathlib import Path

from cnnstudio.engine.machine import free_memory


def test_available_memory_is_read_in_bytes(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal:  2048 kB\nMemFree:  7 kB\nMemAvailable:     1024 kB\n")
    assert free_memory(tmp_path / "meminfo") == 1024 * 1024


def test_a_system_without_the_table_leaves_it_unknown(tmp_path: Path) -> None:
    assert free_memory(tmp_path / "nothing") is None


def test_this_machine_has_some_memory_left() -> None:
    free = free_memory()
    assert free is None or free > 2**20
