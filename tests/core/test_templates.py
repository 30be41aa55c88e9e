"""The networks to begin with are sound for every usual size of image."""

import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.checks import run_checks
from cnnstudio.core.project import Project, from_json, to_json
from cnnstudio.core.templates import TEMPLATES, Template, template
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.facts import DataFacts

SHAPES = [(28, 28, 1), (32, 32, 3), (64, 64, 3)]
ODD_SHAPES = [(8, 8, 1), (33, 50, 3), (96, 128, 3), (224, 224, 3)]
EACH = pytest.mark.parametrize("chosen", TEMPLATES, ids=[one.key for one in TEMPLATES])


def _facts(shape: tuple[int, ...], classes: int) -> DataFacts:
    names = tuple(str(number) for number in range(classes))
    return DataFacts("These images", shape, names, 10_000, 2_000, (0.0, 255.0))


@EACH
@pytest.mark.parametrize("shape", SHAPES + ODD_SHAPES, ids=str)
def test_every_template_stands_for_every_usual_size(chosen: Template, shape: tuple[int, ...]) -> None:
    analysis = analyze(chosen.build(shape, 7))
    assert analysis.findings == ()
    assert analysis.output_shape is not None
    assert analysis.output_shape[-1] == 7


@EACH
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_no_template_is_nagged_but_for_what_large_images_make_of_flatten(
    chosen: Template, shape: tuple[int, ...]
) -> None:
    project = chosen.project(shape, 10)
    findings = run_checks(project, analyze(project.network), _facts(shape, 10))
    about_maps = {"C01"} if chosen.key == "unet" else set()
    about_size = {"S05"} if shape != (28, 28, 1) else set()
    assert {one.code for one in findings} <= about_maps | about_size


@EACH
def test_a_template_comes_back_from_its_file(chosen: Template) -> None:
    project = Project(network=chosen.build((28, 28, 1), chosen.classes))
    assert from_json(to_json(project), "it") == project


def test_keys_and_titles_are_unique_and_descriptions_are_one_sentence() -> None:
    assert len({one.key for one in TEMPLATES}) == len({one.title for one in TEMPLATES}) == len(TEMPLATES)
    assert all(one.description.endswith(".") and len(one.description) < 100 for one in TEMPLATES)


def test_the_courses_dense_network_is_784_10_10_3() -> None:
    chosen = template("dense-3")
    analysis = analyze(chosen.build((28, 28, 1), chosen.classes))
    counts = [row.parameters for row in analysis.rows if row.layer.family == "dense"]
    assert counts == [784 * 10 + 10, 10 * 10 + 10, 10 * 3 + 3]


def test_lenet_has_the_published_number_of_parameters_on_images_of_32() -> None:
    assert analyze(template("lenet-5").build((32, 32, 1), 10)).totals.parameters == 61_706


@pytest.mark.parametrize("shape", [(28, 28, 1), (25, 31, 3), (7, 9, 1)])
def test_the_u_net_gives_a_class_for_each_pixel(shape: tuple[int, ...]) -> None:
    assert analyze(template("unet").build(shape, 4)).output_shape == (*shape[:2], 4)


def test_the_fully_convolutional_network_takes_any_size() -> None:
    assert template("fully-convolutional").build((28, 28, 3), 10).input_shape == (None, None, 3)


@pytest.mark.parametrize("key", [one.key for one in TEMPLATES if not one.key.startswith("dense")])
def test_a_list_of_features_is_refused_by_networks_for_images(key: str) -> None:
    with pytest.raises(StudioError, match="height x width x channels"):
        template(key).build((784,), 10)


@pytest.mark.parametrize("key", ["dense-3", "one-conv", "two-conv", "lenet-5"])
def test_an_open_size_is_refused_where_a_flatten_needs_it(key: str) -> None:
    with pytest.raises(StudioError, match="known size"):
        template(key).build((None, None, 3), 10)


def test_an_unknown_template_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(StudioError, match="lenet-5"):
        template("alexnet")
