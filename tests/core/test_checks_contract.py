"""What every check must keep: it finds its fault, leaves a sound neighbor alone, and its fixes mend.

A check in `CHECKS` without an example here fails, and so does a code without one. To add a check, add a pair
of projects that differ in little more than the fault, with the labels of the fixes offered for it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct
from msgspec.structs import replace

import cnnstudio.core
from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.findings import Finding, Fix
from cnnstudio.core.checks import (
    CHECKS,
    Check,
    activations,
    augmenting,
    balance,
    batches,
    fields,
    freezing,
    head,
    no_shape,
    normalizing,
    order,
    pace,
    scaling,
    shapes,
    structure,
    told,
)
from cnnstudio.core.checks.context import CheckContext
from cnnstudio.core.checks.offered import facts_after, with_offered_fixes
from cnnstudio.core.layers import (
    Add,
    BatchNormalization,
    Concatenate,
    Conv2DTranspose,
    CustomLayer,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    Layer,
    MaxPooling2D,
    MixUp,
    RandomFlip,
    ReLU,
    Rescaling,
    Softmax,
    SpatialDropout2D,
)
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice, Split
from cnnstudio.core.project.training import SGD, Adam, TrainingSettings
from cnnstudio.core.tasks import AnyTask, Reconstruction, Segmentation
from cnnstudio.core.values.facts import DataFacts
from tests.core.checked import DIGITS, PHOTOS, chain, conv, pooled_head, scaled, with_batch
from tests.core.checked import head as flat_head
from tests.core.pictures import stack

_MOST_FIXES = 30
"""After so many fixes in a row a small project must be sound."""


class Example(Struct, frozen=True):
    """A project that a rule finds fault with and one it does not, with what is known in both cases."""

    rule: Check
    code: str
    faulty: Project
    sound: Project
    fixes: tuple[str, ...] = ()
    """The labels of all fixes the rule offers for the faulty project."""
    facts: DataFacts = DIGITS
    free_memory: int | None = None


def of(picture: str, shape: tuple[int | None, ...] = (28, 28, 1)) -> Project:
    return Project(network=stack(picture, shape))


def trained(project: Project, **settings: object) -> Project:
    return project.with_training(TrainingSettings.model_validate(settings))


def labelled(project: Project, labels: str) -> Project:
    return project.with_task(project.task.model_copy(update={"labels": labels}))


def held_out(project: Project, share: float) -> Project:
    return project.with_data(DataChoice(split=Split(validation_share=share)))


def learning(project: Project, task: AnyTask) -> Project:
    """The project with another task and its usual loss."""
    return trained(project.with_task(task), loss=task.losses[0])


def pixelwise(filters: int, activation: str) -> Project:
    """A network that gives so many values for each pixel."""
    return scaled(conv("a"), conv("b", filters=filters, kernel_size=(1, 1), activation=activation))


def flipped(filters: int, *layers: Layer) -> Project:
    """The same below other layers, one of which mirrors at random."""
    return scaled(*layers, conv("b", filters=filters, kernel_size=(1, 1), activation="softmax"))


def transposed(**settings: object) -> Conv2DTranspose:
    return Conv2DTranspose.model_validate(
        {"name": "up", "kernel_size": (2, 2), "strides": (2, 2), **settings}
    )


NORMALIZED = of("rescale conv(8,3) bn flatten dense(10,softmax)")
PLAIN = of("rescale conv(8,3) flatten dense(10,softmax)")
FEW = replace(DIGITS, train_count=20)
HANDFUL = replace(DIGITS, train_count=6)
UNIT = replace(DIGITS, value_range=(0.0, 1.0))
PAIR = replace(DIGITS, class_names=("0", "1"))
MASKED = replace(DIGITS, has_masks=True)

EXAMPLES = (
    Example(
        no_shape,
        "S01",
        of("rescale conv(8,29,valid) flatten dense(10,softmax)"),
        of("rescale conv(8,28,valid) flatten dense(10,softmax)"),
        ("Use padding 'same'",),
    ),
    Example(
        no_shape,
        "S01",
        of("rescale maxpool(28) maxpool(2) flatten dense(10,softmax)"),
        of("rescale maxpool(14) maxpool(2) flatten dense(10,softmax)"),
        ("Remove maxpool3",),
    ),
    Example(
        no_shape,
        "S01",
        of("rescale maxpool(28) conv(8,3,valid) flatten dense(10,softmax)"),
        of("rescale maxpool(28) conv(8,1,valid) flatten dense(10,softmax)"),
        ("Use a 1 x 1 kernel",),
    ),
    Example(
        no_shape,
        "S03",
        of("rescale a=conv(8,3) b=conv(16,3) add<-a,b flatten dense(10,softmax)"),
        of("rescale a=conv(8,3) b=conv(8,3) add<-a,b flatten dense(10,softmax)"),
        ("Set 8 filters in b", "Set 16 filters in a", "Insert a 1 x 1 convolution after b"),
    ),
    # 51 / 2 is 26 where it is rounded up, and 25 where the last column is left out.
    Example(
        no_shape,
        "S03",
        scaled(
            conv("a", strides=(2, 2)),
            MaxPooling2D(name="p", inputs=("rescale",)),
            Concatenate(name="s", inputs=("a", "p")),
            *flat_head(),
            shape=(51, 51, 1),
        ),
        scaled(
            conv("a", strides=(2, 2)),
            MaxPooling2D(name="p", inputs=("rescale",), padding="same"),
            Concatenate(name="s", inputs=("a", "p")),
            *flat_head(),
            shape=(51, 51, 1),
        ),
        ("Use padding 'same' in p", "Crop a to 25 x 25", "Pad p to 26 x 26"),
        facts=replace(DIGITS, sample_shape=(51, 51, 1)),
    ),
    Example(
        no_shape,
        "S03",
        of("rescale f=flatten a=dense(10,relu)<-f b=dense(12,relu)<-f add<-a,b dense(10,softmax)"),
        of("rescale f=flatten a=dense(10,relu)<-f b=dense(10,relu)<-f add<-a,b dense(10,softmax)"),
        ("Set 10 units in b", "Set 12 units in a"),
    ),
    Example(
        no_shape,
        "S03",
        of("r=rescale a=conv(8,3) maxpool b=conv(8,3) concat<-a,b maxpool flatten dense(10,softmax)"),
        of("r=rescale a=conv(8,3) maxpool b=conv(8,3) concat<-b,b maxpool flatten dense(10,softmax)"),
        ("Enlarge b to 28 x 28", "Insert a 1 x 1 convolution after a"),
    ),
    Example(
        no_shape,
        "S03",
        of("rescale conv(8,3) add flatten dense(10,softmax)"),
        of("rescale conv(8,3) relu flatten dense(10,softmax)"),
        ("Remove add3",),
    ),
    Example(
        no_shape,
        "S03",
        of("rescale a=conv(8,3) b=conv(8,3) c=conv(8,3)<-a,b flatten dense(10,softmax)"),
        of("rescale a=conv(8,3) b=conv(8,3) c=conv(8,3)<-b flatten dense(10,softmax)"),
        ("Keep b only",),
    ),
    # Taken out, it would leave the convolution without anyone who takes it.
    Example(
        no_shape,
        "S03",
        of("r=rescale c=conv(8,3) f=flatten<-r add<-f,c dense(10,softmax)"),
        of("r=rescale c=conv(8,3) f=flatten<-c add<-f,f dense(10,softmax)"),
    ),
    Example(
        no_shape,
        "S07",
        of("rescale conv(8,3) flatten conv(8,3) gap dense(10,softmax)"),
        of("rescale conv(8,3) conv(8,3) gap dense(10,softmax)"),
        ("Remove flatten3",),
    ),
    Example(
        no_shape,
        "S07",
        of("rescale conv(8,9) flatten gap dense(10,softmax)"),
        of("rescale conv(8,9) gap flatten dense(10,softmax)"),
        ("Remove flatten3",),
    ),
    # A convolution that stands too low is not taken out: it was meant to stand above the Dense.
    Example(
        no_shape,
        "S07",
        of("rescale flatten dense(64,relu) conv(8,3)"),
        of("rescale conv(8,3) flatten dense(64,relu)"),
        ("Move conv4 above flatten2",),
    ),
    Example(
        no_shape,
        "S08",
        scaled(conv("a", 9), conv("b", 9, groups=2), *flat_head()),
        scaled(conv("a", 9), conv("b", 9, groups=3), *flat_head()),
        ("Use 1 group",),
    ),
    Example(
        no_shape,
        "S10",
        scaled(conv("a"), CustomLayer(name="c", class_name="Unknown"), *flat_head()),
        scaled(
            conv("a"),
            CustomLayer(
                name="c",
                class_name="Unknown",
                known_inputs=((28, 28, 8),),
                known_output_shape=(28, 28, 8),
            ),
            *flat_head(),
        ),
    ),
    Example(
        shapes.dense_on_a_map,
        "S02",
        of("rescale conv(8,9) dense(10,softmax)"),
        of("rescale conv(8,9) flatten dense(10,softmax)"),
        ("Insert Flatten", "Insert global average pooling"),
    ),
    # Each would leave advice, Flatten about the size of the Dense, pooling about what it sees: one will do.
    Example(
        shapes.dense_on_a_map,
        "S02",
        of("rescale conv(16,3) dense(10,softmax)"),
        of("rescale conv(16,3) maxpool flatten dense(10,softmax)"),
        ("Insert Flatten",),
    ),
    # A Flatten makes no list of known length here, and below the other Dense the axes are still needed.
    Example(
        shapes.dense_on_a_map,
        "S02",
        of("rescale conv(8,9) dense(10,softmax)", (None, None, 1)),
        of("rescale conv(8,9) gap dense(10,softmax)", (None, None, 1)),
        ("Insert global average pooling",),
    ),
    # A window below brings the places together: the Dense is a 1 x 1 convolution by another name.
    Example(
        shapes.dense_on_a_map,
        "S02",
        of("rescale conv(8,9) maxpool(4) d=dense(16,relu) flatten dense(10,softmax)"),
        of("rescale conv(8,9) maxpool(4) d=dense(16,relu) conv(8,3) flatten dense(10,softmax)"),
        ("Insert Flatten", "Insert global average pooling"),
    ),
    Example(
        shapes.dense_on_a_map,
        "S02",
        of("rescale conv(8,9) maxpool(4) d=dense(16,relu) dense(10,softmax)"),
        of("rescale conv(8,9) maxpool(4) d=dense(16,relu) gap dense(10,softmax)"),
        (
            "Insert Flatten",
            "Insert global average pooling",
            "Insert Flatten",
            "Insert global average pooling",
        ),
    ),
    Example(
        shapes.stride_does_not_tile,
        "S04",
        of("rescale conv(8,4,valid) maxpool flatten dense(10,softmax)"),
        of("rescale conv(8,3,valid) maxpool flatten dense(10,softmax)"),
        ("Use padding 'same'",),
    ),
    Example(
        shapes.stride_does_not_tile,
        "S04",
        scaled(MaxPooling2D(name="p", pool_size=(2, 2), strides=(3, 3)), *flat_head()),
        scaled(MaxPooling2D(name="p", pool_size=(2, 2), strides=(2, 2)), *flat_head()),
        ("Use a stride of the window's size",),
    ),
    # With padding 'same' one branch would be larger than the other.
    Example(
        shapes.stride_does_not_tile,
        "S04",
        scaled(
            conv("a", strides=(2, 2), padding="valid"),
            conv("b", kernel_size=(16, 16), padding="valid", inputs=("rescale",)),
            Add(name="s", inputs=("a", "b")),
            *flat_head(),
        ),
        scaled(
            conv("a", strides=(2, 2)),
            conv("b", kernel_size=(15, 15), padding="valid", inputs=("rescale",)),
            Add(name="s", inputs=("a", "b")),
            *flat_head(),
        ),
    ),
    Example(
        structure.one_dense_has_most_parameters,
        "S05",
        of("rescale conv(16,9) flatten dense(64,relu) dense(10,softmax)"),
        of("rescale conv(16,9) gap dense(64,relu) dense(10,softmax)"),
        ("Use global average pooling",),
    ),
    # The mean of values that saw 3 of 28 pixels would tell nothing: the next remark would be about that.
    Example(
        structure.one_dense_has_most_parameters,
        "S05",
        of("rescale conv(16,3) flatten dense(64,relu) dense(10,softmax)"),
        of("rescale conv(16,3) maxpool(14) flatten dense(64,relu) dense(10,softmax)"),
    ),
    # The sum below needs both lists to be of one length.
    Example(
        structure.one_dense_has_most_parameters,
        "S05",
        of("rescale c=conv(16,9) f=flatten g=flatten<-c add<-f,g dense(64,relu) dense(10,softmax)"),
        of("rescale c=conv(16,9) f=gap g=gap<-c add<-f,g dense(64,relu) dense(10,softmax)"),
    ),
    Example(
        structure.unused_output,
        "S06",
        of("rescale a=conv(8,3) b=conv(8,3)<-a c=conv(8,3)<-a flatten dense(10,softmax)"),
        of("rescale a=conv(8,3) b=conv(8,3)<-a c=conv(8,3)<-b flatten dense(10,softmax)"),
        ("Remove what leads nowhere",),
    ),
    Example(
        shapes.layer_will_not_run,
        "S08",
        scaled(transposed(output_padding=(0, 0)), *flat_head()),
        scaled(transposed(), *flat_head()),
        ("Leave the output padding empty",),
    ),
    Example(
        head.input_fits_data,
        "C01",
        of("rescale conv(8,3) flatten dense(10,softmax)", (32, 32, 1)),
        PLAIN,
        ("Set 28 x 28 x 1", "Bring the pictures to 32 x 32 x 1"),
    ),
    # With smaller pictures the fifth pooling would have nothing left.
    Example(
        head.input_fits_data,
        "C01",
        of(
            "rescale conv(8,3) maxpool maxpool maxpool maxpool maxpool flatten dense(10,softmax)", (64, 64, 1)
        ),
        PLAIN,
        ("Bring the pictures to 64 x 64 x 1",),
    ),
    # The mean of what sees 3 of 28 pixels would tell nothing.
    Example(
        head.output_fits_task,
        "C01",
        of("rescale conv(10,3)"),
        PLAIN,
        ("Add Flatten and a Dense of 10 units",),
    ),
    Example(
        head.output_fits_task,
        "C01",
        scaled(conv("a", kernel_size=(9, 9)), conv("b", 10, "softmax")),
        PLAIN,
        ("Add global average pooling and a Dense of 10 units", "Add Flatten and a Dense of 10 units"),
    ),
    Example(
        head.output_fits_task,
        "C01",
        scaled(
            conv("a"), Flatten(name="f"), Dense(name="d", units=9, activation="linear"), Softmax(name="s")
        ),
        scaled(
            conv("a"), Flatten(name="f"), Dense(name="d", units=10, activation="linear"), Softmax(name="s")
        ),
        ("Set 10 units in d",),
    ),
    Example(
        head.output_fits_task,
        "C01",
        scaled(
            conv("a", kernel_size=(9, 9)), conv("b", 9), GlobalAveragePooling2D(name="g"), Softmax(name="s")
        ),
        scaled(
            conv("a", kernel_size=(9, 9)), conv("b", 10), GlobalAveragePooling2D(name="g"), Softmax(name="s")
        ),
        ("Set 10 filters in b",),
    ),
    Example(
        head.output_fits_task,
        "C01",
        of("rescale conv(8,3) maxpool flatten"),
        PLAIN,
        ("Add a Dense of 10 units",),
    ),
    Example(
        head.output_fits_task,
        "C01",
        of("rescale conv(8,3) flatten dense(9,softmax)"),
        PLAIN,
        ("Set 10 units",),
    ),
    Example(
        head.head_fits_loss,
        "C02",
        of("rescale conv(8,3) flatten dense(10,relu)"),
        PLAIN,
        ("Use softmax",),
    ),
    Example(
        head.head_fits_loss,
        "C02",
        trained(PLAIN, from_logits=True),
        PLAIN,
        ("Use linear", "Switch 'from logits' off"),
    ),
    Example(
        head.head_fits_loss,
        "C02",
        trained(PLAIN, loss="binary_crossentropy"),
        PLAIN,
        ("Use categorical_crossentropy", "Use sigmoid"),
    ),
    Example(
        head.head_fits_loss,
        "C02",
        of("rescale conv(8,3) flatten dense(10,sigmoid)"),
        PLAIN,
        ("Use softmax", "Use binary_crossentropy"),
    ),
    Example(
        head.head_fits_loss,
        "C02",
        of("rescale conv(8,3) flatten dense(10,linear)"),
        PLAIN,
        ("Use softmax", "Switch 'from logits' on"),
    ),
    Example(
        head.head_fits_loss,
        "C02",
        trained(PLAIN, loss="mean_squared_error"),
        PLAIN,
        ("Use categorical_crossentropy",),
    ),
    Example(
        head.head_fits_loss,
        "C02",
        trained(of("rescale conv(8,3) flatten dense(10,relu)"), loss="mean_absolute_error"),
        PLAIN,
        ("Use categorical_crossentropy and softmax",),
    ),
    Example(
        head.head_fits_loss,
        "C02",
        labelled(PLAIN, "integer"),
        PLAIN,
        ("Use sparse_categorical_crossentropy", "Use one-hot labels"),
    ),
    # Another loss would expect another activation of the last layer.
    Example(
        head.head_fits_loss,
        "C02",
        labelled(trained(of("rescale flatten dense(10,sigmoid)"), loss="binary_crossentropy"), "integer"),
        trained(of("rescale flatten dense(10,sigmoid)"), loss="binary_crossentropy"),
        ("Use one-hot labels",),
    ),
    # One unit tells how likely the second of two classes is.
    Example(
        head.output_fits_task,
        "C01",
        of("rescale flatten dense(1,sigmoid)"),
        PLAIN,
        ("Set 10 units",),
    ),
    Example(
        head.head_fits_loss,
        "C02",
        labelled(of("rescale flatten dense(1,sigmoid)"), "integer"),
        labelled(trained(of("rescale flatten dense(1,sigmoid)"), loss="binary_crossentropy"), "integer"),
        ("Use binary_crossentropy and integer labels",),
        facts=PAIR,
    ),
    Example(
        head.head_fits_loss,
        "C02",
        trained(of("rescale flatten dense(1,sigmoid)"), loss="binary_crossentropy"),
        labelled(trained(of("rescale flatten dense(1,sigmoid)"), loss="binary_crossentropy"), "integer"),
        ("Use integer labels",),
        facts=PAIR,
    ),
    Example(
        head.output_fits_task,
        "C01",
        learning(pixelwise(10, "softmax"), Segmentation()),
        learning(pixelwise(11, "softmax"), Segmentation()),
        ("Set 11 filters",),
        facts=MASKED,
    ),
    Example(
        head.output_fits_task,
        "C01",
        learning(pixelwise(11, "softmax"), Segmentation()),
        PLAIN,
        facts=DIGITS,
    ),
    Example(
        head.head_fits_loss,
        "C02",
        learning(pixelwise(11, "relu"), Segmentation()),
        learning(pixelwise(11, "softmax"), Segmentation()),
        ("Use softmax",),
        facts=MASKED,
    ),
    Example(
        head.output_fits_task,
        "C01",
        learning(pixelwise(3, "sigmoid"), Reconstruction()),
        learning(pixelwise(1, "sigmoid"), Reconstruction()),
        ("Set 1 filter",),
    ),
    Example(
        head.head_fits_loss,
        "C02",
        trained(
            pixelwise(1, "sigmoid").with_task(Reconstruction()),
            loss="categorical_crossentropy",
        ),
        learning(pixelwise(1, "sigmoid"), Reconstruction()),
        ("Use mean_squared_error",),
    ),
    Example(
        activations.linear_after_linear,
        "C03",
        scaled(conv("a", activation="linear"), *flat_head()),
        scaled(conv("a", activation="linear"), ReLU(name="r"), *flat_head()),
        ("Use ReLU",),
    ),
    Example(
        scaling.pixels_not_scaled_once,
        "C04",
        of("conv(8,3) flatten dense(10,softmax)"),
        PLAIN,
        ("Insert Rescaling",),
    ),
    Example(
        scaling.pixels_not_scaled_once,
        "C04",
        of("rescale again=rescale conv(8,3) flatten dense(10,softmax)"),
        PLAIN,
        ("Remove again",),
    ),
    Example(
        scaling.pixels_not_scaled_once,
        "C04",
        chain(Rescaling(name="r"), conv("a"), *flat_head()),
        chain(Rescaling(name="r", scale=1.0), conv("a"), *flat_head()),
        ("Remove r",),
        facts=UNIT,
    ),
    # Without the only Rescaling the pixels would be far too large.
    Example(
        scaling.pixels_not_scaled_once,
        "C04",
        chain(Rescaling(name="r", scale=1 / 65_025), conv("a"), *flat_head()),
        chain(Rescaling(name="r", scale=1 / 255), conv("a"), *flat_head()),
    ),
    Example(
        batches.batch_larger_than_data,
        "C05",
        with_batch(PLAIN, 8_001),
        with_batch(PLAIN, 8_000),
        ("Use a batch of 512",),
    ),
    # A tenth of 16 images would be too few for the normalization, which would ask for more again.
    Example(
        batches.batch_larger_than_data,
        "C05",
        with_batch(NORMALIZED, 32),
        with_batch(NORMALIZED, 16),
        ("Use a batch of 8",),
        facts=FEW,
    ),
    Example(
        batches.batch_larger_than_data,
        "C05",
        with_batch(NORMALIZED, 8),
        with_batch(NORMALIZED, 5),
        facts=HANDFUL,
    ),
    Example(
        batches.nothing_held_out,
        "C05",
        held_out(PLAIN, 0.00001),
        held_out(PLAIN, 0.0001),
        ("Hold out 20%",),
    ),
    # 16 of 20 images would no longer fill the batch.
    Example(
        batches.nothing_held_out,
        "C05",
        held_out(with_batch(PLAIN, 20), 0.01),
        held_out(with_batch(PLAIN, 20), 0.05),
        facts=FEW,
    ),
    Example(
        normalizing.bias_before_normalization,
        "C06",
        scaled(conv("a", activation="linear"), BatchNormalization(name="n"), ReLU(name="r"), *flat_head()),
        scaled(
            conv("a", activation="linear", use_bias=False),
            BatchNormalization(name="n"),
            ReLU(name="r"),
            *flat_head(),
        ),
        ("Switch the bias off",),
    ),
    Example(
        normalizing.small_batch_normalized,
        "C06",
        with_batch(NORMALIZED, 7),
        with_batch(NORMALIZED, 8),
        ("Use a batch of 32", "Use GroupNormalization"),
    ),
    # There are 16 images to learn from: 32 would be answered with less again.
    Example(
        normalizing.small_batch_normalized,
        "C06",
        with_batch(NORMALIZED, 4),
        with_batch(NORMALIZED, 16),
        ("Use a batch of 16", "Use GroupNormalization"),
        facts=FEW,
    ),
    Example(
        normalizing.small_batch_normalized,
        "C06",
        with_batch(NORMALIZED, 2),
        with_batch(PLAIN, 2),
        ("Use GroupNormalization",),
        facts=HANDFUL,
    ),
    Example(
        normalizing.small_batch_normalized,
        "C06",
        with_batch(NORMALIZED, 4),
        with_batch(PLAIN, 4),
        ("Use a batch of 8", "Use GroupNormalization"),
        free_memory=1_800_000,
    ),
    Example(
        order.dropout_before_normalization,
        "C07",
        of("rescale conv(8,3) d=dropout conv(8,3) bn relu flatten dense(10,softmax)"),
        of("rescale conv(8,3) conv(8,3) bn relu flatten d=dropout dense(10,softmax)"),
        ("Move the dropout down", "Remove d"),
    ),
    # The Dense names its input, and the dropout must be in that line.
    Example(
        order.dropout_before_normalization,
        "C07",
        of("rescale d=dropout conv(8,3) bn f=flatten dense(10,softmax)<-f"),
        of("rescale conv(8,3) bn f=flatten d=dropout dense(10,softmax)<-d"),
        ("Move the dropout down", "Remove d"),
    ),
    # Below the last normalization there is the output alone.
    # One for the channels of a map cannot stand above the Dense.
    Example(
        order.dropout_before_normalization,
        "C07",
        scaled(
            conv("a"), SpatialDropout2D(name="d"), BatchNormalization(name="n"), ReLU(name="r"), *flat_head()
        ),
        scaled(
            conv("a"), BatchNormalization(name="n"), ReLU(name="r"), SpatialDropout2D(name="d"), *flat_head()
        ),
        ("Move the dropout down", "Remove d"),
    ),
    Example(
        order.dropout_before_normalization,
        "C07",
        of("rescale flatten d=dropout dense(10,softmax) bn"),
        of("rescale flatten dense(10,softmax) bn"),
        ("Remove d",),
    ),
    Example(
        batches.memory_does_not_suffice,
        "C08",
        with_batch(PLAIN, 512),
        with_batch(PLAIN, 8),
        ("Use a batch of 256",),
        free_memory=16_000_000,
    ),
    # What fits would be too small for the normalization.
    Example(
        batches.memory_does_not_suffice,
        "C08",
        with_batch(NORMALIZED, 64),
        with_batch(NORMALIZED, 4),
        free_memory=1_300_000,
    ),
    Example(
        fields.layers_see_more_than_the_image,
        "C09",
        scaled(*(conv(f"c{i}", kernel_size=(15, 15)) for i in range(4)), *flat_head()),
        scaled(*(conv(f"c{i}", kernel_size=(15, 15)) for i in range(3)), *flat_head()),
        ("Remove 2 layers",),
    ),
    Example(
        fields.last_map_sees_little,
        "C09",
        scaled(conv("a", kernel_size=(15, 15)), *pooled_head(), shape=PHOTOS.sample_shape),
        scaled(conv("a", kernel_size=(16, 16)), *pooled_head(), shape=PHOTOS.sample_shape),
        facts=PHOTOS,
    ),
    Example(
        order.dropout_too_strong,
        "C10",
        of("rescale conv(8,3) flatten dropout(0.7) dense(10,softmax)"),
        of("rescale conv(8,3) flatten dropout(0.6) dense(10,softmax)"),
        ("Use a rate of 0.5",),
    ),
    Example(
        order.dropout_at_the_end,
        "C10",
        of("rescale conv(8,3) flatten dense(10,softmax) d=dropout"),
        of("rescale conv(8,3) flatten d=dropout dense(10,softmax)"),
        ("Remove d",),
    ),
    Example(
        activations.softmax_inside,
        "C10",
        scaled(conv("a", activation="softmax"), *flat_head()),
        scaled(conv("a", activation="relu"), *flat_head()),
        ("Use ReLU",),
    ),
    Example(
        activations.softmax_inside,
        "C10",
        scaled(conv("a"), Softmax(name="s"), *flat_head()),
        scaled(conv("a"), Flatten(name="f"), Dense(name="d", units=10), Softmax(name="s")),
        ("Remove s",),
    ),
    Example(
        activations.squeezed_twice,
        "C10",
        scaled(conv("a"), *flat_head(), Softmax(name="s")),
        scaled(conv("a"), *flat_head()),
        ("Remove s", "Set out to linear"),
    ),
    Example(
        pace.learning_rate_far_off,
        "C12",
        trained(PLAIN, optimizer=Adam(learning_rate=10.0)),
        trained(PLAIN, optimizer=Adam(learning_rate=0.1)),
        ("Use a learning rate of 0.001",),
    ),
    Example(
        pace.learning_rate_far_off,
        "C12",
        trained(PLAIN, optimizer=SGD(learning_rate=1e-9)),
        trained(PLAIN, optimizer=SGD(learning_rate=1e-5)),
        ("Use a learning rate of 0.01",),
    ),
    Example(
        pace.early_stopping_never_acts,
        "C13",
        trained(PLAIN, epochs=12, patience=50),
        trained(PLAIN, epochs=12, patience=12),
        ("Wait for 4 epochs", "Switch early stopping off"),
    ),
    Example(
        pace.early_stopping_never_acts,
        "C13",
        trained(PLAIN, epochs=1, patience=2),
        trained(PLAIN, epochs=1, patience=1),
        (
            "Wait for 1 epoch",
            "Switch early stopping off",
        ),
    ),
    Example(
        balance.classes_not_balanced,
        "C14",
        of("rescale conv(8,3) flatten dense(10,softmax)"),
        learning(pixelwise(11, "softmax"), Segmentation()),
        ("Weigh the classes alike",),
        facts=replace(MASKED, class_counts=((900, 0, 0), *((90, 0, 0),) * 9)),
    ),
    Example(
        augmenting.moved_without_its_target,
        "C15",
        learning(flipped(11, conv("a"), RandomFlip(name="flip")), Segmentation()),
        learning(flipped(11, RandomFlip(name="flip"), conv("a")), Segmentation()),
        ("Remove flip",),
        facts=MASKED,
    ),
    Example(
        augmenting.mixed_without_its_target,
        "C16",
        labelled(scaled(MixUp(name="mix"), *flat_head()), "integer"),
        scaled(MixUp(name="mix"), *flat_head()),
        ("Use one-hot labels and categorical cross-entropy", "Remove mix"),
    ),
    Example(
        freezing.frozen_at_random,
        "C11",
        scaled(conv("a", trainable=False), *flat_head()),
        scaled(conv("a"), *flat_head()),
        ("Unfreeze",),
    ),
)
IDS = [f"{example.code} {example.rule.__name__} {number}" for number, example in enumerate(EXAMPLES)]
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=IDS)


def said(example: Example, project: Project) -> dict[tuple[str, str, str | None], Finding]:
    """All findings by the rule that speaks, its code and the layer: texts change with the numbers in them."""
    facts = facts_after(example.facts, example.faulty, project)
    context = CheckContext(project, analyze(project.network), facts, example.free_memory)
    rules = told(context)
    found = with_offered_fixes(context, rules, told)
    return {(one.rule, one.finding.code, one.finding.layer): it for one, it in zip(rules, found, strict=True)}


def findings(example: Example, project: Project) -> list[Finding]:
    """What the example's own rule says of a project."""
    rule = example.rule.__name__
    return [finding for (name, _, _), finding in said(example, project).items() if name == rule]


