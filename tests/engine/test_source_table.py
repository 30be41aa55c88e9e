"""Tables of picture files and classes as data sets."""

from pathlib import Path

import numpy as np
import pytest

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Arrays, Table
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.catalog import PARTS
from tests.folders import write_picture

NAMES = ("cat", "dog")


def table(root: Path, count: int = 20, **form: str) -> Path:
    """Pictures in one folder, and a table beside it: cats are dark, dogs bright."""
    mark = form.get("delimiter", ",")
    lines = [form["head"]] if "head" in form else []
    for number in range(count):
        name = NAMES[number % 2]
        file = f"pictures/my {number:02d}.png"
        write_picture(root / file, 60 + 130 * (number % 2))
        lines.append(form.get("row", "{file}{mark}{name}").format(file=file, mark=mark, name=name))
    path = root / form.get("title", "labels.csv")
    path.write_text("\n".join(lines), encoding=form.get("encoding", "utf-8"))
    return path


def source_at(path: Path) -> Table:
    source = datasets.find(path).source
    assert isinstance(source, Table)
    return source


def choice_at(path: Path) -> DataChoice:
    found = datasets.find(path)
    return DataChoice(source=found.source, preparation=found.preparation)


FORMS: dict[str, dict[str, str]] = {
    "two columns": {},
    "a heading": {"head": "file,label"},
    "semicolons": {"head": "file;label", "delimiter": ";"},
    "a byte order mark": {"head": "file,label", "encoding": "utf-8-sig"},
    "tabs": {"delimiter": "\t", "title": "labels.tsv"},
    "the class first": {"head": "label,path", "row": "{name},{file}"},
    "quotes": {"head": "file,label", "row": '"{file}","{name}"'},
    "backslashes": {"head": "file,label", "row": ".\\{file}{mark}{name}"},
    "other columns": {"head": "id,file,width,breed", "row": "7,{file},8,{name}"},
    "empty lines": {"head": "file,label\n", "row": "{file},{name}\n"},
}


@pytest.mark.parametrize("form", FORMS)
def test_pictures_and_classes_are_found_whatever_the_table_is_written_with(tmp_path: Path, form: str) -> None:
    path = table(tmp_path, 20, **FORMS[form])
    data = datasets.load(choice_at(path))
    assert data.catalog.class_names == NAMES
    assert data.catalog.counts.sum() == 20
    for part in PARTS:
        batch = data.stream(part).batch(np.arange(len(data.stream(part))))
        assert np.array_equal(batch.pixels.mean(axis=(1, 2, 3)) > 128, batch.labels == 1)


def test_a_column_of_parts_is_the_split(tmp_path: Path) -> None:
    path = table(tmp_path, head="file,label,split", row="{file},{name},train")
    lines = path.read_text().splitlines()
    lines[1:5] = [line.replace("train", "val") for line in lines[1:5]]
    lines[5:7] = [line.replace("train", "Test") for line in lines[5:7]]
    path.write_text("\n".join(lines))
    source = source_at(path)
    assert (source.train_count, source.validation_count, source.test_count) == (14, 4, 2)
    assert source.parts == "split"
    assert source.class_counts == ((7, 2, 1), (7, 2, 1))


def test_numbers_are_classes_and_line_breaks_in_quotes_are_part_of_a_name(tmp_path: Path) -> None:
    path = table(tmp_path, head="file,label", row='{file},"{name}\nof mine"')
    assert source_at(path).class_names == ("cat\nof mine", "dog\nof mine")
    path.write_text(path.read_text().replace("cat\nof mine", "3").replace("dog\nof mine", "11"))
    assert source_at(path).class_names == ("11", "3")


def test_files_that_are_missing_or_lie_outside_are_passed_over_and_told(tmp_path: Path) -> None:
    path = table(tmp_path, head="file,label")
    write_picture(tmp_path.parent / "outside.png")
    path.write_text(path.read_text() + "\npictures/gone.png,cat\n../outside.png,dog")
    found = datasets.find(path)
    assert found.remarks[1] == (
        "Passed over: 1 file that the table names and that are not there and 1 file outside of the folder of "
        "the table."
    )
    assert datasets.load(choice_at(path)).catalog.counts.sum() == 20


def test_a_table_of_pixels_is_not_taken_for_one_of_files(tmp_path: Path) -> None:
    rows = [",".join(map(str, [number % 2, *range(16)])) for number in range(30)]
    (tmp_path / "a.csv").write_text("\n".join(rows))
    assert isinstance(datasets.find(tmp_path / "a.csv").source, Arrays)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace("dog", "cat"), "names one class only, cat"),
        (lambda text: text.replace("pictures/", "elsewhere/"), "None of the files that"),
        (
            lambda text: text.replace(",cat", ",1.5").replace(",dog", ",2"),
            "is 1.5, and a class is a whole number",
        ),
        (lambda text: text.replace(",cat", ",", 1), "1 picture of 20 have no label"),
        (lambda text: text + "\na,b,c", "has 3 columns in row 22, and 2 in its first"),
        (
            lambda text: text.replace(",cat", "").replace(",dog", "").replace(",label", ""),
            "no column of picture files",
        ),
    ],
)
def test_a_table_that_is_no_data_set_is_refused_in_a_sentence(
    tmp_path: Path, change: object, sentence: str
) -> None:
    path = table(tmp_path, head="file,label")
    assert callable(change)
    path.write_text(change(path.read_text()))
    with pytest.raises(StudioError) as caught:
        datasets.find(path)
    assert sentence in str(caught.value)


def test_a_table_that_changed_is_told_from_what_the_project_knew(tmp_path: Path) -> None:
    path = table(tmp_path, head="file,label")
    choice = choice_at(path)
    first = datasets.load(choice)
    path.write_text(path.read_text().replace("cat", "bear"))
    with pytest.raises(StudioError, match="names other classes than when it was chosen, such as bear"):
        datasets.load(choice)
    path.write_text(path.read_text().replace("bear", "cat"))
    assert datasets.load(choice).catalog.fingerprint == first.catalog.fingerprint
    path.write_text(path.read_text().replace("file,", "image,"))
    with pytest.raises(StudioError, match="has no column file any more"):
        datasets.load(choice)
