"""The left column of the page: which data set, how its labels are written, how it is split."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from cnnstudio.core.forms.fields import Anything, Choice, Number, Setting
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice, Preparation, Split
from cnnstudio.core.project.sources import Arrays, Download, Included, IncludedName, MaskPairs, OwnData
from cnnstudio.core.tasks import TASKS, AnyTask, task_key, task_named
from cnnstudio.core.tasks.losses import CATEGORICAL
from cnnstudio.engine.data import kind_of
from cnnstudio.engine.data.arrays.choosing import Chosen
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.fields.choices import ComboEditor, SegmentedEditor
from cnnstudio.gui.fields.composite import MaybeEditor
from cnnstudio.gui.fields.described_row import DescribedRow
from cnnstudio.gui.fields.editor import Editor, EditorContext
from cnnstudio.gui.fields.factory import make_editor
from cnnstudio.gui.fields.model_rows import ModelRows
from cnnstudio.gui.pages.data.arrays_panel import ArraysPanel
from cnnstudio.gui.pages.data.cards import DatasetCards
from cnnstudio.gui.pages.data.class_choice import ClassesEditor
from cnnstudio.gui.pages.data.folder_panel import FolderPanel
from cnnstudio.gui.pages.data.masks_panel import MasksPanel
from cnnstudio.gui.pages.data.memory_panel import MemoryPanel
from cnnstudio.gui.pages.data.more_data import MoreData
from cnnstudio.gui.pages.data.search import DataSearch
from cnnstudio.gui.pages.data.share import ShareEditor
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.scroll import scrolled
from cnnstudio.gui.widgets.side_panel import SidePanel

_WIDTH = 272
_GAP_PX = 14
_DATA_SET = Setting("source", "Data set", "The images to learn from.", Choice(()))
_CLASSES = Setting("classes", "Classes", "Only pictures of these classes are learned.", Anything(tuple))
_TASK_KEYS = {task.title: task_key(task) for task in TASKS}
_TASK_KIND = Choice(tuple(_TASK_KEYS))
_TASK = Setting("task", "Task", "What the network is to give for a picture.", _TASK_KIND)
_OWN_VALIDATION = (
    "The {:,} images of the folder's own validation part are taken as they are. No share of the training "
    "images is held out."
)
_NOT_THE_AMOUNT = frozenset(DataChoice.model_fields) - {"limit"}
_MOST_SIDE_BY_SIDE = 3
"""Choices that stand beside each other; more of them open as a list."""
_MOST_SIDE_BY_SIDE = 3
"""Choices that stand beside each other; more of them open as a list."""
_USUAL_AMOUNT = 1_000
"""What the limit begins with where no data say how many images there are."""


class ChoicePanel(SidePanel):
    """Shows and edits the document's data choice and its task; each edit is one named undo step."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, _WIDTH, parent)
        self._document = document
        self.setProperty("surface", "left")
        self._workshop = EditorContext(theme, False, make_editor)
        self.search = DataSearch(document, self)
        self.cards = DatasetCards(theme)
        self._kind = _Row(_DATA_SET, self._workshop, self.cards)
        self.folder = FolderPanel(theme, self._row, _GAP_PX, self)
        self._open = ModelRows(Preparation, self._row, self._on_preparation_edited, _GAP_PX, self)
        self._classes = _Row(_CLASSES, self._workshop, ClassesEditor(theme))
        self._task = _Row(_TASK, self._workshop, ComboEditor(_TASK_KIND, self._workshop))
        self._of_task = {task: ModelRows(task, self._row, self._apply_task, _GAP_PX, self) for task in TASKS}
        self._split = ModelRows(Split, self._row, self._apply_split, _GAP_PX, self)
        self.own_validation = _Note("Validation", self)
        self.arrays = ArraysPanel(self)
        self.masks = MasksPanel(self)
        self.more_data = MoreData(self)
        self.memory = MemoryPanel(self._row, self)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.setAccessibleDescription("Stop looking through the folder")
        self.cancel.hide()
        self._amount = ModelRows(DataChoice, self._row, self._apply_amount, _GAP_PX, self, _NOT_THE_AMOUNT)
        self._shown: tuple[DataChoice, AnyTask] | None = None
        self._lay_out()
        self._connect()
        self._show()

    def editor(self, name: str) -> Editor:
        """The editor of the task, of one of its settings, or of one of the data choice's fields."""
        single = {"task": self._task, "classes": self._classes}.get(name)
        if single is not None:
            return single.editor
        return self._rows(name).rows[name].editor

    def _rows(self, name: str) -> ModelRows:
        """Where the row of a field is; those of the present task are looked at first."""
        every = (self._of_task[type(self._document.project.task)], self._split, self._amount, self._open)
        return next(rows for rows in every if name in rows.rows)

    @property
    def refusal(self) -> str:
        """Why the folder that was given last is no data set; empty when it is one."""
        return self._kind.reason.text()

    def close_jobs(self) -> None:
        """End the threads, and wait for them."""
        self.search.close()
        self.arrays.close_jobs()

    def _row(self, setting: Setting) -> DescribedRow:
        match setting.kind:
            case Choice() as kind if len(kind.values) <= _MOST_SIDE_BY_SIDE:
                return _Row(setting, self._workshop, SegmentedEditor(kind, self._workshop, _capitalized))
            case Number() as kind:
                return _Row(setting, self._workshop, ShareEditor(kind, self._workshop))
            case _:
                return _Row(setting, self._workshop)

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(_GAP_PX)
        column.addWidget(label("Data", "title", self))
        for widget in self._parts():
            column.addWidget(widget)
        below: tuple[QWidget, ...] = (self.cancel, self.more_data, self.arrays, self.masks)
        for place, part in enumerate(below, column.indexOf(self._kind) + 1):
            column.insertWidget(place, part)
        column.insertWidget(column.indexOf(self._split), self.own_validation)
        column.addWidget(self.memory)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inner, self))

    def _parts(self) -> tuple[DescribedRow | FolderPanel | ModelRows, ...]:
        shared_out = (self._split, self._amount, self._classes, self._open)
        return (self._kind, self.folder, self._task, *self._of_task.values(), *shared_out)

    def _connect(self) -> None:
        self._kind.edited.connect(self._on_set_chosen)
        self._task.edited.connect(self._on_task_chosen)
        self.cards.folder_wanted.connect(self.search.choose)
        self.folder.another_wanted.connect(self.search.choose)
        self.more_data.folder_wanted.connect(self.search.choose)
        self.more_data.file_wanted.connect(self.search.choose_file)
        self.more_data.download_chosen.connect(self._on_download_chosen)
        self.arrays.chosen.connect(self._on_arrays_chosen)
        self.masks.edited.connect(self._on_masks_edited)
        self.folder.edited.connect(self._on_preparation_edited)
        self._classes.edited.connect(self._on_classes_chosen)
        self.search.began.connect(self._on_search_began)
        self.search.counted.connect(self._on_counted)
        self.search.failed.connect(self._on_search_failed)
        self.search.cancelled.connect(self._on_search_cancelled)
        self.cancel.clicked.connect(self.search.cancel)
        # The same folder again is no edit, and yet the search is over.
        self.search.taken.connect(self._show)
        for part in self._parts():
            part.finished.connect(self._document.end_gesture)
        self._document.changed.connect(self._on_document_changed)

    @Slot(str, object)
    def _apply_task(self, name: str, task: AnyTask) -> None:
        title = self._rows(name).rows[name].setting.title.lower()
        text = f"Use {getattr(task, name)} {title}"
        self._document.apply(text, self._document.project.with_task(task), f"task.{name}")

    @Slot(str, object)
    def _apply_split(self, name: str, split: Split) -> None:
        project = self._document.project
        text = f"Change {self._split.rows[name].setting.title.lower()}"
        self._document.apply(text, project.with_data(project.data.with_split(split)), f"data.split.{name}")

    @Slot(str, object)
    def _apply_amount(self, name: str, data: DataChoice) -> None:
        text = "Change the number of images"
        self._document.apply(text, self._document.project.with_data(data), f"data.{name}")

    @Slot(str, object)
    def _on_set_chosen(self, _name: str, chosen: IncludedName) -> None:
        project = self._document.project
        data = project.data.with_source(Included(set=chosen))
        self._document.apply("Choose another data set", project.with_data(data))

    @Slot(object)
    def _on_download_chosen(self, source: Download) -> None:
        project = self._document.project
        self._document.apply("Choose another data set", project.with_data(project.data.with_source(source)))

    @Slot(object)
    def _on_arrays_chosen(self, chosen: Chosen) -> None:
        source = self._document.project.data.source
        assert isinstance(source, Arrays)  # the panel is seen for arrays only
        self.search.take_arrays(Path(source.path), chosen)

    @Slot(str, object)
    def _on_masks_edited(self, text: str, source: MaskPairs) -> None:
        project = self._document.project
        before, data = project.data.source, project.data.model_copy(update={"source": source})
        if data.classes is not None and isinstance(before, MaskPairs):
            named = dict(zip(before.class_names, source.class_names, strict=True))
            data = data.model_copy(update={"classes": tuple(named.get(one, one) for one in data.classes)})
        self._document.apply(text, project.with_data(data))

    @Slot(str, object)
    def _on_task_chosen(self, _name: str, title: str) -> None:
        task = task_named(_TASK_KEYS[title])
        self._document.apply(f"Learn {task.title.lower()}", _learning(self._document.project, task))

    @Slot(str, object)
    def _on_preparation_edited(self, name: str, preparation: Preparation) -> None:
        project = self._document.project
        text = f"Change {self._open.rows[name].setting.title.lower()} of the pictures"
        data = project.data.with_preparation(preparation)
        self._document.apply(text, project.with_data(data), f"data.preparation.{name}")

    @Slot(str, object)
    def _on_classes_chosen(self, name: str, classes: tuple[str, ...] | None) -> None:
        project = self._document.project
        data = project.data.model_copy(update={"classes": classes})
        self._document.apply("Choose the classes", project.with_data(data), f"data.{name}")

    @Slot(str)
    def _on_search_began(self, name: str) -> None:
        self._kind.show_reason("")
        self.cards.show_looking(name)
        self.cancel.show()

    @Slot(int)
    def _on_counted(self, count: int) -> None:
        # What was told in the other thread may arrive when all is over.
        if self.search.is_wanted:
            self.cards.show_count(count)

    @Slot(str)
    def _on_search_failed(self, sentence: str) -> None:
        self._on_search_cancelled()
        self._kind.show_reason(sentence)

    @Slot()
    def _on_search_cancelled(self) -> None:
        self.cancel.hide()
        self.cards.show_value(self._document.project.data)

    @Slot()
    def _on_document_changed(self) -> None:
        # Most edits are of the network.
        project = self._document.project
        if self._shown is None or project.data is not self._shown[0] or project.task is not self._shown[1]:
            self._show()

    @Slot()
    def _show(self) -> None:
        data, task = self._document.project.data, self._document.project.task
        before, self._shown = self._shown, (data, task)
        if before is None or before[0].source != data.source:
            self._begin_with(data)
        self.cancel.setVisible(self.search.is_wanted)
        self._kind.show_values([data])
        self._task.show_values([task.title])
        in_files = isinstance(data.source, OwnData) and data.source.needs_preparation
        self.folder.setVisible(in_files)
        if isinstance(data.source, OwnData) and in_files:
            self.folder.show_source(data.source, data.preparation)
        self.arrays.setVisible(isinstance(data.source, Arrays))
        if isinstance(data.source, Arrays):
            self.arrays.show_source(data.source)
        self.masks.setVisible(isinstance(data.source, MaskPairs))
        if isinstance(data.source, MaskPairs):
            self.masks.show_source(data.source)
        for kind, rows in self._of_task.items():
            rows.setVisible(isinstance(task, kind) and bool(rows.rows))
            if isinstance(task, kind):
                rows.show_model(task)
        self._split.show_model(data.split)
        self._amount.show_model(data)
        self._show_facts(data)

    def _show_facts(self, data: DataChoice) -> None:
        """The rows that hang on what the data are: their classes, a validation part, the form of a sample."""
        facts = None if data.source is None else kind_of(data.source).facts_of(data.source, data.preparation)
        own = None if facts is None else facts.validation_count
        self._classes.setVisible(facts is not None)
        if facts is not None:
            self._classes.show_values([(facts.class_names, data.classes)])
        self.own_validation.text.setText(_OWN_VALIDATION.format(own or 0))
        self.own_validation.setVisible(own is not None)
        self._split.setVisible(own is None)
        # Pictures in files have any size and colors: their own rows leave neither open.
        closed = data.source is not None and data.source.needs_preparation
        is_open = facts is not None and len(facts.sample_shape) == 3 and not closed
        self._open.setVisible(is_open)
        if is_open:
            self._open.show_model(data.preparation)

    def _begin_with(self, data: DataChoice) -> None:
        """A limit that is turned on takes all images at first: the smallest there is would leave none. A size
        begins with that of the images.
        """
        source = data.source
        facts = source and kind_of(source).facts_of(source, data.preparation)
        limit = self._amount.rows["limit"].editor
        assert isinstance(limit, MaybeEditor)
        limit.begin_with(facts.train_count if facts else _USUAL_AMOUNT)
        limit.show_value(data.limit)
        size = self._open.rows["size"].editor
        assert isinstance(size, MaybeEditor)
        if facts and len(facts.sample_shape) == 3:
            size.begin_with(facts.sample_shape[:2])
            size.show_value(data.preparation.size)


def _learning(project: Project, task: AnyTask) -> Project:
    """The project with another task, and with its usual loss where the present one does not measure it."""
    loss = project.training.loss
    # Which cross-entropy is the right one hangs on the labels, and these begin as the task has them.
    if loss in task.losses and loss not in CATEGORICAL:
        return project.with_task(task)
    training = project.training.model_copy(update={"loss": task.losses[0]})
    return project.with_task(task).with_training(training)


class _Note(QWidget):
    """A heading and a sentence where nothing is to be chosen."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = label("", "secondary", self, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_Row.line_gap_px)
        column.addWidget(label(title, "heading", self))
        column.addWidget(self.text)


class _Row(DescribedRow):
    title_role = "heading"
    line_gap_px = 6

    def is_above(self) -> bool:
        return True


def _capitalized(value: object) -> str:
    return "As is" if value is None else str(value).capitalize()
