"""A project's paths: kept relative below its folder, so that it can be moved with its pictures."""

import json
import shutil
from pathlib import Path

from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice, Preparation
from cnnstudio.core.project.sources import Folder
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.engine.files.projects import open_project, save_project
from tests.core.pictures import stack


def _project(pictures: Path, start_from: str | None = None) -> Project:
    source = Folder(path=str(pictures), class_names=("cat", "dog"), train_count=9, test_count=1)
    data = DataChoice(source=source, preparation=Preparation(size=(8, 8), colors="gray"))
    training = TrainingSettings(start_from=start_from)
    return Project(network=stack("flatten dense(2)", (8, 8, 1)), data=data, training=training)


def test_a_project_finds_its_pictures_and_weights_where_both_were_moved_to(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "pets").mkdir(parents=True)
    project = _project(here / "pets", str(here / "old" / "start.weights.h5"))
    save_project(project, here / "net.cnnstudio")
    written = json.loads((here / "net.cnnstudio").read_text())
    assert written["data"]["source"]["path"] == "pets"
    assert written["training"]["start_from"] == "old/start.weights.h5"
    assert open_project(here / "net.cnnstudio") == project
    shutil.move(here, there)
    assert open_project(there / "net.cnnstudio") == _project(
        there / "pets", str(there / "old" / "start.weights.h5")
    )


def test_paths_that_lead_elsewhere_stay_whole(tmp_path: Path) -> None:
    (tmp_path / "projects").mkdir()
    project = _project(tmp_path / "pets", "included:clothes")
    save_project(project, tmp_path / "projects" / "net.cnnstudio")
    written = json.loads((tmp_path / "projects" / "net.cnnstudio").read_text())
    assert written["data"]["source"]["path"] == str(tmp_path / "pets")
    assert written["training"]["start_from"] == "included:clothes"
    assert open_project(tmp_path / "projects" / "net.cnnstudio") == project


def test_the_folder_of_the_project_itself_stays_whole(tmp_path: Path) -> None:
    save_project(_project(tmp_path), tmp_path / "net.cnnstudio")
    assert open_project(tmp_path / "net.cnnstudio").data.source == _project(tmp_path).data.source
