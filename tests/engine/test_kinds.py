"""What a file is, told by its ending, is the same for drops, dialogs, folders of pictures and imports."""

from pathlib import Path

import pytest

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.kinds import (
    MODELS_FILTER,
    PICTURE_SUFFIXES,
    PICTURES_FILTER,
    PROJECTS_FILTER,
    WEIGHT_SUFFIXES,
    WEIGHTS_FILTER,
    Kind,
    kind_of,
)
from cnnstudio.engine.importers import IMPORTERS, import_model
from cnnstudio.engine.runs.folder import BEST_FILE


def endings(name_filter: str) -> set[str]:
    """What a filter of a file dialog offers before it offers all."""
    return {pattern.removeprefix("*") for pattern in name_filter.partition(")")[0].partition("(")[2].split()}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("best.weights.h5", "weights"),
        ("a.hdf5", "weights"),
        ("a.hdf", "weights"),
        ("a.he5", "weights"),
        ("A.KERAS", "weights"),
        ("a.jpg", "picture"),
        ("a.jfif", "picture"),
        ("A.WEBP", "picture"),
        ("a.cnnstudio", "project"),
        ("a.json", "other"),
        ("a", "other"),
    ],
)
def test_the_ending_tells_the_kind(name: str, kind: Kind) -> None:
    assert kind_of(Path(name)) == kind


def test_a_folder_with_best_weights_is_a_run(tmp_path: Path) -> None:
    assert kind_of(tmp_path) == "folder"
    (tmp_path / BEST_FILE).touch()
    assert kind_of(tmp_path) == "run"


def test_the_dialogs_offer_what_can_be_opened() -> None:
    assert endings(PROJECTS_FILTER) == {".cnnstudio"}
    assert endings(WEIGHTS_FILTER) == set(WEIGHT_SUFFIXES)
    assert endings(PICTURES_FILTER) == set(PICTURE_SUFFIXES)
    assert endings(MODELS_FILTER) == {ending for importer in IMPORTERS for ending in importer.endings}


@pytest.mark.parametrize("suffix", WEIGHT_SUFFIXES)
def test_whatever_holds_weights_is_looked_into_for_a_model(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="There is no file"):
        import_model(tmp_path / f"gone{suffix}")
