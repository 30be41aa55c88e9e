"""Runs that were stopped, killed or had enough, and go on as if nothing had been."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import h5py
import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from cnnstudio.core.layers import Dropout, RandomFlip
from cnnstudio.core.project import Project, to_json
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.files.writing import TEMPORARY_PREFIX
from cnnstudio.engine.runs.folder import read_record, read_run
from cnnstudio.engine.runs.history import read_history
from cnnstudio.engine.runs.story import story_of
from cnnstudio.engine.training import callback
from cnnstudio.engine.training.events import (
    BatchEnded,
    CheckpointSaved,
    EpochEnded,
    Event,
    Failed,
    Finished,
    Started,
    Stopped,
)
from cnnstudio.engine.training.stopping import ShouldStop
from cnnstudio.engine.training.trainer import resumed_job, train
from tests.engine.small import Listener, few_digits, small_project, trained, usual_environment

EPOCHS = 4
When: TypeAlias = Callable[[Event], bool]


@pytest.fixture(scope="module", autouse=True)
def _every_batch_speaks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(callback, "BATCH_EVENT_INTERVAL_S", 0.0)
        yield


def chancy_project(epochs: int = EPOCHS, **training: object) -> Project:
    """Adam, dropout and random flips: all that draws or remembers between two batches."""
    project = small_project(epochs, learning_rate=0.01, **training)
    network = project.network.inserted(2, RandomFlip(name="flip"))
    return project.with_network(network.inserted(5, Dropout(name="dropout", rate=0.5)))


def resumed(folder: Path, epochs: int | None = None, listener: Listener | None = None) -> Listener:
    """Let the run go on with the few digits, and return who listened."""
    listener = listener or Listener()
    train(replace(resumed_job(folder, epochs), load=few_digits), listener.emit, listener.should_stop)
    return listener


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of four epochs in one go."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    assert isinstance(trained(chancy_project(), folder).ending, Finished)
    return folder


@pytest.fixture(scope="module")
def stopped_inside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run, stopped in the middle of its third epoch."""
    folder = tmp_path_factory.mktemp("stopped")
    assert isinstance(trained(chancy_project(), folder, Listener(in_epoch(3, 3))).ending, Stopped)
    return folder


@pytest.fixture(scope="module")
def half_as_long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run with two epochs, all done."""
    folder = tmp_path_factory.mktemp("half")
    assert isinstance(trained(chancy_project(epochs=2), folder).ending, Finished)
    return folder


@pytest.fixture(scope="module")
def certain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of three epochs in which nothing is drawn, stopped in its second."""
    folder = tmp_path_factory.mktemp("certain")
    trained(small_project(epochs=3), folder, Listener(in_epoch(2, 2)))
    return folder


def copied(run: Path, folder: Path) -> Path:
    """A copy of the run that a test may go on with."""
    return Path(shutil.copytree(run, folder, dirs_exist_ok=True))


def lines_of(folder: Path) -> list[list[str]]:
    """What `history.csv` holds, digit by digit, but for the seconds."""
    lines = [line.split(",") for line in (folder / "history.csv").read_text().splitlines()]
    seconds = lines[0].index("seconds")
    return [[cell for column, cell in enumerate(line) if column != seconds] for line in lines]


def arrays_of(path: Path) -> dict[str, NDArray[np.float64]]:
    """Every array of a weights file, those of the optimizer too, and what its attributes tell."""
    found: dict[str, NDArray[np.float64]] = {}
    with h5py.File(path) as file:
        file.visititems(
            lambda name, item: found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None
        )
        found |= {f"@{name}": np.asarray(value) for name, value in file.attrs.items()}
    return found


def assert_same_run(folder: Path, other: Path) -> None:
    assert lines_of(folder) == lines_of(other)
    for name in ("last.weights.h5", "best.weights.h5"):
        mine, theirs = arrays_of(folder / name), arrays_of(other / name)
        assert mine.keys() == theirs.keys()
        assert all(np.array_equal(mine[key], theirs[key]) for key in mine), name
    mine_record, theirs_record = read_record(folder), read_record(other)
    assert mine_record.best_epoch == theirs_record.best_epoch
    assert mine_record.best_value == theirs_record.best_value
    assert mine_record.state == theirs_record.state == "finished"


def in_epoch(epoch: int, batch: int) -> When:
    return lambda event: isinstance(event, BatchEnded) and (event.epoch, event.batch) == (epoch, batch)


