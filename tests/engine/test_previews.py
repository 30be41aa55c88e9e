"""Pictures inside the blocks: what one sample looks like after each layer."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnstudio.core.analysis import Analysis, analyze
from cnnstudio.core.layers import LAYER_TYPES, CustomLayer, Input, Layer, RandomFlip, Rescaling
from cnnstudio.core.network import Network
from cnnstudio.core.project.data import DataChoice
from cnnstudio.engine.data.images import Pixels
from cnnstudio.engine.interpret.previews import Limits, Preview, Previewer, Request
from cnnstudio.engine.interpret.previews.applying import Applied, apply_layer
from cnnstudio.engine.interpret.previews.picture import LONGEST, SIDE, preview_of
from cnnstudio.engine.keras.library import load_keras
from cnnstudio.engine.keras.model import build_model
from cnnstudio.engine.training.checkpoints import save_weights
from tests.core.pictures import stack
from tests.engine.small import DIGITS, first_digit

CHOICE = DIGITS
SMALL = "c1=conv(4,3,same) p1=maxpool c2=conv(6,3) f=flatten d=dense(5,relu)"


class Counting:
    """Applies layers as usual and remembers which."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, layer: Layer, *rest: Any) -> Applied:
        self.names.append(layer.name)
        return apply_layer(layer, *rest)


def noise(shape: tuple[int, ...]) -> Callable[[DataChoice], Pixels]:
    """Gives noise of this shape as the first training sample."""
    pixels = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    return lambda _choice: pixels


def previewer(counting: Counting | None = None, limits: Limits | None = None) -> Previewer:
    return Previewer(limits, counting or apply_layer, first_digit)


def pictures(maker: Previewer, network: Network, weights: Path | None = None) -> dict[str, Preview]:
    found = maker.pictures(Request(analyze(network), CHOICE, weights))
    assert found is not None
    return found


def same(left: dict[str, Preview], right: dict[str, Preview]) -> bool:
    return left.keys() == right.keys() and all(_same(left[name], right[name]) for name in left)


def _same(left: Preview, right: Preview) -> bool:
    return (
        np.array_equal(left.values, right.values)
        and np.array_equal(left.maps, right.maps)
        and (left.kind, left.count, left.limits, left.sources)
        == (right.kind, right.count, right.limits, right.sources)
    )


def trained_model(network: Network, folder: Path) -> tuple[Any, Path]:
    """A model with weights of noise, which no initializer would draw, and the file they are in."""
    model = build_model(network)
    draw = np.random.default_rng(2)
    model.set_weights([draw.uniform(0.1, 0.6, weight.shape) for weight in model.get_weights()])
    path = folder / "best.weights.h5"
    save_weights(model, path, 1)
    return model, path


def outputs_of(model: Any, sample: NDArray[Any]) -> dict[str, NDArray[Any]]:
    keras = load_keras()
    parts = keras.Model(model.inputs, [layer.output for layer in model.layers])
    found = parts.predict(sample[np.newaxis].astype(np.float32), verbose=0)
    return {layer.name: values[0] for layer, values in zip(model.layers, found, strict=True)}


@pytest.mark.parametrize(
    "picture",
    [
        f"rescale {SMALL}",
        "c1=conv(4) bn dropout c2=conv(4) sum=add<-c1,c2 r=relu both=concat<-r,c1 gap dense(3)",
    ],
)
def test_pictures_are_the_outputs_keras_has_for_the_same_weights(picture: str, tmp_path: Path) -> None:
    network = stack(picture)
    model, path = trained_model(network, tmp_path)
    expected = outputs_of(model, first_digit(CHOICE))
    found = pictures(previewer(), network, path)
    compared = 0
    for name, values in expected.items():
        if name == network.input.name:
            continue
        shown = found[name]
        assert shown.count == (values.size if values.ndim == 1 else values.shape[-1])
        if shown.kind == "map":
            assert shown.maps == pytest.approx(np.moveaxis(values[..., :4], -1, 0), rel=1e-4, abs=1e-5)
            values = values.mean(axis=-1) if shown.is_mean else values[..., 0]
        assert shown.limits == pytest.approx((values.min(), values.max()), rel=1e-4, abs=1e-5)
        if values.size <= LONGEST or values.ndim > 1:
            assert shown.values == pytest.approx(values.reshape(shown.values.shape), rel=1e-4, abs=1e-5)
        compared += 1
    assert compared == len(network.layers) - 1


