"""Each rule of the S and C codes: when it speaks, when it keeps quiet, and that its fixes mend it."""

import pytest
from msgspec.structs import replace

from cnnstudio.core.analysis import analyze
from cnnstudio.core.checks import run_checks
from cnnstudio.core.layers import (
    Activation,
    Add,
    AlphaDropout,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Conv1D,
    Conv2DTranspose,
    Conv3D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GaussianDropout,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling2D,
    GroupNormalization,
    MaxPooling2D,
    Multiply,
    ReLU,
    Rescaling,
    Softmax,
    SpatialDropout1D,
    SpatialDropout2D,
    ZeroPadding2D,
)
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice, Split
from cnnstudio.core.project.training import TrainingSettings
from tests.core.checked import DIGITS, PHOTOS, chain, conv, found, head, pooled_head, scaled, with_batch

FAULTY: list[tuple[str, Project]] = [
    ("S01", scaled(conv("a", kernel_size=(40, 40), padding="valid"), *head())),
    ("S01", scaled(conv("a", kernel_size=(9, 9), dilation_rate=(4, 4), padding="valid"), *head())),
    ("S01", scaled(conv("a"), *head(), shape=(None, None, 1))),
    ("S02", scaled(conv("a"), Dense(name="d"), *head())),
    ("S02", chain(Conv1D(name="a", filters=4), Dense(name="d"), *head(), shape=(30, 2))),
    ("S03", scaled(conv("a"), MaxPooling2D(name="p"), Add(name="s", inputs=("a", "p")), *head())),
    ("S03", scaled(conv("a"), conv("b", 16), Add(name="s", inputs=("a", "b")), *head())),
    ("S03", scaled(conv("a"), MaxPooling2D(name="p"), Concatenate(name="s", inputs=("p", "a")), *head())),
    ("S03", scaled(conv("a"), Add(name="s"), *head())),
    ("S03", scaled(conv("a"), conv("b"), conv("c", inputs=("a", "b")), *head())),
    ("S04", scaled(conv("a", kernel_size=(4, 4), padding="valid"), MaxPooling2D(name="p"), *head())),
    ("S04", scaled(conv("a", strides=(2, 2), padding="valid"), *head())),
    ("S04", scaled(conv("a"), MaxPooling2D(name="p", pool_size=(2, 2), strides=(3, 3)), *head())),
    (
        "S05",
        scaled(
            conv("a", 64, kernel_size=(9, 9)),
            Flatten(name="f"),
            Dense(name="d", units=64),
            Dense(name="out", units=10),
        ),
    ),
    ("S06", scaled(conv("a"), conv("b"), conv("c", inputs=("a",)), *head())),
    ("S06", scaled(conv("a"), conv("b"), ReLU(name="r"), conv("c", inputs=("a",)), *head())),
    ("S07", scaled(conv("a"), Flatten(name="f"), conv("b"), *head())),
    ("S07", scaled(Dense(name="d", inputs=()), Flatten(name="f"), conv("b"))),
    ("S07", scaled(Conv1D(name="a", filters=4), *head())),
    ("S07", chain(conv("a"), *head(), shape=(30, 2))),
    ("S08", scaled(conv("a"), conv("b", 9, groups=3), *head())),
    ("S08", scaled(conv("a", strides=(2, 2), dilation_rate=(2, 2)), *head())),
    ("C03", scaled(conv("a", activation="linear"), conv("b"), *head())),
    ("C03", scaled(conv("a", activation="linear"), Dropout(name="d"), *head())),
    ("C03", scaled(conv("a"), Flatten(name="f"), Dense(name="d", activation="linear"), *head()[1:])),
    ("C03", scaled(conv("a", activation="linear"), AveragePooling2D(name="p"), *head())),
    ("C04", chain(conv("a"), *head())),
    ("C04", scaled(Rescaling(name="again"), conv("a"), *head())),
    ("C04", chain(ZeroPadding2D(name="z"), conv("a"), conv("b", inputs=("input",)), *head())),
    ("C05", with_batch(scaled(conv("a"), *head()), 9_000)),
    ("C05", scaled(conv("a"), *head()).with_data(DataChoice(split=Split(validation_share=0.00001)))),
    ("C06", scaled(conv("a", activation="linear"), BatchNormalization(name="n"), ReLU(name="r"), *head())),
    ("C06", with_batch(scaled(conv("a"), BatchNormalization(name="n"), *head()), 4)),
    ("C07", scaled(conv("a"), Dropout(name="d"), conv("b"), BatchNormalization(name="n"), *head())),
    ("C03", scaled(conv("a", activation="linear"), *pooled_head())),
    ("C07", scaled(conv("a"), SpatialDropout2D(name="d"), conv("b"), BatchNormalization(name="n"), *head())),
    ("C07", scaled(conv("a"), GaussianDropout(name="d"), conv("b"), BatchNormalization(name="n"), *head())),
    (
        "C07",
        chain(
            Conv1D(name="a", filters=4),
            SpatialDropout1D(name="d"),
            BatchNormalization(name="n"),
            *head(),
            shape=(30, 2),
        ),
    ),
    ("C09", scaled(*(conv(f"c{i}", kernel_size=(9, 9)) for i in range(8)), *head())),
    ("C10", scaled(conv("a"), Flatten(name="f"), Dropout(name="d", rate=0.8), head()[1])),
    ("C10", scaled(conv("a"), SpatialDropout2D(name="d", rate=0.7), *head())),
    ("C10", scaled(conv("a"), *head(), Dropout(name="d", rate=0.2))),
    ("C10", scaled(conv("a", activation="softmax"), *head())),
    ("C10", scaled(conv("a"), Softmax(name="s"), *head())),
    ("C11", scaled(conv("a"), conv("b", trainable=False), *head())),
]