def after_epoch(epoch: int) -> When:
    return lambda event: isinstance(event, EpochEnded) and event.epoch == epoch


@pytest.mark.parametrize(
    "stop", [in_epoch(3, 3), in_epoch(3, 8), after_epoch(2), after_epoch(3)], ids=lambda stop: ""
)
def test_a_stopped_run_goes_on_to_the_very_numbers_of_one_that_was_not(
    stop: When, tmp_path: Path, uninterrupted: Path
) -> None:
    stopped = trained(chancy_project(), tmp_path, Listener(stop))
    assert isinstance(stopped.ending, Stopped)
    done = len(stopped.all_of(EpochEnded))
    listener = resumed(tmp_path)
    (started,) = listener.all_of(Started)
    assert (started.epochs, started.epochs_done) == (EPOCHS, done)
    assert [epoch.epoch for epoch in listener.all_of(EpochEnded)] == list(range(done + 1, EPOCHS + 1))
    assert_same_run(tmp_path, uninterrupted)


def test_a_run_that_is_stopped_twice_goes_on_twice(tmp_path: Path, uninterrupted: Path) -> None:
    trained(chancy_project(), tmp_path, Listener(in_epoch(2, 2)))
    again = resumed(tmp_path, listener=Listener(in_epoch(3, 5)))
    assert isinstance(again.ending, Stopped)
    assert read_run(tmp_path).record.state == "stopped"
    resumed(tmp_path)
    assert_same_run(tmp_path, uninterrupted)


def test_a_run_that_came_to_its_end_goes_on_when_more_epochs_are_asked_for(
    tmp_path: Path, half_as_long: Path, uninterrupted: Path
) -> None:
    copied(half_as_long, tmp_path)
    resumed(tmp_path, epochs=EPOCHS)
    assert_same_run(tmp_path, uninterrupted)
    assert read_run(tmp_path).project.training.epochs == EPOCHS


def test_the_epochs_that_were_asked_for_hold_after_the_next_break(
    tmp_path: Path, half_as_long: Path, uninterrupted: Path
) -> None:
    copied(half_as_long, tmp_path)
    resumed(tmp_path, epochs=EPOCHS, listener=Listener(in_epoch(3, 4)))
    resumed(tmp_path)
    assert_same_run(tmp_path, uninterrupted)


def test_dropout_and_flips_go_on_where_they_were(
    tmp_path: Path, stopped_inside: Path, uninterrupted: Path
) -> None:
    """The proof that the states of the random layers count: without them the numbers are others."""
    copied(stopped_inside, tmp_path)
    with h5py.File(tmp_path / "last.weights.h5", "r+") as file:
        del file.attrs["cnnstudio_seeds"]
    resumed(tmp_path)
    assert lines_of(tmp_path)[:3] == lines_of(uninterrupted)[:3]
    assert lines_of(tmp_path)[3] != lines_of(uninterrupted)[3]


def test_early_stopping_counts_on_over_the_break(tmp_path: Path) -> None:
    frozen = small_project(epochs=50, learning_rate=1e-12, patience=3)
    (tmp_path / "whole").mkdir()
    whole = trained(frozen, tmp_path / "whole").all_of(EpochEnded)
    trained(frozen, tmp_path / "broken", Listener(in_epoch(len(whole), 2)))
    listener = resumed(tmp_path / "broken")
    assert isinstance(listener.ending, Finished)
    assert listener.ending.stopped_early
    assert lines_of(tmp_path / "broken") == lines_of(tmp_path / "whole")


_KILLED = """
import os, signal, sys
from pathlib import Path
from cnnstudio.engine.training import callback, checkpoints
from tests.engine.small import Listener, trained
from tests.engine.test_resume import chancy_project, in_epoch
callback.BATCH_EVENT_INTERVAL_S = 0.0
where, folder = sys.argv[1], Path(sys.argv[2])

def killed(*args):
    os.kill(os.getpid(), signal.SIGKILL)

class Killed(Listener):
    def emit(self, event):
        super().emit(event)
        if where == "batch" and in_epoch(3, 3)(event):
            killed()

real = checkpoints.write_state
def write_state(path, epoch, seeds):
    if (where, epoch) == ("weights", 3):
        killed()
    real(path, epoch, seeds)

checkpoints.write_state = write_state
trained(chancy_project(), folder, Killed())
"""