def offered(example: Example, project: Project) -> Iterator[Fix]:
    for finding in said(example, project).values():
        yield from finding.fixes


def codes_in_the_sources() -> set[str]:
    """Every code that stands in the sources of the rules and of the layers."""
    sources = Path(cnnstudio.core.__file__).parent.rglob("*.py")
    return {code for source in sources for code in re.findall(r'"([SC]\d\d)"', source.read_text("utf-8"))}


def test_every_check_has_an_example_of_a_fault_and_of_a_sound_neighbor() -> None:
    assert {check.__name__ for check in CHECKS} - {example.rule.__name__ for example in EXAMPLES} == set()


def test_every_code_has_an_example() -> None:
    assert codes_in_the_sources() == {example.code for example in EXAMPLES}


@every_example
def test_the_fault_is_found_and_the_sound_neighbor_is_left_alone(example: Example) -> None:
    assert {finding.code for finding in findings(example, example.faulty)} == {example.code}
    assert findings(example, example.sound) == []


@every_example
def test_the_fixes_offered_are_these(example: Example) -> None:
    found = findings(example, example.faulty)
    assert tuple(fix.label for finding in found for fix in finding.fixes) == example.fixes


@every_example
def test_a_fix_ends_its_finding_and_brings_no_error_and_no_warning(example: Example) -> None:
    before = said(example, example.faulty)
    for key, finding in before.items():
        for fix in finding.fixes:
            after = said(example, fix.apply(example.faulty))
            assert key not in after, fix.label
            new = [after[one] for one in after.keys() - before.keys() if not was_hidden(example, after[one])]
            assert [one.message for one in new if one.severity != "advice"] == [], fix.label


def was_hidden(example: Example, finding: Finding) -> bool:
    """Whether a fault may have been there before: a layer without a shape, and the network as a whole while
    there is one, cannot be judged."""
    hidden = {row.name for row in analyze(example.faulty.network).rows if not row.stands}
    return bool(hidden) and (finding.layer in hidden or finding.code.startswith("C"))


@every_example
def test_fixes_never_lead_back_to_a_project_seen_before(example: Example) -> None:
    sound: set[str] = set()

    def follow(project: Project, path: tuple[str, ...]) -> None:
        state = project.model_dump_json()
        assert state not in path
        assert len(path) < _MOST_FIXES
        if state not in sound:
            for fix in offered(example, project):
                follow(fix.apply(project), (*path, state))
        sound.add(state)

    follow(example.faulty, ())
