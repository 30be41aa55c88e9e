"""Small projects, and what the checks say of them."""

from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.checks import run_checks
from cnnstudio.core.layers import (
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    Input,
    Layer,
    Rescaling,
)
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.values.facts import DataFacts

DIGITS = DataFacts("MNIST", (28, 28, 1), tuple("0123456789"), 10_000, 2_000, (0.0, 255.0))
PHOTOS = DataFacts("Photos", (64, 64, 3), tuple("0123456789"), 10_000, 2_000, (0.0, 255.0))


def chain(*layers: Layer, shape: tuple[int | None, ...] = (28, 28, 1)) -> Project:
    return Project(network=Network(layers=(Input(name="input", shape=shape), *layers)))


def scaled(*layers: Layer, shape: tuple[int | None, ...] = (28, 28, 1)) -> Project:
    return chain(Rescaling(name="rescale"), *layers, shape=shape)


def found(
    project: Project, code: str, facts: DataFacts | None = DIGITS, free: int | None = None
) -> list[Finding]:
    every = run_checks(project, analyze(project.network), facts, free)
    return [finding for finding in every if finding.code == code]


def conv(name: str, filters: int = 8, activation: str = "relu", **settings: object) -> Conv2D:
    return Conv2D.model_validate({"name": name, "filters": filters, "activation": activation, **settings})


def head(classes: int = 10) -> tuple[Layer, ...]:
    return Flatten(name="flatten"), Dense(name="out", units=classes, activation="softmax")


def pooled_head() -> tuple[Layer, ...]:
    return GlobalAveragePooling2D(name="gap"), Dense(name="out", units=10, activation="softmax")


def with_batch(project: Project, batch: int) -> Project:
    return project.with_training(TrainingSettings(batch_size=batch))
