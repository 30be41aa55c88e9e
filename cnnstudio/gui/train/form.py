"""How the network is to be trained: a row per setting, made from the settings' own fields."""

from itertools import pairwise

from pydantic import BaseModel
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.core.fields import Choice, Maybe, Setting, Switch, Variants, settings_of
from cnnstudio.core.training import TrainingSettings
from cnnstudio.gui.document import Document
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.train.fields import Field, make_field
from cnnstudio.gui.train.findings import FindingNotes
from cnnstudio.gui.widgets.labels import label

_NAME_PX = 104


class SettingRow(QWidget):
    """Name, field and one sentence of help."""

    def __init__(self, setting: Setting, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field: Field = make_field(setting.name, setting.kind, setting.default, theme)
        self.field.explain(setting.title, setting.help)
        self._theme, self._setting = theme, setting
        self._name = label(setting.title, "secondary", self)
        self._name.setBuddy(self.field)
        self._name.setToolTip(setting.help)
        self._lay_out()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        if isinstance(self._setting.kind, Choice | Variants):
            column.addWidget(self._name)
            column.addWidget(self.field)
        else:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(self._name)
            row.addWidget(self.field, 1)
            column.addLayout(row)
        # A check box has its name beside it.
        self._name.setVisible(not isinstance(self._setting.kind, Switch | Maybe))
        column.addWidget(label(self._setting.help, "hint", self, wrap=True))

    @Slot()
    def _on_theme_changed(self) -> None:
        if not isinstance(self._setting.kind, Choice | Variants):
            self._name.setFixedWidth(self._theme.scaled(_NAME_PX))


class TrainingForm(QWidget):
    """All training settings of the document; each edit is one named undo step."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self.rows: dict[str, SettingRow] = {}
        self.notes = FindingNotes(document, theme, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)
        self._options = QVBoxLayout()
        self._options.setSpacing(14)
        self._option_type: type[BaseModel] | None = None
        self._make_rows()
        document.changed.connect(self._on_document_changed)
        self._on_document_changed()

    def _make_rows(self) -> None:
        for setting in settings_of(TrainingSettings):
            self._column.addWidget(self._row(setting.name, setting))
            if isinstance(setting.kind, Variants):
                self._column.addLayout(self._options)
            if setting.name == "from_logits":
                self._column.addWidget(self.notes)

    def _row(self, name: str, setting: Setting) -> SettingRow:
        row = SettingRow(setting, self._theme, self)
        row.field.setObjectName(name)
        row.field.edited.connect(self._on_edited)
        row.field.finished.connect(self._document.end_gesture)
        self.rows[name] = row
        return row

    @Slot()
    def _on_document_changed(self) -> None:
        training = self._document.project.training
        self._show_options_of(type(training.optimizer))
        for name, row in self.rows.items():
            row.field.show_value(_get(training, name))

    def _show_options_of(self, optimizer: type[BaseModel]) -> None:
        """Give the chosen optimizer's own settings their rows."""
        if optimizer is self._option_type:
            return
        self._option_type = optimizer
        for name in [name for name in self.rows if "." in name]:
            row = self.rows.pop(name)
            self._options.removeWidget(row)
            row.deleteLater()
        for setting in settings_of(optimizer):
            self._options.addWidget(self._row(f"optimizer.{setting.name}", setting))
        self._order_tabs()

    def _order_tabs(self) -> None:
        names = ["optimizer", *[name for name in self.rows if "." in name], "loss"]
        fields = [self.rows[name].field for name in names if name in self.rows]
        for before, after in pairwise(fields):
            QWidget.setTabOrder(before.input, after.input)

    @Slot(object)
    def _on_edited(self, value: object) -> None:
        name = self.sender().objectName()
        training = _with(self._document.project.training, name, value)
        title = name.split(".")[-1].replace("_", " ")
        self._document.apply(
            f"Change {title}", self._document.project.with_training(training), f"training.{name}"
        )


def _get(training: TrainingSettings, name: str) -> object:
    value: object = training
    for part in name.split("."):
        value = getattr(value, part)
    return value


def _with(training: TrainingSettings, name: str, value: object) -> TrainingSettings:
    first, _, rest = name.partition(".")
    if rest:
        value = training.optimizer.model_copy(update={rest: value})
    return training.model_copy(update={first: value})
