"""Splits that keep groups together."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.core.project.data import Corrections, DataChoice, Split
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.catalog import PARTS
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.groups import grouped_split, groups_of
from tests.folders import write_picture


def test_a_group_is_what_the_pattern_finds_in_the_file_name() -> None:
    names = [
        "a/patient1_1.png",
        "b/patient1_2.png",
        "a/patient12_1.png",
        "patient1_/other.png",
        "a/x.png",
        "b/x.png",
    ]
    assert groups_of(names, "patient*_").tolist() == [0, 0, 1, 2, 3, 4]
    assert groups_of(["1-a.png", "1-b.png", "2-a.png"], "?-").tolist() == [0, 0, 1]
    assert groups_of(["(a).png", "a.png"], "(a)").tolist() == [0, 1]
    assert groups_of(names, "patient*").tolist() == [0, 0, 1, 2, 3, 4]
    assert groups_of(["p1/a.png", "x/p1/b.png", "p2/a.png"], "p?/").tolist() == [0, 0, 1]


def test_groups_of_nothing_to_learn_from_are_told_as_that(tmp_path: Path) -> None:
    found = datasets.find(patients(tmp_path))
    choice = DataChoice(source=found.source, preparation=found.preparation, split=Split(groups="patient*_"))
    everything = tuple(datasets.load(choice).catalog.locators)
    nothing = choice.model_copy(update={"corrections": Corrections(left_out=everything)})
    with pytest.raises(StudioError, match="No image of the class ill is left to learn from"):
        datasets.load(nothing)


def test_the_same_seed_gives_the_same_split_on_every_machine() -> None:
    groups = np.arange(60) // 4
    _, held = grouped_split(np.arange(60) % 3, groups, 0.25, 7)
    assert sorted(set((held // 4).tolist())) == [3, 6, 8, 10]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), min_size=2, max_size=150), st.floats(0.05, 0.5)
)
def test_no_group_is_in_both_parts_and_each_class_keeps_some(
    pairs: list[tuple[int, int]], share: float
) -> None:
    labels, groups = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    if len(set(groups.tolist())) < 2:
        with pytest.raises(StudioError, match="All images are of one group"):
            grouped_split(labels, groups, share, 0)
        return
    learned, held = grouped_split(labels, groups, share, 0)
    assert sorted([*learned, *held]) == list(range(len(labels)))
    assert not set(groups[learned]) & set(groups[held])
    assert set(labels[learned]) == set(labels)


def test_small_groups_give_each_class_its_share() -> None:
    labels, groups = np.arange(600) % 3, np.arange(600) // 5
    _, held = grouped_split(labels, groups, 0.2, 3)
    assert np.abs(np.bincount(labels[held]) - 40).max() <= 3


def patients(root: Path, parts: tuple[str, ...] = ("",)) -> Path:
    """Twelve patients with five pictures each, in two classes."""
    for part in parts:
        for patient in range(12):
            for number in range(5):
                name = ("ill", "well")[patient % 2]
                write_picture(
                    root / part / name / f"patient{patient}_{part}{number}.png", 60 + 100 * (patient % 2)
                )
    return root


def loaded(root: Path, **split: object) -> Dataset:
    found = datasets.find(root)
    choice = DataChoice(source=found.source, preparation=found.preparation, split=Split.model_validate(split))
    return datasets.load(choice)


def patients_of(data: Dataset) -> list[set[str]]:
    catalog = data.catalog
    return [{Path(catalog.locators[row]).name.split("_")[0] for row in catalog.rows(part)} for part in PARTS]


def test_no_patient_is_learned_from_and_measured_by(tmp_path: Path) -> None:
    data = loaded(patients(tmp_path), groups="patient*_")
    training, validation, test = patients_of(data)
    assert training
    assert validation
    assert test
    assert not training & validation | training & test | validation & test
    assert sum(data.catalog.count(part) for part in PARTS) == 60
    without = patients_of(loaded(tmp_path))
    assert without[0] & without[1]


def test_a_test_folder_of_its_own_stays_as_it_is(tmp_path: Path) -> None:
    data = loaded(patients(tmp_path, ("train", "test")), groups="patient*_")
    training, validation, test = patients_of(data)
    assert len(test) == 12
    assert not training & validation
    told = (
        f"{len(training)} groups of patient*_ are learned from and measured by: the parts are the data's own."
    )
    assert data.catalog.remarks[-1].startswith(told)
