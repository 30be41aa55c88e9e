"""Makes the weights that the transfer-learning network starts from: `python -m scripts.make_start_weights`.

Its convolutions learn the included Fashion-MNIST pictures, some minutes. In front comes a layer that makes
color pictures gray.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.core.project.training import INCLUDED, TrainingSettings
from cnnstudio.core.templates.transfer import CLOTHES, GRAY, trunk
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.keras.model import build_model
from cnnstudio.engine.runs.folder import BEST_FILE
from cnnstudio.engine.training.events import EpochEnded, Event, Failed
from cnnstudio.engine.training.start_weights import begin_with
from cnnstudio.engine.training.stopping import never
from cnnstudio.engine.training.trainer import TrainingJob, train

LUMA = (0.299, 0.587, 0.114)
"""The shares of red, green and blue in gray (ITU-R BT.601), as Pillow takes them."""
CLASSES = 10


def main() -> None:
    target = resource_path("models", f"{CLOTHES.removeprefix(INCLUDED)}.weights.h5")
    target.parent.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        best = _train(Path(folder))
        network = trunk((28, 28, 3), trainable=False).network()
        model = build_model(network)
        begin_with(model, network, str(best))
    model.get_layer(GRAY).set_weights([np.reshape(LUMA, (1, 1, 3, 1))])
    # Weights only: an optimizer would make the file three times as large.
    model.save_weights(target)
    print(f"{target}: {target.stat().st_size:,} bytes")


def _train(folder: Path) -> Path:
    stack = trunk((28, 28, 1), trainable=True)
    stack.answer(CLASSES)
    project = Project(
        network=stack.network(),
        data=DataChoice(source=Included(set="fashion_mnist")),
        training=TrainingSettings(epochs=100, patience=8),
    )
    train(TrainingJob(project, folder), _say, never)
    return folder / BEST_FILE


def _say(event: Event) -> None:
    if isinstance(event, EpochEnded):
        print(f"epoch {event.epoch}: val_loss {event.values['val_loss']:.4f}")
    elif isinstance(event, Failed):
        raise SystemExit(event.message)


if __name__ == "__main__":
    main()
