"""What Keras builds of a network with disabled layers is what the analysis says."""

import keras
import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.keras_format.code import code_text, keras_code
from cnnstudio.engine.keras.model import build_model
from tests.core.pictures import stack

RESIDUAL = "a=conv(8,3,same) b=conv(8,3,same) n=bn s=add<-n,a p=maxpool f=flatten d=dense(10,softmax)"


@pytest.mark.parametrize("disabled", ["n", "b n", "a", "s", "p", "d", "b n s"])
def test_the_model_has_the_shapes_and_counts_of_the_analysis(disabled: str) -> None:
    network = stack(RESIDUAL).with_settings(disabled.split(), enabled=False)
    analysis, model = analyze(network), build_model(network)
    assert model.count_params() == analysis.totals.parameters
    assert model.output_shape[1:] == analysis.output_shape
    assert not {layer.name for layer in model.layers} & set(disabled.split())


@pytest.mark.parametrize("disabled", ["n", "b n", "a", "s", "p", "d"])
def test_the_code_builds_the_same_model(disabled: str) -> None:
    network = stack(RESIDUAL).with_settings(disabled.split(), enabled=False)
    scope: dict[str, keras.Model] = {}
    exec(code_text(keras_code(network)), scope)  # the text is a program
    assert scope["model"].count_params() == analyze(network).totals.parameters
    assert scope["model"].output_shape[1:] == analyze(network).output_shape