@pytest.mark.parametrize("where", ["batch", "weights"])
def test_a_killed_run_says_so_leaves_nothing_half_written_and_goes_on(
    where: str, tmp_path: Path, uninterrupted: Path
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, where, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        env=usual_environment(),
        check=False,
    )
    assert killed.returncode == -9
    half_written = list(tmp_path.glob(f"{TEMPORARY_PREFIX}*"))
    assert len(half_written) == (1 if where == "weights" else 0)
    run = read_run(tmp_path)
    assert run.is_broken_off
    ending = story_of(run).ended
    assert isinstance(ending, Failed)
    assert ending.message.startswith("Training was broken off after ")
    assert ending.message.endswith("It can go on from there.")
    assert not list(tmp_path.glob(f"{TEMPORARY_PREFIX}*"))
    listener = resumed(tmp_path)
    assert listener.all_of(Started)[0].epochs_done == 2
    assert_same_run(tmp_path, uninterrupted)


def test_the_best_epoch_is_the_one_the_file_of_its_weights_names(tmp_path: Path, uninterrupted: Path) -> None:
    """As after a kill between the line of the history and the weights of the same epoch."""
    folder = tmp_path / "run"
    shutil.copytree(uninterrupted, folder)
    best = read_run(folder).best_row
    assert best is not None
    other = best.epoch - 1 or 2
    with h5py.File(folder / "best.weights.h5", "r+") as file:
        file.attrs["cnnstudio_epoch"] = other
    named = read_run(folder).best_row
    assert named is not None
    assert named.epoch == other
    assert story_of(read_run(folder)).best_epoch == other


def test_a_history_that_was_cut_short_in_its_last_line_goes_on(
    tmp_path: Path, stopped_inside: Path, uninterrupted: Path
) -> None:
    copied(stopped_inside, tmp_path)
    with (tmp_path / "history.csv").open("a") as file:
        file.write("3,0.12")
    resumed(tmp_path)
    assert_same_run(tmp_path, uninterrupted)


def as_if_running(folder: Path, **changes: object) -> None:
    """Let the record say that this process trains it."""
    path = folder / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "state": "running", **changes}))


def test_a_run_that_is_being_trained_is_not_taken_from_its_process(tmp_path: Path, certain: Path) -> None:
    copied(certain, tmp_path)
    as_if_running(tmp_path)
    assert story_of(read_run(tmp_path)).ended is None
    with pytest.raises(StudioError, match=r"is still being trained\. Stop it first"):
        resumed_job(tmp_path)
    as_if_running(tmp_path, pid_started="1")
    assert resumed_job(tmp_path).resumed is not None, "another process has the number of the one that is gone"


def test_a_run_with_nothing_left_to_do_is_refused(tmp_path: Path) -> None:
    trained(small_project(epochs=2), tmp_path)
    for epochs in (None, 1, 2):
        with pytest.raises(StudioError, match=r"has 2 of \d epochs? .* Ask for more epochs to go on"):
            resumed_job(tmp_path, epochs)
    assert resumed_job(tmp_path, 3).project.training.epochs == 3


def test_a_run_whose_patience_is_used_up_is_refused_whatever_epochs_are_asked_for(tmp_path: Path) -> None:
    listener = trained(small_project(epochs=50, learning_rate=1e-12, patience=1), tmp_path)
    assert isinstance(listener.ending, Finished)
    assert listener.ending.stopped_early
    for epochs in (None, 100):
        with pytest.raises(StudioError, match=r"stopped early after epoch \d: its patience of 1 epochs"):
            resumed_job(tmp_path, epochs)


def test_a_run_without_a_whole_epoch_is_refused(tmp_path: Path) -> None:
    trained(small_project(), tmp_path, Listener(in_epoch(1, 2)))
    with pytest.raises(StudioError, match="has no whole epoch to go on from"):
        resumed_job(tmp_path)
    with pytest.raises(StudioError, match="holds no run"):
        resumed_job(tmp_path / "elsewhere")


