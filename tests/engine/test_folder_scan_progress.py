"""Looking through a folder tells how far it is, and ends when it is asked to."""

from pathlib import Path

import pytest

from cnnstudio.engine.data import find
from cnnstudio.engine.training.stopping import StopRequested, never
from tests.folders import class_folders


def test_a_folder_is_counted_class_by_class_while_it_is_looked_through(tmp_path: Path) -> None:
    told: list[int] = []
    find(class_folders(tmp_path / "pets", {"cat": 3, "dog": 4, "emu": 5}), never, told.append)
    assert told == [3, 7, 12]


def test_looking_through_a_folder_ends_between_two_classes(tmp_path: Path) -> None:
    told: list[int] = []
    folder = class_folders(tmp_path / "pets", {"cat": 3, "dog": 4, "emu": 5})
    with pytest.raises(StopRequested):
        find(folder, lambda: len(told) == 1, told.append)
    assert told == [3]