@pytest.mark.parametrize(("code", "project"), FAULTY, ids=[f"{c}-{i}" for i, (c, _) in enumerate(FAULTY)])
def test_each_fix_makes_its_finding_go_away_and_breaks_no_shape(code: str, project: Project) -> None:
    findings = found(project, code)
    assert findings
    broken = {finding.layer for finding in analyze(project.network).findings}
    for finding in findings:
        assert finding.fixes
        for fix in finding.fixes:
            mended = fix.apply(project)
            left = [(one.code, one.layer) for one in found(mended, code)]
            assert (code, finding.layer) not in left or finding.layer is None, fix.label
            assert finding not in found(mended, code), fix.label
            still = {one.layer for one in analyze(mended.network).findings}
            assert finding.layer not in still, fix.label
            assert broken or not still, fix.label


SOUND: list[tuple[str, Project]] = [
    ("S02", scaled(conv("a"), *head())),
    # Squeeze and excite, with the axes kept.
    (
        "S02",
        scaled(
            conv("a"),
            GlobalAveragePooling2D(name="q", keepdims=True),
            Dense(name="d1", units=4, activation="relu"),
            Dense(name="d2", units=8, activation="sigmoid"),
            Multiply(name="m", inputs=("a", "d2")),
            *pooled_head(),
        ),
    ),
    (
        "S02",
        chain(
            Conv1D(name="a", filters=4),
            Dense(name="d", units=8, activation="relu"),
            GlobalAveragePooling1D(name="g"),
            Dense(name="out", units=10, activation="softmax"),
            shape=(30, 2),
        ),
    ),
    # An inverted bottleneck of Dense layers, as ConvNeXt has it.
    (
        "S02",
        scaled(
            conv("a"),
            Dense(name="d1", units=32, activation="gelu"),
            Dense(name="d2", units=8),
            Add(name="s", inputs=("a", "d2")),
            *pooled_head(),
        ),
    ),
    ("S04", scaled(conv("a"), MaxPooling2D(name="p"), *head())),
    (
        "S04",
        scaled(conv("a", kernel_size=(1, 1), strides=(2, 2), padding="valid"), *head(), shape=(29, 29, 1)),
    ),
    (
        "S04",
        scaled(
            ZeroPadding2D(name="z"), conv("a", strides=(2, 2), padding="valid"), *head(), shape=(28, 28, 1)
        ),
    ),
    ("S05", scaled(conv("a"), *head())),
    ("S05", scaled(Flatten(name="f"), Dense(name="d", units=500), *head()[1:])),
    ("S06", scaled(conv("a"), conv("b"), Add(name="s", inputs=("a", "b")), *head())),
    ("C03", scaled(conv("a", activation="linear"), ReLU(name="r"), *head())),
    ("C03", scaled(conv("a", activation="linear"), BatchNormalization(name="n"), conv("b"), *head())),
    ("C03", scaled(conv("a", activation="linear"), MaxPooling2D(name="p"), conv("b"), *head())),
    ("C03", scaled(conv("a"), conv("b", activation="linear"), Add(name="s", inputs=("a", "b")), *head())),
    ("C03", scaled(DepthwiseConv2D(name="a", activation="linear"), conv("b"), *head())),
    # Downsampling without an activation, in front of a depthwise convolution.
    ("C03", scaled(conv("a", activation="linear", strides=(2, 2)), DepthwiseConv2D(name="b"), *head())),
    ("C03", scaled(conv("a", 8, "linear"), conv("b", 8, groups=8), *head())),
    ("C03", scaled(conv("a", activation="linear"), GlobalMaxPooling2D(name="g"), *head()[1:])),
    ("C03", scaled(conv("a"), *head()[:1], Dense(name="out", units=10, activation="linear"))),
    ("C04", scaled(conv("a"), *head())),
    ("C04", chain(BatchNormalization(name="n"), conv("a"), *head())),
    ("C04", chain(Rescaling(name="r", scale=1 / 127.5, offset=-1.0), conv("a"), *head())),
    ("C05", with_batch(scaled(conv("a"), *head()), 8_000)),
    ("C06", scaled(conv("a"), BatchNormalization(name="n"), *head())),
    ("C06", scaled(conv("a", activation="linear"), GroupNormalization(name="n", groups=4), *head())),
    # The normalization takes the bias away again, and the sum does not.
    (
        "C06",
        scaled(
            conv("a", activation="linear"),
            BatchNormalization(name="n"),
            Add(name="s", inputs=("a", "n")),
            *head(),
        ),
    ),
    # It keeps mean and spread.
    ("C07", scaled(conv("a"), AlphaDropout(name="d"), conv("b"), BatchNormalization(name="n"), *head())),
    ("C07", scaled(conv("a"), SpatialDropout2D(name="d", rate=0.0), BatchNormalization(name="n"), *head())),
    ("C09", scaled(conv("a"), conv("b"), *head())),
    ("C09", scaled(conv("a", kernel_size=(9, 9)), *pooled_head())),
    ("C10", scaled(conv("a"), Dropout(name="d", rate=0.5), *head())),
    ("C10", scaled(conv("a"), *head()[:1], Dense(name="out"), Softmax(name="s"))),
    (
        "C10",
        scaled(
            conv("a"),
            conv("w", activation="softmax"),
            Multiply(name="m", inputs=("a", "w")),
            conv("b"),
            *head(),
        ),
    ),
]