def _ways_to_stand(kind: type[Layer]) -> list[Network]:
    """Networks in which a layer of that type has a shape, with the settings it needs."""
    needed: dict[str, dict[str, Any]] = {"GroupNormalization": {"groups": 3}}
    found = []
    for shape in ((12, 12, 3), (12, 3), (12,), (6, 8, 8, 3)):
        layers = (Input(name="input", shape=shape), Rescaling(name="scale"))
        settings = {"inputs": ("input", "scale")} if kind.merges else {}
        settings.update(needed.get(kind.__name__, {}))
        layer = kind.model_validate({"name": "layer", **settings})
        network = Network(layers=(*layers, layer))
        if not analyze(network).findings:
            found.append(network)
    return found


@pytest.mark.parametrize(
    "kind", [kind for kind in LAYER_TYPES if kind not in (Input, CustomLayer)], ids=lambda kind: kind.__name__
)
def test_every_type_of_layer_has_a_picture_of_what_is_flat(kind: type[Layer]) -> None:
    networks = _ways_to_stand(kind)
    assert networks
    for network in networks:
        maker = Previewer(first_image=noise(tuple(size or 1 for size in network.input_shape)))
        shape = analyze(network).rows[-1].output_shape
        assert shape is not None
        shown = pictures(maker, network).get("layer")
        if len(shape) > 3:
            assert shown is None  # a volume has no picture
            continue
        assert shown is not None
        assert {3: ("map", "image"), 2: ("sequence",), 1: ("features",)}[len(shape)].count(shown.kind) == 1
        assert shown.count == shape[-1]


def test_what_was_kept_gives_the_same_pictures_as_starting_anew() -> None:
    maker, before = previewer(), stack(SMALL)
    conv, dense = before.layer("c2"), before.layer("d")
    edits = (
        before,
        before.replaced("c2", conv.updated(kernel_size=(5, 5))),
        before.removed("p1"),
        before.renamed("c1", "first").replaced("d", dense.updated(units=3)),
        before.inserted(2, Rescaling(name="half", scale=0.5)),
    )
    assert all(same(pictures(maker, network), pictures(previewer(), network)) for network in edits)


def test_only_a_changed_layer_and_those_below_it_are_worked_out_anew() -> None:
    counting = Counting()
    maker, network = previewer(counting), stack(SMALL)
    first = pictures(maker, network)
    assert counting.names == ["c1", "p1", "c2", "f", "d"]
    counting.names.clear()
    second = pictures(maker, network.replaced("c2", network.layer("c2").updated(kernel_size=(5, 5))))
    assert counting.names == ["c2", "f", "d"]
    assert all(second[name] is first[name] for name in ("input", "c1", "p1"))
    assert not np.array_equal(second["c2"].values, first["c2"].values)


def test_a_branch_beside_the_change_is_left_alone() -> None:
    counting = Counting()
    maker = previewer(counting)
    network = stack("c1=conv(4,3,same) c2=conv(4,3,same) c3=conv(4,3,same)<-c1 sum=add<-c2,c3")
    pictures(maker, network)
    counting.names.clear()
    pictures(maker, network.replaced("c2", network.layer("c2").updated(activation="tanh")))
    assert counting.names == ["c2", "sum"]


def test_a_layer_with_the_same_weights_is_not_made_again_where_there_is_room() -> None:
    made: list[tuple[str, bool]] = []

    def watched(layer: Layer, arriving: Any, read: Any, earlier: Any) -> Applied:
        made.append((layer.name, earlier is not None))
        return apply_layer(layer, arriving, read, earlier)

    network = stack("c1=conv(4,3,same) c2=conv(4,3,same) c3=conv(4,3,same) p=maxpool")
    edited = network.replaced("c1", network.layer("c1").updated(activation="tanh"))
    # The weights of c1 (40) and c2 (148) may stay.
    maker = Previewer(Limits(built=200), watched, first_digit)
    pictures(maker, network)
    made.clear()
    found = pictures(maker, edited)
    assert made == [("c1", False), ("c2", True), ("c3", False), ("p", True)]
    assert same(found, pictures(previewer(), edited))


