"""How long the live panel's numbers take, against building the same network in Keras."""

from functools import partial
from statistics import median

from cnnstudio.core.analysis import analyze
from cnnstudio.core.checks import run_checks
from cnnstudio.core.layers import Add, BatchNormalization, Conv2D, Dense, Flatten, Input, Layer, MaxPooling2D
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.engine.keras.model import build_model
from scripts.benchmarks.measure import Board, in_turn, median_ms, seconds

ROUNDS = 15


def report(board: Board) -> None:
    hundred = residual_stack(100)
    times = [seconds(lambda: analyze(hundred)) for _ in range(ROUNDS)]
    board.add("analyze 100 layers from scratch", median_ms(times), "ms")
    _report_against_keras(board)
    _report_long_stack(board)


def _report_against_keras(board: Board) -> None:
    for title, network in (
        ("VGG-13 (224 x 224 x 3)", vgg(224, (64, 128, 256, 512, 512), 4096, 1000)),
        ("a narrow VGG-13 (64 x 64 x 3)", vgg(64, (32, 64, 128, 128, 128), 256, 10)),
    ):
        ours, keras = in_turn(partial(analyze, network), partial(build_model, network), 7)
        ratios = [b / a for a, b in zip(ours, keras, strict=True)]
        board.add(f"analyze the {len(network.layers)} layers of {title}", median_ms(ours), "ms")
        board.add(f"build {title} in Keras", median_ms(keras), "ms")
        board.add(f"Keras / analyze, {title}", median(ratios), "", 500, at_least=True)


def _report_long_stack(board: Board) -> None:
    long = residual_stack(1_000)
    whole = [seconds(lambda: analyze(long)) for _ in range(ROUNDS)]
    board.add("analyze a 1,000-layer residual stack", median_ms(whole), "ms", 20)
    before = analyze(long)
    project = Project(network=long)
    times = []
    for filters in range(17, 17 + ROUNDS):
        layer = long.layer("conv250").updated(dilation_rate=(2, 2) if filters % 2 else (1, 1))
        edited = project.with_network(long.replaced("conv250", layer))

        def edit(edited: Project = edited) -> None:
            run_checks(edited, analyze(edited.network, before))

        times.append(seconds(edit))
    board.add("one edit in its middle, checks included", median_ms(times), "ms", 5)


def residual_stack(count: int) -> Network:
    """A network of `count` layers: convolution, normalization and sum in turn."""
    layers: list[Layer] = [Input(name="input", shape=(64, 64, 16))]
    while len(layers) < count:
        number, start = len(layers) // 3, layers[-1].name
        layers += [
            Conv2D(name=f"conv{number}", filters=16),
            BatchNormalization(name=f"norm{number}"),
            Add(name=f"add{number}", inputs=(f"norm{number}", start)),
        ]
    return Network(layers=tuple(layers[:count]))


def vgg(image: int, widths: tuple[int, ...], dense: int, classes: int) -> Network:
    """VGG-13's 20 layers (Simonyan and Zisserman 2015): five pairs of convolutions, each with pooling."""
    layers: list[Layer] = [Input(name="input", shape=(image, image, 3))]
    for block, filters in enumerate(widths, start=1):
        layers += [
            Conv2D(name=f"conv{block}_1", filters=filters),
            Conv2D(name=f"conv{block}_2", filters=filters),
            MaxPooling2D(name=f"pool{block}"),
        ]
    layers += [Flatten(name="flatten"), Dense(name="dense1", units=dense), Dense(name="dense2", units=dense)]
    return Network(layers=(*layers, Dense(name="output", units=classes, activation="softmax")))
