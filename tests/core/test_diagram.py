"""The two pictures of a network: valid, honest and always the same."""

import re
import xml.etree.ElementTree as ET
from functools import partial
from math import sqrt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cnnstudio.core.analysis import analyze
from cnnstudio.core.diagram import PAPER, stack_svg, volumes_svg
from cnnstudio.core.diagram.boxes import LONGEST_EDGE, boxes_of, scale_of
from cnnstudio.core.diagram.palette import mixed
from cnnstudio.core.diagram.words import abbreviated, elided, squeezed, text_width
from cnnstudio.core.layers import Dense, Family
from cnnstudio.core.network.arcs import arcs_of, lanes_of
from cnnstudio.core.templates import TEMPLATES, Template
from cnnstudio.core.values.words import wrapped
from tests.core.pictures import stack

SVG = "{http://www.w3.org/2000/svg}"
PLAIN = "conv(8,3) relu maxpool flatten dense(10,softmax)"
ARCS = "a=conv(8,3,same) b=conv(8,3,same) s=add<-a,b t=add<-a,s f=flatten dense(10)"


def root(svg: str) -> ET.Element:
    return ET.fromstring(svg.encode())


def texts(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in root(svg).iter(f"{SVG}text")]


def titles(svg: str) -> list[str]:
    return [one.text or "" for one in root(svg).iter(f"{SVG}title")]


def stack_of(picture: str, shape: tuple[int | None, ...] = (28, 28, 1)) -> str:
    return stack_svg(analyze(stack(picture, shape)), PAPER)


def volumes_of(picture: str, shape: tuple[int | None, ...] = (28, 28, 1)) -> str:
    return volumes_svg(analyze(stack(picture, shape)), PAPER)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)
def test_every_template_has_both_pictures_and_they_name_every_layer(template: Template) -> None:
    network = template.build((28, 28, 1), 10)
    analysis = analyze(network)
    for svg in (stack_svg(analysis, PAPER), volumes_svg(analysis, PAPER)):
        told = " ".join(titles(svg))
        assert all(layer.name in told for layer in network.layers)


def test_the_same_network_gives_the_same_text() -> None:
    assert (stack_of(ARCS), volumes_of(ARCS)) == (stack_of(ARCS), volumes_of(ARCS))


@given(name=st.text(min_size=1, max_size=120))
def test_any_name_a_layer_can_have_gives_valid_xml(name: str) -> None:
    try:
        layer = Dense(name=name, units=3)
    except ValidationError:
        return
    analysis = analyze(stack("").inserted(1, layer.updated(name=f"{name}2")))
    for svg in (stack_svg(analysis, PAPER), volumes_svg(analysis, PAPER)):
        assert len(root(svg)) > 3


def test_letters_that_xml_forbids_and_marks_it_uses_are_shown_as_text() -> None:
    network = stack("f=flatten").inserted(2, Dense(name="a<b>&\"c\"\x01'd'", units=3))
    assert any("a<b>&\"c\"�'d'" in title for title in titles(stack_svg(analyze(network), PAPER)))


def test_the_stack_tells_shapes_parameters_and_totals() -> None:
    told = texts(stack_of("a=conv(8,3) f=flatten d=dense(10)"))
    assert {"a", "28×28×8", "80 params", "f", "62,730 params"} <= set(told)
    assert "62.8 k params" in told[-1]


def test_a_long_name_is_cut_on_the_card_and_whole_in_the_title() -> None:
    name = "x" * 100
    svg = stack_svg(analyze(stack("f=flatten").inserted(2, Dense(name=name, units=3))), PAPER)
    assert name not in texts(svg)
    assert any(name in title for title in titles(svg))


def test_a_broken_layer_says_so_and_the_ones_below_wait() -> None:
    picture = "a=conv(8,3) b=flatten w=add<-a,b d=dense(10)"
    for svg in (stack_of(picture), volumes_of(picture)):
        assert {"does not fit", "waits for w"} <= set(texts(svg))


def test_every_arc_is_drawn_once_in_the_stack() -> None:
    told = titles(stack_of(ARCS))
    assert sorted(title for title in told if " takes " in title) == ["s takes a", "t takes a"]


def test_arcs_beside_the_same_block_run_in_different_lanes() -> None:
    network = stack("a=conv(8,3,same) b=conv(8,3,same) " + " ".join(f"s{at}=add<-a,b" for at in range(10)))
    arcs = arcs_of(network)
    lanes = lanes_of(network, arcs)
    at_the_first_sum = [arc for arc in arcs if arc.source in "ab"]
    assert len({lanes[arc] for arc in at_the_first_sum}) == len(at_the_first_sum) == 19


def test_four_times_the_size_is_drawn_twice_as_long() -> None:
    scale = scale_of(boxes_of(analyze(stack("conv(8,3,same) maxpool(4)"))))
    assert scale.edge_px(28) == LONGEST_EDGE
    assert scale.edge_px(28) / scale.edge_px(7) == pytest.approx(2)
    assert scale.depth_px(8) / scale.depth_px(2) == pytest.approx(2)


