"""Reports of really trained tiny runs, against Keras's own answers and NumPy."""

import json
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from cnnstudio.core.project import Project
from cnnstudio.core.tasks import Segmentation
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.evaluation import report as report_module
from cnnstudio.engine.evaluation import words
from cnnstudio.engine.evaluation.network import open_network
from cnnstudio.engine.evaluation.report import Report, evaluate
from cnnstudio.engine.runs.folder import Run, read_run
from cnnstudio.engine.training.stopping import StopRequested
from cnnstudio.engine.training.trainer import TrainingJob, train
from tests.engine.small import Listener, small_project
from tests.engine.test_tasks_train import digits, one_unit, reconstruction, segmentation

KEYS = {"task", "part", "epoch", "count", "loss", "metrics", "confusion", "classes"}


def run_of(project: Project, folder: Path) -> Run:
    folder.mkdir(exist_ok=True)
    listener = Listener()
    train(TrainingJob(project, folder), listener.emit, listener.should_stop)
    return read_run(folder)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two epochs on a few digits of all classes."""
    project = small_project(epochs=2, learning_rate=1e-2)
    return run_of(project.with_data(digits(limit=400)), tmp_path_factory.mktemp("digits"))


@pytest.fixture(scope="module")
def report(run: Run) -> Report:
    return evaluate(run)


def confusion_by_hand(truths: np.ndarray, answers: np.ndarray, classes: int) -> list[list[int]]:
    table = np.zeros((classes, classes), int)
    np.add.at(table, (truths.ravel(), answers.ravel()), 1)
    return [[int(count) for count in row] for row in table]


def made(confusion: list[list[int]], task: str = "classification") -> Report:
    rows = tuple(tuple(row) for row in confusion)
    names = tuple(str(number) for number in range(len(rows)))
    return Report(task, "test", 3, sum(map(sum, rows)), 0.25, {"accuracy": 0.5}, rows, names)


def test_a_report_is_what_keras_and_numpy_find(run: Run, report: Report) -> None:
    stream = datasets.load(run.project.data).stream("test")
    batch = stream.batch(np.arange(len(stream)))
    answers = open_network(run).model.predict(batch.pixels, verbose=0)
    chosen = answers.argmax(axis=-1)
    assert [list(row) for row in report.confusion] == confusion_by_hand(batch.labels, chosen, 10)
    assert report.metrics["accuracy"] == pytest.approx(float((chosen == batch.labels).mean()), abs=1e-6)
    likelihood = answers[np.arange(len(answers)), batch.labels]
    assert report.loss == pytest.approx(float(-np.log(np.maximum(likelihood, 1e-7)).mean()), rel=1e-4)
    assert (report.task, report.part, report.count) == ("classification", "test", len(stream))
    assert report.epoch == run.record.best_epoch


def test_the_confusion_of_a_part_counts_each_of_its_samples_once(run: Run) -> None:
    validation = evaluate(run, "validation", "last")
    stream = datasets.load(run.project.data).stream("validation")
    assert [sum(row) for row in validation.confusion] == np.bincount(stream.labels, minlength=10).tolist()
    assert validation.epoch == 2


def test_a_record_has_its_keys_and_is_json(report: Report) -> None:
    record = json.loads(json.dumps(report.record()))
    assert set(record) == KEYS
    assert record["classes"][3]["name"] == "3"
    assert record["classes"][3]["support"] == sum(report.confusion[3])
    assert sum(map(sum, record["confusion"])) == record["count"] == report.count


def test_one_unit_tells_two_classes(tmp_path: Path) -> None:
    run = run_of(one_unit(), tmp_path)
    report = evaluate(run)
    stream = datasets.load(run.project.data).stream("test")
    batch = stream.batch(np.arange(len(stream)))
    network = open_network(run)
    answers = network.model.predict(batch.pixels, verbose=0)
    expected = confusion_by_hand(batch.labels, (answers[:, 0] > 0.5).astype(int), 2)
    assert [list(row) for row in report.confusion] == expected
    right = sum(row[at] for at, row in enumerate(report.confusion))
    assert report.metrics["accuracy"] == pytest.approx(right / report.count)
    shares = network.shares_of(answers)
    assert shares.shape == (len(answers), 2)
    assert shares.sum(axis=-1) == pytest.approx(np.ones(len(answers)))


def test_the_shares_of_all_classes_add_up_to_one(run: Run) -> None:
    network = open_network(run)
    pixels = datasets.load(run.project.data).stream("test").batch(np.arange(5)).pixels
    shares = network.shares_of(network.model.predict(pixels, verbose=0))
    assert shares.sum(axis=-1) == pytest.approx(np.ones(5), abs=1e-5)


def test_segmentation_counts_every_pixel(tmp_path: Path) -> None:
    run = run_of(segmentation(Segmentation(), "sparse_categorical_crossentropy"), tmp_path)
    report = evaluate(run, "validation")
    stream = datasets.load(run.project.data).stream("validation")
    masks = stream.batch(np.arange(len(stream))).masks
    assert masks is not None
    assert [sum(row) for row in report.confusion] == np.bincount(masks.ravel(), minlength=9).tolist()
    assert len(report.classes) == 9
    right = sum(row[at] for at, row in enumerate(report.confusion))
    assert report.metrics["accuracy"] == pytest.approx(right / masks.size, abs=1e-5)
    there = [value for value in words.ious(report.confusion) if value is not None]
    assert report.metrics["iou"] == pytest.approx(float(np.mean(there)), abs=1e-4)
    titles = [title for title, _ in words.figures(report)]
    assert titles == ["Mean IoU", "Pixel accuracy", "Loss"]


def test_reconstruction_has_no_classes(tmp_path: Path) -> None:
    report = evaluate(run_of(reconstruction("mean_squared_error"), tmp_path))
    assert (report.confusion, report.classes) == ((), ())
    assert 0 < report.metrics["mae"] < 1
    assert words.summary_of(report) == words.Summary((), 0, (), (), "")


def test_a_run_without_weights_is_one_sentence(run: Run) -> None:
    with pytest.raises(StudioError, match="no best weights"):
        evaluate(replace(run, best=None))


def test_measuring_ends_in_the_middle_when_it_is_asked_to_stop(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_module, "_confusion", lambda *_: pytest.fail("the loss was measured whole"))
    batches: list[int] = []

    def should_stop() -> bool:
        batches.append(1)
        return len(batches) > 2

    data = datasets.load(run.project.data)
    monkeypatch.setattr(datasets, "load", lambda _choice, _should_stop: data)
    with pytest.raises(StopRequested):
        evaluate(run, should_stop=should_stop)
    assert len(batches) == 3


def test_the_most_frequent_mistakes_are_named() -> None:
    report = made([[5, 3, 0], [1, 9, 0], [4, 0, 0]])
    found = [(one.truth, one.answer, one.count, one.total) for one in words.most_confused(report, 2)]
    assert found == [("2", "0", 4, 4), ("0", "1", 3, 8)]
    assert words.most_confused_sentence(report) == (
        "Most confused: 2 taken for 0 (4 of 4), 0 taken for 1 (3 of 8), 1 taken for 0 (1 of 10)."
    )


def test_no_mistake_is_said_as_such() -> None:
    assert words.most_confused_sentence(made([[2, 0], [0, 3]])) == "None of 5 was taken for another class."


def test_a_share_that_is_there_is_never_written_as_nothing() -> None:
    assert words.share_text(0, 8) == words.share_text(0, 0) == "0"
    assert words.share_text(1, 100_000) == "<0.1"
    assert words.share_text(39, 40) == "97.5"


def test_a_class_that_is_neither_there_nor_answered_has_no_iou() -> None:
    assert words.ious(((3, 1, 0), (0, 4, 0), (0, 0, 0))) == (0.75, 0.8, None)