@pytest.mark.parametrize(("code", "project"), SOUND, ids=[f"{c}-{i}" for i, (c, _) in enumerate(SOUND)])
def test_a_rule_keeps_quiet_about_what_is_sound(code: str, project: Project) -> None:
    assert found(project, code) == []


def test_a_few_images_and_a_normalization_do_not_send_each_other_in_circles() -> None:
    """20 images, a batch of 32: C05 said a batch of 1, C06 one of 32, C05 one of 1 ..."""
    few = replace(DIGITS, train_count=20)
    project = with_batch(scaled(conv("a"), BatchNormalization(name="n"), *head()), 32)
    (finding,) = found(project, "C05", few)
    mended = finding.fixes[0].apply(project)
    assert mended.training.batch_size == 8
    assert found(mended, "C05", few) == found(mended, "C06", few) == []


@pytest.mark.parametrize(("images", "batch"), [(20, 8), (12, 8), (8, 4), (5, 4), (100, 8), (1_000, 64)])
def test_no_batch_of_one_is_advised_where_there_are_more_images(images: int, batch: int) -> None:
    few = replace(DIGITS, train_count=images)
    project = with_batch(scaled(conv("a"), *head()), 4_096)
    (finding,) = found(project, "C05", few)
    assert [fix.label for fix in finding.fixes] == [f"Use a batch of {batch}"]


