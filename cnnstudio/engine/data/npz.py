"""Reading data sets that are shipped as NumPy archives."""

import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnstudio.core.project.data import DataFacts
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.arrays import Images


def read_npz(path: Path, facts: DataFacts) -> Images:
    """Read x_train, y_train, x_test and y_test, (count, 28, 28) and (count,) bytes each.

    StudioError when the file is missing, damaged, or holds something else than the facts promise.
    """
    try:
        with path.open("rb") as file, np.lib.npyio.NpzFile(file, allow_pickle=False) as archive:
            parts = {name: archive[name] for name in ("x_train", "y_train", "x_test", "y_test")}
    except FileNotFoundError as error:
        raise StudioError(
            f"The images of {facts.title} are missing: {path}. Install CNN Studio again."
        ) from error
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise _damaged(path, facts) from error
    _check(parts, path, facts)
    return Images(
        x_train=parts["x_train"].reshape(-1, *facts.sample_shape),
        y_train=parts["y_train"].astype(np.int64),
        x_test=parts["x_test"].reshape(-1, *facts.sample_shape),
        y_test=parts["y_test"].astype(np.int64),
    )


def _check(parts: dict[str, NDArray[np.uint8]], path: Path, facts: DataFacts) -> None:
    for name, count in (("train", facts.train_count), ("test", facts.test_count)):
        pixels, labels = parts[f"x_{name}"], parts[f"y_{name}"]
        fits = pixels.dtype == np.uint8 and pixels.shape == (count, *facts.sample_shape[:-1])
        if not fits or labels.shape != (count,) or labels.max(initial=0) >= facts.classes:
            raise _damaged(path, facts)


def _damaged(path: Path, facts: DataFacts) -> StudioError:
    return StudioError(
        f"The images of {facts.title} are damaged: {path} should be a NumPy archive of {facts.train_count:,} "
        f"training and {facts.test_count:,} test images. Install CNN Studio again."
    )
