"""What an import brings, counted against the weights in its file."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.engine.importers import import_model

FIXTURES = Path(__file__).parent.parent / "fixtures"


def rewritten(path: Path, before: str, after: str) -> Path:
    """The archive with something else in its config than what its weights were saved with."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    config = parts["config.json"].decode()
    assert before in config
    parts["config.json"] = config.replace(before, after).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def two_models_deep() -> Any:
    from keras import Input, Sequential, layers

    block = Sequential(
        [Input((8, 8, 3)), layers.Conv2D(2, 3, name="conv"), layers.Dropout(0.5)], name="block"
    )
    head = [layers.BatchNormalization(), layers.Flatten(), layers.Dense(4, name="dense")]
    return Sequential([Input((8, 8, 3)), block, *head])


def test_a_difference_is_told_with_the_layers_it_lies_in(tmp_path: Path) -> None:
    model = two_models_deep()
    model.save(tmp_path / "model.keras")
    path = rewritten(tmp_path / "model.keras", '"units": 4', '"units": 3')

    result = import_model(path)

    ours = analyze(result.network).totals.parameters
    assert ours == model.count_params() - 73
    assert result.notes[-1] == (
        f"model.keras holds {model.count_params()} weights and the network as imported {ours}. "
        "They differ in dense (292 in the file, 219 here)."
    )


@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_equal_totals_are_not_mentioned(tmp_path: Path, ending: str, expected_log: Any) -> None:
    if ending == ".h5":
        expected_log("HDF5 file via")
    two_models_deep().save(tmp_path / f"model{ending}")

    assert import_model(tmp_path / f"model{ending}").notes == ()


@pytest.mark.parametrize(
    "name", ["fer_emotion_mini_xception_keras2.0.5.hdf5", "tensorspace_mnist_tfkeras2.1.6-tf.h5"]
)
def test_files_of_others_come_whole(name: str) -> None:
    assert not any("weights and the network" in note for note in import_model(FIXTURES / name).notes)