def test_trained_weights_keep_their_biases_and_the_scale_they_were_trained_with() -> None:
    layers = (conv("a", activation="linear"), BatchNormalization(name="n"), ReLU(name="r"), *head())
    project = chain(*layers)
    assert found(project, "C06") != []
    assert found(project, "C04") != []
    trained = project.with_training(TrainingSettings(start_from="/there.h5"))
    assert found(trained, "C06") == found(trained, "C04") == []
    # The included ones were trained on pixels from 0 to 1.
    included = project.with_training(TrainingSettings(start_from="included:clothes"))
    assert found(included, "C04") != []


def test_a_normalization_that_cannot_have_larger_batches_is_offered_one_by_groups() -> None:
    project = with_batch(scaled(conv("a", 12), BatchNormalization(name="n"), *head()), 2)
    fix = found(project, "C06", replace(DIGITS, train_count=6))[0].fixes[0]
    assert fix.label == "Use GroupNormalization"
    mended = fix.apply(project)
    assert vars(mended.network.layer("n"))["groups"] == 4
    assert analyze(mended.network).findings == ()


def test_a_layer_for_maps_below_a_flatten_is_told_where_it_belongs() -> None:
    project = scaled(Flatten(name="f"), Dense(name="d"), conv("b"))
    (finding,) = found(project, "S07")
    assert "Put it above the layer that made a list of the map" in finding.message
    assert [fix.label for fix in finding.fixes] == ["Move b above f"]
    assert [layer.name for layer in finding.fixes[0].apply(project).network.layers][2:] == ["b", "f", "d"]
    (finding,) = found(scaled(Conv1D(name="a", filters=4), *head()), "S07")
    assert "Use a 2-D layer here." in finding.message


def test_a_pool_where_nothing_is_left_to_pool_is_only_removed() -> None:
    layers = (MaxPooling2D(name="p", pool_size=(28, 28)), MaxPooling2D(name="q"))
    (finding,) = found(scaled(conv("a"), *layers, *head()), "S01")
    assert [fix.label for fix in finding.fixes] == ["Remove q"]


def test_classes_of_very_different_sizes_are_told_with_what_always_one_answer_would_reach() -> None:
    facts = replace(
        DIGITS, class_names=("cat", "dog", "eel"), class_counts=((190, 0, 9), (4, 0, 1), (2, 0, 1))
    )
    (finding,) = found(scaled(conv("a"), *head(3)), "C14", facts)
    assert finding.severity == "warning"
    assert "190 images of 'cat' and 2 of 'eel'" in finding.message
    assert "right for 97%" in finding.why
    fewer = replace(facts, class_counts=((12, 0, 0), (4, 0, 0), (4, 0, 0)))
    assert [one.severity for one in found(scaled(*head(3)), "C14", fewer)] == ["advice"]
    for counts in (((11, 0, 0), (4, 0, 0), (4, 0, 0)), (), ((5, 0, 0), (5, 0, 0), (5, 0, 0))):
        assert found(scaled(*head(3)), "C14", replace(facts, class_counts=counts)) == []


def test_frozen_layers_are_no_fault_where_training_starts_from_trained_weights() -> None:
    project = scaled(conv("a", trainable=False), *head())
    assert found(project.with_training(TrainingSettings(start_from="/there.h5")), "C11") == []


