"""What the rules say of the networks of keras.applications: nothing that their authors would call wrong.

Each finding that remains is listed with its reason.
"""

import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.checks import run_checks
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.importers import from_keras

_SCALED_OUTSIDE = (
    "DenseNet121",
    "DenseNet169",
    "DenseNet201",
    "InceptionResNetV2",
    "InceptionV3",
    "MobileNet",
    "MobileNetV2",
    "NASNetLarge",
    "NASNetMobile",
    "ResNet101",
    "ResNet101V2",
    "ResNet152",
    "ResNet152V2",
    "ResNet50",
    "ResNet50V2",
    "VGG16",
    "VGG19",
    "Xception",
)
_SCALED_INSIDE = (
    "ConvNeXtBase",
    "ConvNeXtLarge",
    "ConvNeXtSmall",
    "ConvNeXtTiny",
    "ConvNeXtXLarge",
    "EfficientNetB0",
    "EfficientNetB1",
    "EfficientNetB2",
    "EfficientNetB3",
    "EfficientNetB4",
    "EfficientNetB5",
    "EfficientNetB6",
    "EfficientNetB7",
    "EfficientNetV2B0",
    "EfficientNetV2B1",
    "EfficientNetV2B2",
    "EfficientNetV2B3",
    "EfficientNetV2L",
    "EfficientNetV2M",
    "EfficientNetV2S",
    "MobileNetV3Large",
    "MobileNetV3Small",
)
QUICK = ("ConvNeXtTiny", "EfficientNetB0", "MobileNet", "MobileNetV3Small", "ResNet50")
REMAINING = {
    # Their pixels are scaled by `preprocess_input`, outside the network: without it they are not.
    **{name: {"C04"} for name in _SCALED_OUTSIDE},
    **{name: set[str]() for name in _SCALED_INSIDE},
}
ADVICE = {
    # True: the first ResNets have biases that the normalization takes away. Weights trained so keep theirs.
    **{name: {"C06"} for name in ("ResNet50", "ResNet101", "ResNet152")},
    # True: a stride of 2 without padding leaves the last row and column of 224 out.
    "NASNetMobile": {"S04"},
}


def _network(name: str) -> Network:
    import keras

    network = from_keras(getattr(keras.applications, name)(weights=None)).network
    keras.backend.clear_session()
    return network


def _findings(project: Project) -> tuple[Finding, ...]:
    """For the data they were made for, in pixels from 0 to 255."""
    shape = tuple(size or 224 for size in project.network.input_shape)
    names = tuple(f"class {number}" for number in range(1_000))
    facts = DataFacts("ImageNet", shape, names, 1_281_167, 50_000, (0.0, 255.0))
    return run_checks(project, analyze(project.network), facts)


def _check(name: str) -> None:
    project = Project(network=_network(name))
    found = _findings(project)
    assert {one.code for one in found if one.severity != "advice"} == REMAINING[name]
    assert {one.code for one in found if one.severity == "advice"} == ADVICE.get(name, set())
    # Weights that are loaded want what they were trained with, and have their biases in the stored means.
    settings = project.training.model_copy(update={"start_from": "trained.weights.h5"})
    trained = {one.code for one in _findings(project.with_training(settings))}
    assert trained == ADVICE.get(name, set()) - {"C06"}


def test_every_application_of_keras_is_judged_here() -> None:
    import keras

    made = {name for name in dir(keras.applications) if name[0].isupper()}
    assert made == set(REMAINING)
    assert len(made) == 40


@pytest.mark.parametrize("name", QUICK)
def test_an_application_is_told_nothing_its_authors_would_call_wrong(name: str) -> None:
    _check(name)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(set(REMAINING) - set(QUICK)))
def test_no_other_application_is_told_anything_its_authors_would_call_wrong(name: str) -> None:
    _check(name)
