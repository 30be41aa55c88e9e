"""Every template is built by Keras with the shape and the counts foreseen, and takes a step of training."""

import numpy as np
import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.templates import TEMPLATES, Template
from cnnstudio.engine.evaluation.target import target_of
from cnnstudio.engine.keras.model import build_model, compile_model

CLASSES, BATCH = 3, 2


def _check_step(chosen: Template, eagerly: bool) -> None:
    project = chosen.project((28, 28, 1), CLASSES)
    analysis = analyze(project.network)
    model = build_model(project.network)
    assert model.count_params() == analysis.totals.parameters
    assert model.output_shape[1:] == analysis.output_shape
    compile_model(model, project.training, project.task)
    model.run_eagerly = eagerly
    numbers = np.random.default_rng(0)
    images = numbers.integers(0, 256, (BATCH, 28, 28, 1)).astype(np.uint8)
    labels = numbers.integers(0, CLASSES, BATCH)
    masks = numbers.integers(0, CLASSES + 1, (BATCH, 28, 28)).astype(np.uint8)
    target = target_of(project.task, int(model.output_shape[-1]))(images, labels, masks)
    before = [weights.copy() for weights in model.get_weights()]
    told = model.train_on_batch(images, target, return_dict=True)
    assert set(told) == {"loss", *project.task.metrics}
    assert all(np.isfinite(value) for value in told.values())
    pairs = zip(before, model.get_weights(), strict=True)
    assert any(not np.array_equal(old, new) for old, new in pairs)


@pytest.mark.parametrize("chosen", TEMPLATES, ids=[one.key for one in TEMPLATES])
def test_a_template_trains_one_batch_for_its_task(chosen: Template) -> None:
    _check_step(chosen, eagerly=True)


@pytest.mark.long
@pytest.mark.parametrize("chosen", TEMPLATES, ids=[one.key for one in TEMPLATES])
def test_a_template_trains_as_a_graph_too(chosen: Template) -> None:
    """As the studio does. To trace and compile a deep network takes seconds."""
    _check_step(chosen, eagerly=False)