def test_all_frozen_layers_make_one_finding_and_are_mended_together() -> None:
    project = scaled(conv("a"), conv("b", trainable=False), conv("c", trainable=False), *head())
    (finding,) = found(project, "C11")
    assert (finding.layer, finding.message[:28]) == ("b", "This layer and 1 other are f")
    mended = finding.fixes[0].apply(project)
    assert all(layer.trainable for layer in mended.network.layers)


def test_a_frozen_layer_without_weights_keeps_nothing_from_learning() -> None:
    assert found(scaled(conv("a"), MaxPooling2D(name="p", trainable=False), *head()), "C11") == []


def test_unseen_columns_are_counted() -> None:
    pool = MaxPooling2D(name="p", pool_size=(3, 3))
    (finding,) = found(scaled(conv("a"), pool, *head(), shape=(29, 31, 1)), "S04", None)
    assert "never sees the last 2 rows and the last column of each 29 x 31 map" in finding.message
    assert finding.severity == "advice"


def test_a_heavy_dense_is_told_what_global_pooling_would_leave() -> None:
    seen = conv("a", 64, kernel_size=(9, 9))
    project = scaled(seen, Flatten(name="f"), Dense(name="d", units=64), Dense(name="out", units=10))
    (finding,) = found(project, "S05")
    mended = finding.fixes[0].apply(project)
    assert f"would leave {analyze(mended.network).totals.parameters:,}" in finding.message


def test_branches_of_other_sizes_are_told_with_the_layers_that_made_the_sizes() -> None:
    valid = conv("conv1", kernel_size=(4, 4), padding="valid")
    project = scaled(
        valid, MaxPooling2D(name="pool1"), ReLU(name="r"), Add(name="s", inputs=("r", "conv1")), *head()
    )
    (finding,) = found(project, "S03")
    assert "12 was made by pool1: 25 / 2 rounded down." in finding.message
    assert "25 was made by conv1: 28 - 4 + 1." in finding.message


def test_memory_is_compared_with_what_is_free_and_the_batch_that_fits_is_offered() -> None:
    project = with_batch(scaled(conv("a", 64), *pooled_head()), 4096)
    (finding,) = found(project, "C08", free=100_000_000)
    mended = finding.fixes[0].apply(project)
    assert found(mended, "C08", free=100_000_000) == []
    doubled = with_batch(mended, mended.training.batch_size * 2)
    assert found(doubled, "C08", free=100_000_000)


def test_memory_is_not_judged_when_nobody_measured_it() -> None:
    assert found(with_batch(scaled(conv("a", 64), *pooled_head()), 65_536), "C08") == []


def test_no_batch_is_offered_when_not_even_one_image_fits() -> None:
    (finding,) = found(scaled(conv("a", 64), *pooled_head()), "C08", free=1_000)
    assert finding.fixes == ()
    assert "smaller" in finding.message


def test_a_global_pooling_over_small_patches_is_told() -> None:
    (finding,) = found(scaled(conv("a"), *pooled_head(), shape=(64, 64, 3)), "C09", PHOTOS)
    assert "see 3 of 64 pixels" in finding.message


def test_all_idle_biases_make_one_finding() -> None:
    layers = [
        layer
        for i in range(3)
        for layer in (
            conv(f"c{i}", activation="linear"),
            BatchNormalization(name=f"n{i}"),
            ReLU(name=f"r{i}"),
        )
    ]
    (finding,) = found(scaled(*layers, *head()), "C06")
    assert finding.message.startswith("The bias of c0 and 2 more layers")
    assert finding.severity == "advice"


def test_a_layer_of_its_own_that_ends_with_softmax_fits_cross_entropy() -> None:
    project = scaled(conv("a"), Flatten(name="f"), Dense(name="d", units=10, activation="linear"))
    ending = project.with_network(project.network.inserted(9, Softmax(name="s")))
    assert found(ending, "C02") == []
    (finding,) = found(project, "C02")
    assert found(finding.fixes[0].apply(project), "C02") == []


