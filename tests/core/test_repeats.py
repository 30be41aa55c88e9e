"""Repeated blocks, told by the names that real networks give their layers."""

import pytest

from cnnstudio.core.layers import Activation, Layer
from cnnstudio.core.network.groups import groups_of
from cnnstudio.core.network.repeats import SEEN_WHOLE, collapsed_at_first, with_blocks_grouped


def named(text: str) -> list[Layer]:
    return [Activation(name=name) for name in text.split()]


def grouped(text: str) -> str:
    """`a [block1 b c] d`: the layers with their groups in brackets."""
    layers = with_blocks_grouped(named(text))
    groups, words, at = groups_of(layers), [], 0
    for group in groups:
        words += [layer.name for layer in layers[at : group.start]]
        words.append(f"[{group.name} {' '.join(layer.name for layer in layers[group.start : group.stop])}]")
        at = group.stop
    return " ".join([*words, *(layer.name for layer in layers[at:])])


@pytest.mark.parametrize(
    "text",
    [
        # ResNet50 and DenseNet121
        "pool [conv2_block1 conv2_block1_1_conv conv2_block1_1_bn conv2_block1_out] "
        "[conv2_block2 conv2_block2_1_conv conv2_block2_out] avg",
        # EfficientNetB0
        "stem [block1a block1a_dwconv block1a_bn] [block2b block2b_se_squeeze block2b_add] top",
        # MobileNetV2
        "[block_1 block_1_expand block_1_expand_BN] [block_10 block_10_expand block_10_add]",
        # ConvNeXtTiny
        "[convnext_tiny_stage_0_block_0 convnext_tiny_stage_0_block_0_depthwise_conv "
        "convnext_tiny_stage_0_block_0_identity] [convnext_tiny_stage_0_block_1 "
        "convnext_tiny_stage_0_block_1_depthwise_conv convnext_tiny_stage_0_block_1_identity]",
        # VGG16 within a model
        "[vgg16/block1 vgg16/block1_conv1 vgg16/block1_pool] "
        "[vgg16/block2 vgg16/block2_conv1 vgg16/block2_pool]",
        # MobileNet
        "[separable_1 conv_dw_1 conv_dw_1_bn conv_pw_1] [separable_12 conv_dw_12 conv_pw_12_relu]",
        # SqueezeNet
        "[fire2 fire2/squeeze1x1 fire2/expand3x3] [fire3 fire3/squeeze1x1 fire3/expand3x3]",
    ],
)
def test_the_blocks_of_real_networks_are_found(text: str) -> None:
    plain = " ".join(word for word in text.replace("]", "").split() if not word.startswith("["))
    assert grouped(plain) == text


def test_what_stands_within_a_block_under_another_name_belongs_to_it() -> None:
    assert grouped("block2_conv conv2d add block2_pool block3_conv add_1 block3_pool") == (
        "[block2 block2_conv conv2d add block2_pool] [block3 block3_conv add_1 block3_pool]"
    )


def test_a_block_that_goes_on_below_another_ends_where_that_begins() -> None:
    assert grouped("block1_a block1_b block2_a block2_b block1_c") == (
        "[block1 block1_a block1_b] [block2 block2_a block2_b] block1_c"
    )


@pytest.mark.parametrize(
    "text",
    ["conv1 conv2 dense", "block1_conv block1_relu dense", "block1 block2 block3", "my_blocker a b"],
)
def test_without_repeated_blocks_nothing_is_grouped(text: str) -> None:
    assert grouped(text) == text


def test_groups_of_the_person_stay_as_they_are() -> None:
    layers = named("block1_a block1_b block2_a block2_b")
    layers[0] = layers[0].updated(group="mine")
    assert with_blocks_grouped(layers) == tuple(layers)


def test_groups_begin_collapsed_where_no_screen_shows_all_layers() -> None:
    few = [layer.updated(group="g") for layer in named("a b")]
    rest = named(" ".join(f"x{at}" for at in range(SEEN_WHOLE)))
    assert collapsed_at_first(few) == frozenset()
    assert collapsed_at_first([*few, *rest]) == {"g"}
