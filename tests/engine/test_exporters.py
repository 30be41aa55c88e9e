"""Projects written for other programs: whole, or refused with a sentence."""

import ast
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from cnnstudio.core.keras_format.code import code_text, keras_code
from cnnstudio.core.project import Project
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.exporters import EXPORTERS, Exporter, export, exporter_for
from tests.core.pictures import stack

PROJECT = Project(network=stack("a=conv(8,3) b=conv(8,3) s=add<-a,b f=flatten dense(10,softmax)"))


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda exporter: exporter.key)
def test_a_format_replaces_a_file_and_leaves_nothing_beside_it(exporter: Exporter, tmp_path: Path) -> None:
    path = tmp_path / f"net{exporter.suffix}"
    path.write_text("old")
    exporter.write(PROJECT, path)
    assert path.read_text(encoding="utf-8") != "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda exporter: exporter.key)
def test_a_format_that_cannot_write_says_where_and_why(exporter: Exporter, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"Cannot write .*its folder does not exist"):
        exporter.write(PROJECT, tmp_path / "nowhere" / f"net{exporter.suffix}")


def test_the_script_is_the_code_of_the_network_and_valid_python(tmp_path: Path) -> None:
    export(PROJECT, tmp_path / "net.py")
    text = (tmp_path / "net.py").read_text(encoding="utf-8")
    ast.parse(text)
    assert text == code_text(keras_code(PROJECT.network))


def test_the_script_builds_the_network_in_keras(tmp_path: Path) -> None:
    export(PROJECT, tmp_path / "net.py")
    made: dict[str, Any] = {}
    exec(compile((tmp_path / "net.py").read_text(encoding="utf-8"), "net.py", "exec"), made)
    model = made["model"]
    assert model.output_shape == (None, 10)
    assert [layer.name for layer in model.layers] == [layer.name for layer in PROJECT.network.layers]


@pytest.mark.parametrize("key", ["stack", "volumes"])
def test_a_diagram_is_an_svg_that_names_the_layers(key: str, tmp_path: Path) -> None:
    export(PROJECT, tmp_path / "net.svg", key)
    root = ET.parse(tmp_path / "net.svg").getroot()
    told = "".join(root.itertext())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert all(layer.name in told for layer in PROJECT.network.layers)


def test_the_ending_chooses_the_format_and_a_key_decides_between_two() -> None:
    chosen = [exporter_for(Path("a.py")), exporter_for(Path("A.SVG")), exporter_for(Path("a.svg"), "volumes")]
    assert [exporter.key for exporter in chosen] == ["keras", "stack", "volumes"]


def test_an_unknown_ending_is_refused_with_the_known_ones() -> None:
    with pytest.raises(StudioError, match=r"net\.docx .* \.py, \.svg"):
        exporter_for(Path("net.docx"))


def test_an_unknown_key_is_refused_with_the_known_ones() -> None:
    with pytest.raises(StudioError, match=r"'gif'.*keras, stack, volumes"):
        exporter_for(Path("net.svg"), "gif")
