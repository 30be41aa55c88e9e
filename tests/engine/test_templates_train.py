"""Every template is built by Keras with the shape and the counts foreseen, and takes a step of training."""

import numpy as np
import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.templates import TEMPLATES, Template
from cnnstudio.engine.keras.model import build_model, compile_model

CLASSES, BATCH = 3, 2


@pytest.mark.parametrize("chosen", TEMPLATES, ids=[one.key for one in TEMPLATES])
def test_a_template_trains_one_batch(chosen: Template) -> None:
    network = chosen.build((28, 28, 1), CLASSES)
    totals = analyze(network).totals
    model = build_model(network)
    assert (model.count_params(), model.output_shape[1:]) == (
        totals.parameters,
        analyze(network).output_shape,
    )
    compile_model(model, TrainingSettings())
    numbers = np.random.default_rng(0)
    images = numbers.uniform(0, 255, (BATCH, 28, 28, 1)).astype("float32")
    labels = np.eye(CLASSES, dtype="float32")[
        numbers.integers(0, CLASSES, (BATCH, *model.output_shape[1:-1]))
    ]
    before = [weights.copy() for weights in model.get_weights()]
    loss = model.train_on_batch(images, labels)[0]
    assert np.isfinite(loss)
    pairs = zip(before, model.get_weights(), strict=True)
    assert any(not np.array_equal(old, new) for old, new in pairs)