def test_a_change_that_changes_no_number_stops_at_its_layer() -> None:
    counting = Counting()
    maker, network = previewer(counting), stack("conv(4) drop=dropout flatten dense(3)")
    pictures(maker, network)
    counting.names.clear()
    pictures(maker, network.replaced("drop", network.layer("drop").updated(rate=0.7)))
    assert counting.names == ["drop"]


def test_fresh_weights_follow_from_the_name_of_the_layer() -> None:
    alone = pictures(previewer(), stack("c=conv(4,3,same)"))
    beside = pictures(previewer(), stack("other=conv(2) c=conv(4,3,same)<-input"))
    named = pictures(previewer(), stack("d=conv(4,3,same)"))
    assert np.array_equal(alone["c"].values, beside["c"].values)
    assert not np.array_equal(alone["c"].values, named["d"].values)


def test_pictures_take_no_number_from_the_generators_a_training_draws_from() -> None:
    def drawn(with_pictures: bool) -> tuple[float, float, float]:
        import tensorflow as tf

        load_keras().utils.set_random_seed(3)
        if with_pictures:
            layers = stack("conv(4,3,same) bn dropout flatten dense(3)").inserted(1, RandomFlip(name="flip"))
            assert "flip" in pictures(previewer(), layers)
        return random.random(), float(np.random.rand()), float(tf.random.uniform(()))

    assert drawn(with_pictures=True) == drawn(with_pictures=False)


def test_weights_are_those_of_the_run_where_name_and_shape_match(tmp_path: Path) -> None:
    trained = stack("c1=conv(4,3,same) c2=conv(4,3) flatten d=dense(3)")
    _, path = trained_model(trained, tmp_path)
    network = trained.replaced("c2", trained.layer("c2").updated(kernel_size=(5, 5)))
    found = pictures(previewer(), network, path)
    assert found["input"].sources == frozenset()
    assert found["c1"].sources == {"trained"}
    assert found["c2"].sources == {"trained", "untrained"}
    fresh = pictures(previewer(), network)
    assert fresh["c1"].sources == {"untrained"}
    assert not np.array_equal(fresh["c1"].values, found["c1"].values)


def test_new_weights_in_the_same_file_change_the_pictures_and_losing_them_too(tmp_path: Path) -> None:
    network = stack("c1=conv(4,3,same)")
    model, path = trained_model(network, tmp_path)
    maker = previewer()
    before = pictures(maker, network, path)
    model.set_weights([weight * 2 for weight in model.get_weights()])
    save_weights(model, path, 1)
    assert pictures(maker, network, path)["c1"].limits[1] > 1.5 * before["c1"].limits[1]
    path.write_bytes(path.read_bytes()[:100])
    assert pictures(maker, network, path)["c1"].sources == {"untrained"}
    path.unlink()
    assert pictures(maker, network, path)["c1"].sources == {"untrained"}


def test_a_layer_whose_name_keras_does_not_take_still_finds_its_weights(tmp_path: Path) -> None:
    network = stack("c1=conv(4,3,same)").renamed("c1", "first layer")
    _, path = trained_model(network, tmp_path)
    assert pictures(previewer(), network, path)["first layer"].sources == {"trained"}


def test_above_a_break_there_are_pictures_and_below_it_none() -> None:
    network = stack("c1=conv(4,3) c2=conv(4,40,valid) gap dense(3)")
    assert set(pictures(previewer(), network)) == {"input", "c1"}


def test_a_layer_keras_fails_on_has_no_picture_and_the_others_have() -> None:
    def failing(layer: Layer, *rest: Any) -> Applied:
        if layer.name == "p1":
            raise RuntimeError("no kernel for this")
        return apply_layer(layer, *rest)

    maker = Previewer(apply=failing, first_image=first_digit)
    assert set(pictures(maker, stack(SMALL))) == {"input", "c1"}


