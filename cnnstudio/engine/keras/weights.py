"""Weights from a file into a Keras model."""

from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.keras.library import KerasModel
from cnnstudio.engine.keras.model import first_sentence


def load_weights(model: KerasModel, path: Path) -> None:
    """Give a model the weights of a `.weights.h5` file, and a compiled one its optimizer's state.

    StudioError when the file cannot be read or does not fit the model.
    """
    from cnnstudio.engine.weights.checked import CHECKER

    try:
        CHECKER.refuse_harmful(path)
        # A copy: HDF5 refuses to open a file with locks that is open without them, as the inspector and the
        # pictures in the blocks may have it.
        with TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            copyfile(path, copy)
            model.load_weights(copy)
    except (OSError, ValueError, KeyError) as error:
        raise StudioError(
            f"{path} does not fit the network of its run ({first_sentence(error)}). Train it anew, or choose "
            "another run."
        ) from error
