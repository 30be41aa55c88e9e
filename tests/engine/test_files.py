import errno
import os
from pathlib import Path

import pytest

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.writing import atomic_path, write_bytes_atomically, write_text_atomically


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def failing(number: int) -> object:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_text_is_written_as_utf8_with_its_line_ends(tmp_path: Path) -> None:
    write_text_atomically(tmp_path / "a.txt", "ä\nb\n")

    assert (tmp_path / "a.txt").read_bytes() == "ä\nb\n".encode()
    assert names(tmp_path) == ["a.txt"]


def test_an_old_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    target.chmod(0o640)

    write_bytes_atomically(target, b"new")

    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    write_bytes_atomically(tmp_path / "ours", b"")

    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_stays_a_link_to_the_new_contents(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")

    write_bytes_atomically(tmp_path / "link", b"new")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_the_temporary_file_lies_beside_the_target_and_ends_like_it(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "best.weights.h5") as temporary:
        assert temporary.parent == tmp_path
        assert temporary.name.endswith(".weights.h5")
        temporary.write_bytes(b"x")

    assert names(tmp_path) == ["best.weights.h5"]


def test_an_error_in_the_block_leaves_the_old_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")

    with pytest.raises(ZeroDivisionError), atomic_path(target) as temporary:
        temporary.write_bytes(b"half" * (1 // 0))

    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full. Free some space"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_disk_that_fails_late_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", failing(number))

    with pytest.raises(StudioError, match=f"Cannot write {target}: {said}"):
        write_bytes_atomically(target, b"new")

    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_full_disk_inside_the_block_is_told_too(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="the disk is full"), atomic_path(tmp_path / "a"):
        raise OSError("Unable to write (file write failed: errno = 28, error message = 'No space')")

    assert names(tmp_path) == []


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", failing(errno.EACCES))

    with pytest.raises(StudioError, match="you may not write there"):
        write_bytes_atomically(tmp_path / "a", b"new")


def test_impossible_targets_are_told_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    refused = {
        tmp_path: "a folder of that name",
        tmp_path / "file" / "a": "is a file, not a folder",
        tmp_path / "missing" / "a": "folder does not exist",
        tmp_path / ("n" * 300): "name is too long",
    }
    for target, said in refused.items():
        with pytest.raises(StudioError, match=said):
            write_bytes_atomically(target, b"new")

    assert names(tmp_path) == ["file"]