@pytest.mark.parametrize(
    ("limits", "shown"),
    [
        (Limits(weights=100), {"input", "c1", "p1"}),
        (Limits(macs=50_000), {"input", "c1", "p1"}),
        (Limits(kept=28 * 28 * 4), {"input", "c1"}),
        (Limits(seconds=-1.0), {"input"}),
    ],
)
def test_layers_beyond_the_limits_have_no_picture(limits: Limits, shown: set[str]) -> None:
    assert set(pictures(previewer(limits=limits), stack(SMALL))) == shown


def test_stopped_in_the_middle_it_says_nothing_and_goes_on_from_there() -> None:
    counting = Counting()
    maker, network = previewer(counting), stack(SMALL)
    request = Request(analyze(network), CHOICE)
    assert maker.pictures(request, lambda: counting.names[-1:] == ["p1"]) is None
    assert maker.pictures(request) is not None
    assert counting.names == ["c1", "p1", "c2", "f", "d"]


@pytest.mark.parametrize(
    ("shape", "fits"), [((32, 32, 1), False), ((28, 28), False), ((None, None, 1), True)]
)
def test_the_sample_has_to_fit_the_input(shape: tuple[int | None, ...], fits: bool) -> None:
    network = Network(layers=(Input(name="input", shape=shape), Rescaling(name="scale")))
    assert set(pictures(previewer(), network)) == ({"input", "scale"} if fits else set())


def test_augmentation_shows_one_draw_and_hands_the_image_on_as_it_is() -> None:
    flip = RandomFlip(name="turn", mode="horizontal_and_vertical")
    network = stack("rescale").inserted(1, flip)
    shown = [pictures(previewer(), network.renamed("turn", f"turn{n}")) for n in range(6)]
    assert all(found[f"turn{n}"].is_example for n, found in enumerate(shown))
    assert any(not np.array_equal(f[f"turn{n}"].values, f["input"].values) for n, f in enumerate(shown))
    for found in shown:
        assert found["rescale1"].values * 255 == pytest.approx(found["input"].values, abs=1e-3)


def test_an_image_stays_one_until_weights_touch_it() -> None:
    network = stack("rescale conv(4,3,same) flatten", shape=(12, 12, 3))
    found = pictures(Previewer(first_image=noise((12, 12, 3))), network)
    assert [found[row.name].kind for row in analyze(network).rows] == ["image", "image", "map", "features"]
    assert found["input"].values.shape == (12, 12, 3)


def test_large_maps_are_shrunk_to_means_and_keep_their_range() -> None:
    values = np.random.default_rng(0).normal(size=(2 * SIDE, 3 * SIDE, 2)).astype(np.float32)
    shown = preview_of(values, frozenset())
    assert shown is not None
    mean = values.mean(axis=-1)
    assert shown.values == pytest.approx(mean.reshape(SIDE, 2, SIDE, 3).mean(axis=(1, 3)), abs=1e-5)
    assert shown.limits == pytest.approx((mean.min(), mean.max()))


def test_where_the_mean_says_nothing_the_first_map_is_shown() -> None:
    ramp = np.linspace(0, 1, 16, dtype=np.float32).reshape(4, 4)
    shown = preview_of(np.stack([ramp, 1 - ramp], axis=-1), frozenset({"untrained"}))
    assert shown is not None
    assert not shown.is_mean
    assert np.array_equal(shown.values, ramp)


def test_numbers_that_are_not_finite_do_not_spoil_the_range() -> None:
    values = np.array([1.0, np.nan, -2.0, np.inf], np.float32)
    shown = preview_of(values, frozenset())
    assert shown is not None
    assert shown.limits == (-2.0, 1.0)
    nothing = preview_of(np.array([np.nan], np.float32), frozenset())
    assert nothing is not None
    assert nothing.limits == (0.0, 0.0)


def test_with_an_open_input_nothing_is_worked_out_twice_either() -> None:
    counting = Counting()
    maker = previewer(counting)
    network = stack("conv(4,3,same) conv(4,3,same) gap", shape=(None, None, 1))
    first: Analysis = analyze(network)
    assert maker.pictures(Request(first, CHOICE)) is not None
    counting.names.clear()
    assert maker.pictures(Request(first, CHOICE)) is not None
    assert counting.names == []
