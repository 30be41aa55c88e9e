"""The rules over whole networks: deep sound ones, hostile ones, and any layer on any shape."""

import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.checks import run_checks
from cnnstudio.core.layers import (
    LAYER_TYPES,
    Add,
    BatchNormalization,
    CustomLayer,
    DepthwiseConv2D,
    Dropout,
    Layer,
    MaxPooling2D,
    ReLU,
    Softmax,
)
from tests.core.checked import DIGITS, chain, conv, head, pooled_head, scaled


def _residual(block: int, source: str) -> tuple[Layer, ...]:
    return (
        conv(f"c{block}a", 16, "linear", use_bias=False, inputs=(source,)),
        BatchNormalization(name=f"n{block}a"),
        ReLU(name=f"r{block}a"),
        conv(f"c{block}b", 16, "linear", use_bias=False),
        BatchNormalization(name=f"n{block}b"),
        Add(name=f"s{block}", inputs=(f"n{block}b", source)),
        ReLU(name=f"r{block}"),
    )


def test_a_deep_residual_network_is_not_nagged() -> None:
    layers: list[Layer] = [conv("stem", 16)]
    for block in range(30):
        layers += _residual(block, layers[-1].name)
    project = scaled(*layers, *pooled_head())
    assert run_checks(project, analyze(project.network), DIGITS) == ()


def test_a_linear_bottleneck_as_in_mobile_networks_is_not_nagged() -> None:
    layers: list[Layer] = [conv("stem", 16)]
    for block in range(3):
        layers += [
            conv(f"e{block}", 48, "linear", kernel_size=(1, 1), use_bias=False),
            BatchNormalization(name=f"en{block}"),
            ReLU(name=f"er{block}", max_value=6.0),
            DepthwiseConv2D(name=f"d{block}", activation="linear", use_bias=False),
            BatchNormalization(name=f"dn{block}"),
            ReLU(name=f"dr{block}", max_value=6.0),
            conv(f"p{block}", 16, "linear", kernel_size=(1, 1), use_bias=False),
            BatchNormalization(name=f"pn{block}"),
        ]
    project = scaled(*layers, *pooled_head())
    assert run_checks(project, analyze(project.network), DIGITS) == ()


def _dropouts_in_diamonds(count: int) -> list[Layer]:
    """Each names the two above it, which a layer with one input cannot take."""
    names = ["rescale", *(f"d{i}" for i in range(count))]
    return [
        Dropout(name=names[i + 1], inputs=(names[i], names[i - 1] if i else "input")) for i in range(count)
    ]


@pytest.mark.parametrize(
    "layers",
    [
        [conv("a", activation="linear"), *_dropouts_in_diamonds(2_000)],
        [*_dropouts_in_diamonds(2_000), conv("a", activation="linear")],
        [
            *(ReLU(name=f"r{i}") for i in range(1_000)),
            MaxPooling2D(name="p"),
            *(Add(name=f"s{i}", inputs=("r999", "p")) for i in range(1_000)),
        ],
        [layer for i in range(500) for layer in (Softmax(name=f"s{i}"), Dropout(name=f"d{i}", rate=0.9))],
    ],
    ids=["diamonds below", "diamonds above", "broken sums", "softmax and dropout"],
)
def test_a_network_made_to_be_slow_is_checked_to_the_end(layers: list[Layer]) -> None:
    project = scaled(*layers, *head())
    assert run_checks(project, analyze(project.network), DIGITS, 10**6)


RANKS: list[tuple[int | None, ...]] = [
    (6,),
    (6, 4),
    (6, 6, 4),
    (5, 6, 6, 4),
    (None, None, 4),
    (None, 4),
    (None,),
]


@pytest.mark.parametrize("kind", LAYER_TYPES[1:], ids=[kind.__name__ for kind in LAYER_TYPES[1:]])
@pytest.mark.parametrize("shape", RANKS, ids=str)
def test_any_layer_on_any_shape_is_judged_and_every_fix_offered_can_be_applied(
    kind: type[Layer], shape: tuple[int | None, ...]
) -> None:
    needed = {"class_name": "Unknown"} if kind is CustomLayer else {}
    layer = kind.model_validate({"name": "x", **needed})
    project = chain(ReLU(name="a"), ReLU(name="b"), layer, ReLU(name="end"), shape=shape)
    for given in (project, project.with_network(project.network.connected("x", ["a", "b"]))):
        for finding in run_checks(given, analyze(given.network), DIGITS, 1):
            assert finding.message
            for fix in finding.fixes:
                mended = fix.apply(given)
                assert finding not in run_checks(mended, analyze(mended.network), DIGITS, 1)