def test_a_softmax_layer_before_a_loss_from_logits_becomes_linear() -> None:
    project = scaled(Flatten(name="f"), Dense(name="d", units=10, activation="linear"), Softmax(name="s"))
    project = project.with_training(TrainingSettings(from_logits=True))
    (finding,) = found(project, "C02")
    mended = finding.fixes[0].apply(project)
    assert mended.network.layer("s") == Activation(name="s", activation="linear")
    assert found(mended, "C02") == []


def test_settings_that_tensorflow_will_not_compute_are_told() -> None:
    project = scaled(
        Conv2DTranspose(name="up", kernel_size=(2, 2), strides=(2, 2), output_padding=(0, 0)), *head()
    )
    (finding,) = found(project, "S08")
    assert finding.severity == "warning"
    assert found(finding.fixes[0].apply(project), "S08") == []


def test_small_data_can_still_hold_out_an_image() -> None:
    few = replace(DIGITS, train_count=3)
    project = scaled(conv("a"), *head()).with_data(DataChoice(split=Split(validation_share=0.1)))
    mended = found(project, "C05", few)[-1].fixes[0].apply(project)
    assert all("holds out none" not in one.message for one in found(mended, "C05", few))


@pytest.mark.parametrize(("share", "batch"), [(0.00001, 1), (0.2, 20)])
def test_nothing_is_held_out_beside_a_validation_part(share: float, batch: int) -> None:
    project = scaled(conv("a"), *head()).with_data(DataChoice(split=Split(validation_share=share)))
    project = project.with_training(project.training.model_copy(update={"batch_size": batch}))
    whole = replace(DIGITS, train_count=20)
    assert found(project, "C05", whole) != []
    assert found(project, "C05", replace(whole, validation_count=5)) == []


def test_a_dropout_above_several_normalizations_is_told_once() -> None:
    layers = [conv("a"), Dropout(name="d"), conv("b"), BatchNormalization(name="n"), conv("c")]
    project = scaled(*layers, BatchNormalization(name="m"), *head())
    (finding,) = found(project, "C07")
    assert (finding.layer, found(finding.fixes[0].apply(project), "C07")) == ("n", [])


def test_stochastic_depth_is_no_disharmony() -> None:
    drop = Dropout(name="d", noise_shape=(None, 1, 1, 1))
    project = scaled(conv("a"), drop, conv("b"), BatchNormalization(name="n"), *head())
    assert found(project, "C07") == []


def test_a_squeeze_in_the_middle_is_no_global_pooling_at_the_end() -> None:
    squeeze = GlobalAveragePooling2D(name="q", keepdims=True)
    gate = conv("g", activation="sigmoid", kernel_size=(1, 1))
    join = Multiply(name="m", inputs=("a", "g"))
    project = scaled(conv("a"), squeeze, gate, join, *pooled_head(), shape=(64, 64, 3))
    assert found(project, "C09", PHOTOS) == []


def test_data_without_images_is_no_reason_to_stumble() -> None:
    project = scaled(conv("a"), *head())
    assert found(project, "C05", replace(DIGITS, train_count=0)) == []


def test_every_finding_says_why() -> None:
    for _, project in FAULTY:
        for finding in run_checks(project, analyze(project.network), DIGITS):
            assert finding.message.endswith(".")
            assert finding.why or finding.code == "S03"


def test_a_network_of_volumes_is_told_which_data_are_missing() -> None:
    project = chain(Conv3D(name="c"), GlobalAveragePooling3D(name="g"), shape=(8, 16, 16, 1))
    found_ones = run_checks(project, analyze(project.network), DIGITS, 1)
    (finding,) = [one for one in found_ones if one.code == "C01" and "volumes" in one.message]
    assert "takes volumes or films of 8 x 16 x 16 x 1" in finding.message
    assert "data of that kind are missing" in finding.message
    assert finding.fixes == ()