def test_a_box_is_as_high_and_wide_as_the_scale_it_states() -> None:
    svg = volumes_of("a=conv(16,3,same) p=maxpool(2)")
    heights = {}
    for group in root(svg).iter(f"{SVG}g"):
        title, front = group.findtext(f"{SVG}title"), group.findall(f"{SVG}polygon")
        if title and front:
            ys = [float(pair.split(",")[1]) for pair in front[-1].attrib["points"].split()]
            heights[title.split(":")[0]] = max(ys) - min(ys)
    assert heights["a"] / heights["p"] == pytest.approx(sqrt(2), rel=1e-3)
    assert "Square-root scale" in " ".join(texts(svg))
    assert "the longest 28" in " ".join(texts(svg))


def test_a_layer_that_only_follows_has_no_box_and_is_named_in_the_label() -> None:
    svg = volumes_of(PLAIN)
    assert "+ Activation" in texts(svg)
    assert "conv1 + relu2: 28×28×8" in titles(svg)


def test_a_follower_that_comes_from_elsewhere_has_a_box() -> None:
    boxes = boxes_of(analyze(stack("a=conv(8,3,same) b=conv(8,3,same) r=relu<-a")))
    assert [box.names for box in boxes] == [("input",), ("a",), ("b",), ("r",)]


def test_a_long_network_wraps_into_lines_of_bounded_width() -> None:
    svg = volumes_of(" ".join(["conv(8,3,same)"] * 60))
    width, height = float(root(svg).attrib["width"]), float(root(svg).attrib["height"])
    assert width < 2000 < 4 * height


def test_a_very_long_network_leaves_the_middle_out_and_says_how_much() -> None:
    svg = volumes_of(" ".join(["conv(8,3,same)"] * 999))
    assert "880 boxes in the middle are left out." in texts(svg)
    assert len([title for title in titles(svg) if ": " in title]) == 120


def test_an_arc_between_two_lines_is_written_at_its_target() -> None:
    middle = " ".join(["conv(8,3,same)"] * 40)
    assert "from a" in texts(volumes_of(f"a=conv(8,3,same) {middle} s=add<-a,conv41"))


def test_a_label_counts_the_inputs_it_has_no_room_for() -> None:
    ten = [f"c{at}" for at in range(1, 11)]
    layers = " ".join(f"{name}=conv(16,3,same)" for name in ten)
    told = texts(
        volumes_of(f"stem=conv(16,3,same) {layers} cat=concat<-{','.join(ten)} gap dense(10)", (32, 32, 3))
    )
    assert [text for text in told if text.startswith("from ")] == [f"from c{at}" for at in range(1, 5)]
    assert "and 3 more" in told


def test_the_notes_stay_on_the_paper() -> None:
    svg = volumes_of("conv(16,5,same) maxpool(2) flatten dropout dense(10,softmax)")
    notes = [one for one in root(svg).iter(f"{SVG}text") if one.attrib["font-size"] == "12"]
    width = float(root(svg).attrib["width"])
    assert len(notes) > 1
    assert all(float(one.attrib["x"]) + text_width(one.text or "", 12) <= width - 30 for one in notes)


def test_a_long_title_is_abbreviated_before_it_is_cut() -> None:
    assert "Global Avg Pool" in texts(volumes_of("conv(8,3) gap dense(10)"))
    assert abbreviated("Global Average Pooling", 500, 11) == "Global Average Pooling"


@given(st.text(max_size=200), st.floats(10, 300))
def test_wrapped_text_has_all_its_words_in_lines_that_fit(words: str, room: float) -> None:
    lines = wrapped(words, room, partial(text_width, size=12))
    assert " ".join(lines).split() == words.split()
    assert all(text_width(line, 12) <= room for line in lines if " " in line)


def test_open_sizes_are_dashed_and_explained() -> None:
    svg = volumes_of("conv(8,3,same) gap dense(10)", (None, None, 3))
    assert "stroke-dasharray" in svg
    assert any(text.startswith("Dashed:") for text in texts(svg))


@pytest.mark.parametrize("shape", [(4,), (100, 3), (None,), (), (2, 3, 4, 5)])
def test_inputs_of_every_rank_can_be_drawn(shape: tuple[int | None, ...]) -> None:
    try:
        network = stack("relu", shape)
    except ValidationError:
        return
    analysis = analyze(network)
    assert [len(root(svg)) > 3 for svg in (stack_svg(analysis, PAPER), volumes_svg(analysis, PAPER))] == [
        True
    ] * 2


def test_a_picture_without_any_known_size_speaks_of_no_scale() -> None:
    assert not [text for text in texts(volumes_of("relu", (None,))) if "scale" in text]


def test_every_family_has_a_color_on_paper() -> None:
    assert all(re.fullmatch("#[0-9A-F]{6}", PAPER[family]) for family in get_args(Family))


def test_colors_mix_between_their_ends() -> None:
    assert [mixed("#000000", "#FFFFFF", share) for share in (0, 0.5, 1)] == ["#FFFFFF", "#808080", "#000000"]


@given(st.text(max_size=60), st.floats(0, 300))
def test_shortened_text_fits_and_begins_like_the_whole(words: str, room: float) -> None:
    cut = elided(words, room, 12)
    assert cut == words or text_width(cut, 12) <= room
    assert words.startswith(cut.removesuffix("…"))


def test_sizes_are_written_with_a_multiplication_sign() -> None:
    assert squeezed("3x3 · 2 x 2 · relux") == "3×3 · 2×2 · relux"
