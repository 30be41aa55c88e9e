import os
from pathlib import Path

import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.checks import run_checks
from cnnstudio.core.project import MAX_FILE_BYTES, to_json
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data import facts_of
from cnnstudio.engine.files.projects import open_project, sample_project, save_project


def test_a_saved_project_opens_as_the_same_value(tmp_path: Path) -> None:
    project = sample_project().model_copy(update={"notes": "Größe 漢字"})
    save_project(project, tmp_path / "a.cnnstudio")
    assert open_project(tmp_path / "a.cnnstudio") == project


def test_the_sample_project_has_nothing_to_complain_of() -> None:
    project = sample_project()
    assert run_checks(project, analyze(project.network), facts_of(project.data)) == ()


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    path = tmp_path / "a.cnnstudio"
    path.write_bytes(b"\xef\xbb\xbf" + to_json(sample_project()).encode())
    assert open_project(path) == sample_project()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "should be JSON text"),
        (b"\x89HDF\r\n\x1a\n\xff\xfe", "it is not text"),
        (b"[1, 2]", "no CNN Studio project"),
        (b'{"format": "other"}', "no CNN Studio project"),
        (b'{"format": "cnnstudio", "version": 99}', "newer CNN Studio"),
        (b'{"format": "cnnstudio", "version": 1}', "network: this setting is missing"),
        (to_json(sample_project()).encode()[:300], "should be JSON text"),
        (b"[" * 100_000, "should be JSON text"),
    ],
)
def test_a_damaged_or_foreign_file_is_refused_in_a_sentence(
    content: bytes, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "bad.cnnstudio"
    path.write_bytes(content)
    with pytest.raises(StudioError, match=message) as refused:
        open_project(path)
    assert "bad.cnnstudio" in str(refused.value)


def test_a_file_too_large_to_be_a_project_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "huge.cnnstudio"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(StudioError, match="more than 64 MB"):
        open_project(path)


def test_what_is_not_there_or_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="There is no file"):
        open_project(tmp_path / "gone.cnnstudio")
    with pytest.raises(StudioError, match="is a folder"):
        open_project(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StudioError, match="no ordinary file"):
        open_project(tmp_path / "pipe")


def test_a_save_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.cnnstudio"
    save_project(sample_project(), path)
    before = path.read_bytes()

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StudioError, match="the disk is full"):
        save_project(sample_project().model_copy(update={"notes": "new"}), path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
