from pathlib import Path

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from cnnstudio.core.kernels.convolution import Padding
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.images import open_image, to_channels, to_unit_range
from cnnstudio.engine.files.photos import PHOTOS
from cnnstudio.engine.interpret.convolve import (
    convolve_with_file,
    filter_count,
    filter_of,
    save_response,
)
from cnnstudio.engine.weights import open_weights

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

FIXTURES = Path(__file__).parent.parent / "fixtures"
MNIST = FIXTURES / "tensorspace_mnist_keras2.1.6.h5"
CAMERA, CAT = PHOTOS[0].path, PHOTOS[1].path


@pytest.fixture
def color_file(tmp_path: Path) -> Path:
    """A trained-looking file: an RGB convolution, a depthwise, a transposed and a one-axis one."""
    rng = np.random.default_rng(0)
    shapes = {
        "conv2d": [(3, 3, 3, 4), (4,)],
        "depthwise_conv2d": [(3, 3, 3, 2), (6,)],
        "conv2d_transpose": [(3, 3, 2, 3), (2,)],
        "conv1d": [(3, 3, 4), (4,)],
    }
    with h5py.File(tmp_path / "rgb.weights.h5", "w") as file:
        for name, arrays in shapes.items():
            for number, shape in enumerate(arrays):
                values = rng.normal(size=shape).astype(np.float32)
                file[f"layers/{name}/vars/{number}"] = values
    return tmp_path / "rgb.weights.h5"


def stored(path: Path, layer: str, number: int) -> NDArray[np.float32]:
    with h5py.File(path) as file:
        return np.asarray(file[f"layers/{layer}/vars/{number}"][()])


def by_keras(
    image: NDArray[np.float32], kernel: NDArray[np.float32], depthwise: bool = False, **options: object
) -> NDArray[np.float32]:
    from keras import ops

    operation = ops.depthwise_conv if depthwise else ops.conv
    return np.asarray(ops.convert_to_numpy(operation(image[np.newaxis], kernel, **options))[0])


@pytest.mark.parametrize(("padding", "strides"), [("valid", (1, 1)), ("same", (2, 3))])
def test_a_whole_filter_gives_the_map_of_keras(
    color_file: Path, padding: Padding, strides: tuple[int, int]
) -> None:
    response = convolve_with_file(color_file, "conv2d", 2, None, CAT, padding=padding, strides=strides)
    image = to_unit_range(open_image(CAT))
    maps = by_keras(image, stored(color_file, "conv2d", 0), padding=padding, strides=strides)

    assert response.values.dtype == np.float32
    assert np.array_equal(response.image, image)
    np.testing.assert_allclose(response.values, maps[:, :, 2], atol=1e-5)


def test_one_channel_meets_the_same_channel_of_a_color_picture(color_file: Path) -> None:
    response = convolve_with_file(color_file, "conv2d", 3, 1, CAT)
    green = to_unit_range(open_image(CAT))[:, :, 1:2]
    kernel = stored(color_file, "conv2d", 0)[:, :, 1:2, 3:4]

    assert response.image.shape == green.shape
    np.testing.assert_allclose(response.values, by_keras(green, kernel)[:, :, 0], atol=1e-5)


def test_one_channel_meets_the_gray_picture_when_channels_differ() -> None:
    color = convolve_with_file(MNIST, "Conv2D_2", 5, 3, CAT)
    gray = to_channels(to_unit_range(open_image(CAT)), 1)
    with open_weights(MNIST) as weights:
        kernel = weights.read("Conv2D_2", "kernel")[:, :, 3:4, 5:6]

    np.testing.assert_allclose(color.values, by_keras(gray, kernel)[:, :, 0], atol=1e-5)


def test_a_filter_of_many_channels_sees_the_gray_picture_in_each() -> None:
    response = convolve_with_file(MNIST, "Conv2D_2", 0, None, CAMERA)

    assert response.image.shape == (512, 512, 6)
    assert response.kernel.shape == (5, 5, 6)
    assert response.values.shape == (508, 508)
    assert np.array_equal(response.image[:, :, 0], response.image[:, :, 5])


def test_a_depthwise_filter_counts_as_keras_does(color_file: Path) -> None:
    image = to_unit_range(open_image(CAT))
    maps = by_keras(image, stored(color_file, "depthwise_conv2d", 0), depthwise=True)
    for index in range(6):
        response = convolve_with_file(color_file, "depthwise_conv2d", index, None, CAT)
        np.testing.assert_allclose(response.values, maps[:, :, index], atol=1e-5)


def test_a_transposed_kernel_is_turned_to_channels_last(color_file: Path) -> None:
    with open_weights(color_file) as weights:
        entry = weights.kernel("conv2d_transpose")
        assert filter_count(entry) == 2
        taken = filter_of(weights, entry, 1)

    assert np.array_equal(taken, stored(color_file, "conv2d_transpose", 0)[:, :, 1, :])


@pytest.mark.parametrize(
    ("layer", "index", "channel", "said"),
    [
        ("conv2d", 4, None, "no filter 4. The layer has filters 0 to 3"),
        ("conv2d", -1, None, "no filter -1"),
        ("conv2d", 0, 3, "no channel 3. The layer has channels 0 to 2"),
        ("depthwise_conv2d", 6, None, "filters 0 to 5"),
        ("conv1d", 0, None, "kernel over one axis"),
        ("dense", 0, None, "no layer 'dense'"),
    ],
)
def test_what_is_not_there_is_told_with_its_range(
    color_file: Path, layer: str, index: int, channel: int | None, said: str
) -> None:
    with pytest.raises(StudioError, match=said):
        convolve_with_file(color_file, layer, index, channel, CAT)


def test_a_response_is_saved_as_numbers_or_as_a_picture(tmp_path: Path) -> None:
    response = convolve_with_file(MNIST, "Conv2D_1", 0, None, CAMERA)
    save_response(response, tmp_path / "map.npy")
    save_response(response, tmp_path / "map.PNG")

    assert np.array_equal(np.load(tmp_path / "map.npy"), response.values)
    assert open_image(tmp_path / "map.PNG").shape == (508, 508, 1)
    with pytest.raises(StudioError, match=r"Name it \.png or \.npy"):
        save_response(response, tmp_path / "map.bmp")