def test_other_data_are_refused_and_the_run_stays_as_it_was(tmp_path: Path, certain: Path) -> None:
    copied(certain, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def other_digits(choice: DataChoice, should_stop: ShouldStop) -> Dataset:
        data = few_digits(choice, should_stop)
        return replace(data, catalog=replace(data.catalog, fingerprint="another one"))

    listener = Listener()
    train(replace(resumed_job(tmp_path), load=other_digits), listener.emit, listener.should_stop)
    assert isinstance(listener.ending, Failed)
    assert "The data are other ones than when the run" in listener.ending.message
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_weights_of_another_network_are_refused_in_a_sentence(tmp_path: Path, certain: Path) -> None:
    copied(certain, tmp_path)
    project = small_project(epochs=3)
    wider = project.network.replaced("conv1", project.network.layer("conv1").updated(filters=5))
    (tmp_path / "project.cnnstudio").write_text(to_json(project.with_network(wider)))
    listener = resumed(tmp_path)
    assert isinstance(listener.ending, Failed)
    assert "last.weights.h5 does not fit the network of its run" in listener.ending.message


def make_older(folder: Path) -> None:
    """Make of a run what the version before wrote: its columns, its record, its project, its weights."""
    table = "".join(
        f"{row.epoch},{row.values['loss']!r},{row.values['val_loss']!r},{row.values['accuracy']!r},"
        f"{row.values['val_accuracy']!r},{row.seconds:.3f}\n"
        for row in read_history(folder / "history.csv")
    )
    (folder / "history.csv").write_text(f"epoch,loss,val_loss,accuracy,val_accuracy,seconds\n{table}")
    record = json.loads((folder / "run.json").read_text())
    for new in ("best_value", "origin", "network_digest", "pid", "pid_started"):
        del record[new]
    (folder / "run.json").write_text(json.dumps(record, indent=2))
    project = json.loads((folder / "project.cnnstudio").read_text())
    del project["task"]
    project["version"] = 1
    project["data"] = {"kind": "mnist", "labels": "one-hot", "validation_share": 0.2, "seed": 0}
    (folder / "project.cnnstudio").write_text(json.dumps(project, indent=2))
    for name in ("best.weights.h5", "last.weights.h5"):
        with h5py.File(folder / name, "r+") as file:
            for key in list(file.attrs):
                del file.attrs[key]


@pytest.fixture(scope="module")
def certain_whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of four epochs in which nothing is drawn."""
    folder = tmp_path_factory.mktemp("whole")
    trained(small_project(epochs=EPOCHS), folder)
    return folder


@pytest.fixture(scope="module")
def certain_stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run, stopped in its third epoch."""
    folder = tmp_path_factory.mktemp("older")
    trained(small_project(epochs=EPOCHS), folder, Listener(in_epoch(3, 3)))
    return folder


@pytest.mark.parametrize("state", ["stopped", "running"])
def test_a_run_of_the_version_before_is_read_and_goes_on(
    state: str, tmp_path: Path, certain_whole: Path, certain_stopped: Path
) -> None:
    folder, whole = copied(certain_stopped, tmp_path), certain_whole
    before = read_run(folder)
    make_older(folder)
    as_if_running(folder, state=state)
    run = read_run(folder)
    assert [(row.epoch, row.values) for row in run.history] == [
        (row.epoch, row.values) for row in before.history
    ]
    assert run.project == before.project
    assert run.is_broken_off == (state == "running")
    ended = story_of(run).ended
    assert isinstance(ended, Failed if state == "running" else Stopped)
    listener = resumed(folder)
    assert listener.all_of(Started)[0].epochs_done == 2
    # Nothing in this network draws at random, so that the numbers are those of one go even so.
    assert [row.values for row in read_history(folder / "history.csv")] == [
        row.values for row in read_history(whole / "history.csv")
    ]
    assert read_history(folder / "history.csv")[0].learning_rate is None
    assert (
        (folder / "history.csv").read_text().startswith("epoch,loss,val_loss,accuracy,val_accuracy,seconds,")
    )


def test_the_best_epoch_before_the_break_stays_the_best(tmp_path: Path) -> None:
    listener = trained(small_project(epochs=2, learning_rate=0.01), tmp_path)
    best = listener.all_of(CheckpointSaved)[-1]
    before = (tmp_path / "best.weights.h5").read_bytes()
    project = small_project(epochs=2, learning_rate=50.0)
    (tmp_path / "project.cnnstudio").write_text(to_json(project))
    with h5py.File(tmp_path / "last.weights.h5", "r+") as file:
        file["optimizer/vars/1"][()] = 50.0
    again = resumed(tmp_path, epochs=3)
    assert again.all_of(EpochEnded)[0].values["val_loss"] > best.value
    assert isinstance(again.ending, Finished)
    assert (again.ending.best_epoch, again.ending.best_value) == (best.epoch, best.value)
    assert (tmp_path / "best.weights.h5").read_bytes() == before
