"""The data sets that come with the studio. A new one is a row of `INCLUDED` and a name in `IncludedName`."""

import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Included, IncludedName
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data import drawing
from cnnstudio.engine.data.source import SourceKind
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.training.stopping import ShouldStop

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cnnstudio.engine.data.images import Images

_BYTES = (0.0, 255.0)


class IncludedSet(Struct, frozen=True):
    """One of them: what it is called, what is known of it, and what reads it."""

    name: IncludedName
    facts: DataFacts
    read: "Callable[[DataFacts, ShouldStop], Images]"


def _archive(name: str, facts: DataFacts, should_stop: ShouldStop) -> "Images":
    """The images of a NumPy archive: x_train, y_train, x_test and y_test, (count, 28, 28) and (count,)
    bytes.
    """
    del should_stop
    import numpy as np

    from cnnstudio.engine.data.images import Images, numbered

    parts = _arrays(resource_path("data", name), facts)
    pixels = np.concatenate([parts["x_train"], parts["x_test"]]).reshape(-1, *facts.sample_shape)
    labels = np.concatenate([parts["y_train"], parts["y_test"]]).astype(np.int64)
    locators = [*numbered("train", facts.train_count), *numbered("test", facts.test_count)]
    return Images(pixels, labels, locators, facts.test_count)


def _arrays(path: Path, facts: DataFacts) -> "dict[str, NDArray[np.uint8]]":
    import numpy as np

    try:
        with path.open("rb") as file, np.lib.npyio.NpzFile(file, allow_pickle=False) as archive:
            parts = {name: archive[name] for name in ("x_train", "y_train", "x_test", "y_test")}
    except FileNotFoundError as error:
        raise StudioError(
            f"The images of {facts.title} are missing: {path}. Install CNN Studio again."
        ) from error
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise _damaged(path, facts) from error
    for name, count in (("train", facts.train_count), ("test", facts.test_count)):
        pixels, labels = parts[f"x_{name}"], parts[f"y_{name}"]
        fits = pixels.dtype == np.uint8 and pixels.shape == (count, *facts.sample_shape[:-1])
        if not fits or labels.shape != (count,) or labels.max(initial=0) >= facts.classes:
            raise _damaged(path, facts)
    return parts


def _damaged(path: Path, facts: DataFacts) -> StudioError:
    return StudioError(
        f"The images of {facts.title} are damaged: {path} should be a NumPy archive of {facts.train_count:,} "
        f"training and {facts.test_count:,} test images. Install CNN Studio again."
    )


def _drawn(facts: DataFacts, should_stop: ShouldStop) -> "Images":
    """Shapes: drawn from two seeds, one for those to learn from and one for the test."""
    import numpy as np

    from cnnstudio.engine.data.drawing.shapes import draw_shapes
    from cnnstudio.engine.data.images import Images, numbered

    train = draw_shapes(facts.train_count, drawing.TRAIN_SEED, should_stop)
    test = draw_shapes(facts.test_count, drawing.TEST_SEED, should_stop)
    locators = [*numbered("train", facts.train_count), *numbered("test", facts.test_count)]
    return Images(
        np.concatenate([train.pixels, test.pixels]),
        np.concatenate([train.labels, test.labels]),
        locators,
        facts.test_count,
        masks=np.concatenate([train.masks, test.masks]),
    )


CLOTHES = (
    "T-shirt",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

INCLUDED: tuple[IncludedSet, ...] = (
    # Handwritten digits (LeCun and Cortes), a balanced part of them.
    IncludedSet(
        "mnist",
        DataFacts("MNIST", (28, 28, 1), tuple("0123456789"), 10_000, 2_000, _BYTES),
        partial(_archive, "mnist_10k.npz"),
    ),
    # Pictures of clothes (Xiao, Rasul and Vollgraf 2017), a part of them.
    IncludedSet(
        "fashion_mnist",
        DataFacts("Fashion-MNIST", (28, 28, 1), CLOTHES, 6_000, 1_000, _BYTES),
        partial(_archive, "fashion_mnist_6k.npz"),
    ),
    # Colored shapes on textured grounds, with masks; drawn when they are read.
    IncludedSet(
        "shapes",
        DataFacts(
            "Shapes",
            (drawing.SIDE, drawing.SIDE, 3),
            drawing.CLASS_NAMES,
            drawing.TRAIN_COUNT,
            drawing.TEST_COUNT,
            _BYTES,
            has_masks=True,
        ),
        _drawn,
    ),
)


def included_set(source: Included) -> IncludedSet:
    """The data set that a source names."""
    return next(one for one in INCLUDED if one.name == source.set)


def _facts_of(source: Included, preparation: Preparation) -> DataFacts:
    facts = included_set(source).facts
    if preparation == Preparation():
        return facts
    from msgspec.structs import replace

    return replace(facts, sample_shape=preparation.shape_of(facts.sample_shape))


def _read(source: Included, preparation: Preparation, should_stop: ShouldStop) -> "Images":
    chosen = included_set(source)
    images = chosen.read(chosen.facts, should_stop)
    if preparation == Preparation():
        return images
    from cnnstudio.engine.data.prepare import all_prepared

    return all_prepared(images, preparation, should_stop)


def _stamp(source: Included) -> str:
    del source  # the same for ever
    return ""


INCLUDED_SETS = SourceKind(Included, _facts_of, _read, _stamp)
