"""The memory estimate counts what Keras really keeps for each weight."""

import math

import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.memory import optimizer_slots
from cnnstudio.core.project.training import SGD, Adam, AnyOptimizer, RMSprop, TrainingSettings
from cnnstudio.core.tasks import Classification
from cnnstudio.engine.keras.model import build_model, compile_model
from tests.core.pictures import stack


@pytest.mark.parametrize("optimizer", [Adam(), SGD(), SGD(momentum=0.9), RMSprop()], ids=str)
def test_an_optimizer_keeps_as_many_numbers_as_estimated(optimizer: AnyOptimizer) -> None:
    network = stack("conv bn flatten dense(3,softmax)", (8, 8, 1))
    model = build_model(network)
    compile_model(model, TrainingSettings(optimizer=optimizer), Classification())
    model.optimizer.build(model.trainable_variables)
    kept = sum(math.prod(variable.shape) for variable in model.optimizer.variables if variable.shape != ())
    assert kept == optimizer_slots(optimizer) * analyze(network).totals.trainable
