"""Pictures in folders: finding them, decoding them, and training on them against Keras's own pipeline."""

import os
import subprocess
import sys
import tempfile
import tracemalloc
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image

from cnnstudio.core.project.data import DataChoice, Preparation
from cnnstudio.core.tasks import Classification
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.budget import BUDGET
from cnnstudio.engine.data.cache import CACHE
from cnnstudio.engine.evaluation.target import target_of
from cnnstudio.engine.files.photos import PHOTOS
from cnnstudio.engine.training.feed import ReadErrors, shuffled
from scripts.benchmarks.measure import Board, in_turn, seconds

_JPEGS, _SIDE, _SIZE = 5_000, 256, (96, 96)
_BATCH = 32
_SMALL_FILES, _SMALL_FOLDERS = 100_000, 100
_LARGE, _LARGE_SIZE = 20_000, (224, 224)
_MEGABYTE = 2**20
_ROUNDS = 5


def report(board: Board) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _report_index(board, _small_files(root / "small"))
        pictures = _jpegs(root / "jpegs")
        _report_training(board, pictures)
        _report_memory(board, _many_large(root / "large", pictures))


def _small_files(root: Path) -> Path:
    """Pictures of one pixel."""
    root.mkdir()
    Image.new("L", (1, 1)).save(root / "one.png")
    picture = (root / "one.png").read_bytes()
    for folder in range(_SMALL_FOLDERS):
        place = root / "pictures" / f"class{folder:03d}"
        place.mkdir(parents=True)
        for number in range(_SMALL_FILES // _SMALL_FOLDERS):
            (place / f"picture{number:05d}.png").write_bytes(picture)
    return root / "pictures"


def _jpegs(root: Path) -> Path:
    """Parts of photographs, half of them in each of two classes."""
    random = np.random.default_rng(0)
    photos = [Image.open(photo.path).convert("RGB") for photo in PHOTOS]
    for number in range(_JPEGS):
        photo = photos[number % len(photos)]
        side = int(random.integers(200, min(photo.size) + 1))
        left, top = (int(random.integers(0, size - side + 1)) for size in photo.size)
        place = root / ("even", "odd")[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        part = photo.crop((left, top, left + side, top + side)).resize((_SIDE, _SIDE))
        part.save(place / f"{number:05d}.jpg", quality=90)
    return root


def _many_large(root: Path, pictures: Path) -> Path:
    """20,000 names for the same JPEGs: each is decoded as if it were another."""
    files = sorted(pictures.glob("*/*.jpg"))
    for number in range(_LARGE):
        place = root / ("even", "odd")[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        os.link(files[number % len(files)], place / f"{number:06d}.jpg")
    return root


def _choice(root: Path, size: tuple[int, int]) -> DataChoice:
    found = datasets.find(root)
    # As Keras does unless it is told otherwise.
    preparation = Preparation(size=size, colors="color", resampling="bilinear")
    return DataChoice(source=found.source, preparation=preparation)


def _report_index(board: Board, root: Path) -> None:
    choice = _choice(root, (8, 8))

    def opened() -> None:
        CACHE.forget()
        datasets.load(choice)

    walk, load = in_turn(lambda: _walk(str(root)), opened, _ROUNDS)
    ratios = [b / a for a, b in zip(walk, load, strict=True)]
    board.add(f"os.scandir alone over {_SMALL_FILES:,} files", median(walk), "s")
    board.add("opened and shared out", median(load), "s")
    board.add("opened / os.scandir alone", median(ratios), "", 3.0)
    CACHE.forget()
    budget, BUDGET.most_bytes = BUDGET.most_bytes, 0
    tracemalloc.start()
    data = datasets.load(choice)
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    BUDGET.most_bytes = budget
    board.add(f"memory for {len(data.catalog.labels):,} entries", used / _MEGABYTE, "MB", 20.0)


def _walk(path: str) -> None:
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_dir():
                _walk(entry.path)


def _report_training(board: Board, root: Path) -> None:
    choice = _choice(root, _SIZE)
    model, budget = _light_model(), BUDGET.most_bytes
    pipeline = _keras_pipeline(root)
    count = len(datasets.load(choice).stream("training"))

    def with_keras() -> None:
        model.fit(pipeline, verbose=0)

    def with_stream() -> None:
        _fit(model, choice)

    BUDGET.most_bytes = 0
    CACHE.forget()
    theirs, ours = in_turn(with_keras, with_stream, _ROUNDS)
    # Keras trains on all pictures, a stream leaves out those that are held out.
    theirs_rate, ours_rate = (
        [size / one for one in all_] for size, all_ in ((_JPEGS, theirs), (count, ours))
    )
    board.add("Keras's image_dataset_from_directory", median(theirs_rate), "images/s")
    board.add("streams, decoding each epoch anew", median(ours_rate), "images/s")
    board.add("streams / Keras", _ratio(theirs_rate, ours_rate), "", 1.0, at_least=True)
    BUDGET.most_bytes = budget
    CACHE.forget()
    theirs, ours = in_turn(with_keras, with_stream, _ROUNDS)
    theirs_rate, ours_rate = (
        [size / one for one in all_] for size, all_ in ((_JPEGS, theirs), (count, ours))
    )
    board.add("streams, second epoch on, pictures kept in memory", median(ours_rate), "images/s")
    board.add("streams kept in memory / Keras", _ratio(theirs_rate, ours_rate), "", 1.5, at_least=True)


def _ratio(theirs: list[float], ours: list[float]) -> float:
    return median([b / a for a, b in zip(theirs, ours, strict=True)])


def _keras_pipeline(root: Path) -> Any:
    import keras
    import tensorflow as tf

    with open(os.devnull, "w") as nothing:  # noqa: PTH123 - it tells how many files it found
        saved, sys.stdout = sys.stdout, nothing
        try:
            made = keras.utils.image_dataset_from_directory(
                root, image_size=_SIZE, batch_size=_BATCH, label_mode="categorical", seed=1
            )
        finally:
            sys.stdout = saved
    return made.prefetch(tf.data.AUTOTUNE)


def _light_model() -> Any:
    """So little to compute that the pictures are what is waited for."""
    from cnnstudio.engine.keras.library import load_keras

    keras = load_keras()
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((*_SIZE, 3)),
            layers.Rescaling(1 / 255),
            layers.AveragePooling2D(8),
            layers.Flatten(),
            layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile("sgd", "categorical_crossentropy")
    return model


def _fit(model: Any, choice: DataChoice) -> None:
    stream = datasets.load(choice, browsing=True).stream("training")
    target = target_of(Classification(), 2)
    model.fit(shuffled(stream, _BATCH, target, 0, 1, ReadErrors()), shuffle=False, verbose=0)


_CHILD = """
import sys
from pathlib import Path
from time import perf_counter
from scripts.benchmarks import data
first, above = data.first_batch_and_memory(Path(sys.argv[1]))
print(first, above)
"""


def _report_memory(board: Board, root: Path) -> None:
    """In a process of its own: the memory of a process does not shrink."""
    call = [sys.executable, "-c", _CHILD, str(root)]
    ran = subprocess.run(call, capture_output=True, text=True, check=True)
    first, above = map(float, ran.stdout.split()[-2:])
    size = "x".join(map(str, _LARGE_SIZE))
    board.add(f"first batch of {_LARGE:,} pictures of {size}", first, "s", 3.0)
    board.add("peak memory above TensorFlow's, all of them read", above, "MB", BUDGET.most_bytes / _MEGABYTE)


def first_batch_and_memory(root: Path) -> tuple[float, float]:
    """Seconds to the first batch, and the most memory of an epoch above what there was before, in MB.

    Called in a process of its own.
    """
    import tensorflow as tf

    choice = _choice(root, _LARGE_SIZE)
    target = target_of(Classification(), 2)
    list(tf.data.Dataset.range(8).map(lambda one: one + 1).batch(2).prefetch(2))
    before = _peak()
    found: list[Any] = []

    def first() -> None:
        stream = datasets.load(choice).stream("training")
        found.append(iter(shuffled(stream, _BATCH, target, 0, 1, ReadErrors())))
        next(found[0])

    took = seconds(first)
    for _ in found[0]:
        pass
    return took, (_peak() - before) / 1024


def _peak() -> float:
    """The most memory that this process had so far, in KB."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return float(status["VmHWM"].split()[0])
