import hashlib

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from cnnstudio.engine.data.drawing import CLASS_NAMES, SIDE, TEST_COUNT, TEST_SEED, TRAIN_COUNT, TRAIN_SEED
from cnnstudio.engine.data.drawing.draws import Draws
from cnnstudio.engine.data.drawing.shapes import SIZES, DrawnShapes, draw_shapes
from cnnstudio.engine.data.drawing.textures import lightness
from cnnstudio.engine.training.stopping import StopRequested

CLASSES = len(CLASS_NAMES)


@pytest.fixture(scope="module")
def drawn() -> DrawnShapes:
    return draw_shapes(TRAIN_COUNT, TRAIN_SEED)


def _distance_of_means(values: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """How far the means of the classes lie apart, in standard deviations of all values."""
    means = [values[labels == number].mean() for number in range(CLASSES)]
    return float((max(means) - min(means)) / values.std())


def _looks(drawn: DrawnShapes, *, of_shape: bool) -> NDArray[np.float64]:
    """The mean red, green and blue of each shape or each ground, and their deviation; edges left out."""
    wanted = np.pad((drawn.masks > 0) == of_shape, ((0, 0), (1, 1), (1, 1)))
    inner = np.asarray(sliding_window_view(wanted, (3, 3), (1, 2)).all(axis=(3, 4)))
    parts = [pixels[chosen] for pixels, chosen in zip(drawn.pixels, inner, strict=True)]
    return np.array([[*part.mean(axis=0), part.std(axis=0).mean()] for part in parts])


def _extents(drawn: DrawnShapes) -> NDArray[np.float64]:
    """The mean of width and height of each shape, in pixels."""
    places = [np.argwhere(mask) for mask in drawn.masks]
    return np.array([np.mean(np.ptp(place, axis=0) + 1) for place in places])


def test_pictures_labels_and_masks_have_the_promised_form() -> None:
    drawn = draw_shapes(50, 7)
    assert drawn.pixels.shape == (50, SIDE, SIDE, 3)
    assert drawn.labels.shape == (50,)
    assert drawn.masks.shape == (50, SIDE, SIDE)
    assert [part.dtype.name for part in (drawn.pixels, drawn.labels, drawn.masks)] == [
        "uint8",
        "int64",
        "uint8",
    ]


def test_the_first_pictures_are_the_same_bytes_on_every_machine() -> None:
    drawn = draw_shapes(20, TRAIN_SEED)
    digest = hashlib.sha256(drawn.pixels.tobytes() + drawn.masks.tobytes() + bytes(drawn.labels.tolist()))
    assert digest.hexdigest()[:16] == "866d65178c764c9a"


def test_a_picture_does_not_depend_on_how_many_are_drawn() -> None:
    few, many = draw_shapes(70, 3), draw_shapes(130, 3)
    assert np.array_equal(few.pixels, many.pixels[:70])
    assert np.array_equal(few.labels, many.labels[:70])
    assert np.array_equal(few.masks, many.masks[:70])


def test_the_pictures_to_test_are_others_than_those_to_learn_from(drawn: DrawnShapes) -> None:
    known = {picture.tobytes() for picture in drawn.pixels}
    assert len(known) == len(drawn.pixels)
    assert known.isdisjoint(picture.tobytes() for picture in draw_shapes(TEST_COUNT, TEST_SEED).pixels)


@pytest.mark.parametrize("count", [1, 20, 100, 600])
def test_each_class_is_drawn_as_often_as_the_others_to_within_one(count: int) -> None:
    counts = np.bincount(draw_shapes(count, 5).labels, minlength=CLASSES)
    assert counts.max() - counts.min() <= 1


def test_the_classes_come_in_mixed_order(drawn: DrawnShapes) -> None:
    rounds = drawn.labels.reshape(-1, CLASSES)
    assert len(np.unique(rounds, axis=0)) > 0.9 * len(rounds)


def test_a_mask_holds_the_ground_and_the_class_of_its_picture_alone(drawn: DrawnShapes) -> None:
    for label, mask in zip(drawn.labels, drawn.masks, strict=True):
        assert np.unique(mask).tolist() == [0, label + 1]


def test_no_shape_is_cut_off_by_the_edge_of_the_picture(drawn: DrawnShapes) -> None:
    rim = np.ones((SIDE, SIDE), np.bool_)
    rim[1:-1, 1:-1] = False
    assert not drawn.masks[:, rim].any()


def test_the_ring_and_no_other_shape_has_a_hole_in_the_middle(drawn: DrawnShapes) -> None:
    middles = [np.argwhere(mask).mean(axis=0).round().astype(int) for mask in drawn.masks]
    hollow = np.array([not mask[tuple(middle)] for mask, middle in zip(drawn.masks, middles, strict=True)])
    assert hollow[drawn.labels == CLASS_NAMES.index("ring")].all()
    assert not hollow[drawn.labels < CLASS_NAMES.index("ring")].any()


def test_the_shape_is_clearly_lighter_or_darker_than_the_ground(drawn: DrawnShapes) -> None:
    light = lightness(drawn.pixels.astype(np.int32))
    differences = [
        abs(np.median(one[mask > 0]) - np.median(one[mask == 0]))
        for one, mask in zip(light, drawn.masks, strict=True)
    ]
    assert min(differences) > 50
    assert np.mean(np.array(differences) > 64) > 0.98


def test_edges_are_soft_and_the_mask_ends_where_half_of_a_pixel_is_covered() -> None:
    drawn = draw_shapes(400, 4)
    light = lightness(drawn.pixels.astype(np.int32))
    shares = []
    for one, mask in zip(light, drawn.masks, strict=True):
        inside, outside = np.median(one[mask > 0]), np.median(one[mask == 0])
        shares.append((one - outside) / (inside - outside))
    covered = np.array(shares)
    assert np.mean((covered > 0.5) == (drawn.masks > 0)) > 0.97
    assert np.mean(covered) == pytest.approx(np.mean(drawn.masks > 0), rel=0.02)
    assert np.mean((covered > 0.2) & (covered < 0.8)) > 0.02


def test_neither_color_nor_texture_nor_size_nor_place_tells_the_class(drawn: DrawnShapes) -> None:
    places = np.array([np.argwhere(mask).mean(axis=0) for mask in drawn.masks])
    looks = [_looks(drawn, of_shape=of_shape) for of_shape in (True, False)]
    cues = np.column_stack([*looks, places, _extents(drawn)])
    # By chance alone the means of eight classes of 375 lie about 0.15 deviations apart.
    assert max(_distance_of_means(cue, drawn.labels) for cue in cues.T) < 0.35


def test_shapes_are_as_large_as_they_are_said_to_be(drawn: DrawnShapes) -> None:
    sizes = _extents(drawn)
    assert SIZES[0] - 3 <= sizes.min() < SIZES[0] + 1
    assert SIZES[1] - 1 < sizes.max() <= SIZES[1] + 5


def test_numbers_are_drawn_between_both_ends() -> None:
    numbers = Draws(1, 2).whole(-3, 4, (1000,))
    assert np.array_equal(np.unique(numbers), np.arange(-3, 5))


def test_drawing_stops_between_two_batches_when_it_is_asked_to() -> None:
    answers = iter([False, False, True])
    with pytest.raises(StopRequested):
        draw_shapes(3000, 1, lambda: next(answers))
