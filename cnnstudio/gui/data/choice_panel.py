"""The left column of the page: which data set, how its labels are written, how it is split."""

import secrets

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSlider, QVBoxLayout, QWidget

from cnnstudio.core.data import DataChoice
from cnnstudio.core.fields import Choice, Integer, Number, Setting, settings_of
from cnnstudio.gui.data.cards import DatasetCards
from cnnstudio.gui.document import Document
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.number import Bounds, NumberField
from cnnstudio.gui.widgets.segmented import Segmented
from cnnstudio.gui.widgets.spin import LARGEST, IntSpin

_WIDTH = 272
_SETTINGS = {setting.name: setting for setting in settings_of(DataChoice)}


class ChoicePanel(QFrame):
    """Shows and edits the document's data choice; each edit is one named undo step."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self.setProperty("surface", "left")
        self.cards = DatasetCards(theme, self)
        self.labels = _segments(_SETTINGS["labels"], self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.share = _number_field(_SETTINGS["validation_share"], self)
        self.seed = _spin(_SETTINGS["seed"], self)
        self.dice = IconButton(theme, "dices", "Another seed by chance", size=16, parent=self)
        self._set_up_slider()
        self._lay_out()
        self._connect()
        self._on_document_changed()
        self._on_theme_changed()

    def _set_up_slider(self) -> None:
        kind = _SETTINGS["validation_share"].kind
        highest = kind.highest if isinstance(kind, Number) and kind.highest is not None else 1.0
        self.slider.setRange(1, round(100 * highest))
        self.slider.setPageStep(5)
        self.slider.setAccessibleName("Validation share in per cent")

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(6)
        column.addWidget(label("Data", "title", self))
        share, seed = QHBoxLayout(), QHBoxLayout()
        share.addWidget(self.slider, 1)
        share.addWidget(self.share)
        seed.addWidget(self.seed, 1)
        seed.addWidget(self.dice)
        for name, part in (
            ("kind", self.cards),
            ("labels", self.labels),
            ("validation_share", share),
            ("seed", seed),
        ):
            self._add_row(column, _SETTINGS[name], part)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner.setAutoFillBackground(False)
        scroll.viewport().setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _add_row(self, column: QVBoxLayout, setting: Setting, part: QWidget | QHBoxLayout) -> None:
        column.addSpacing(8)
        column.addWidget(label(setting.title, "heading", self))
        if isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)
        column.addWidget(label(setting.help, "hint", self, wrap=True))

    def _connect(self) -> None:
        self.cards.chosen.connect(self._on_kind_chosen)
        self.labels.chosen.connect(self._on_labels_chosen)
        self.slider.valueChanged.connect(self._on_slider_moved)
        self.slider.sliderReleased.connect(self._document.end_gesture)
        self.share.value_changed.connect(self._on_share_changed)
        self.share.edit.editingFinished.connect(self._document.end_gesture)
        self.seed.valueChanged.connect(self._on_seed_changed)
        self.seed.editingFinished.connect(self._document.end_gesture)
        self.dice.clicked.connect(self._on_dice_clicked)
        self._document.changed.connect(self._on_document_changed)
        self._theme.changed.connect(self._on_theme_changed)

    def _apply(self, text: str, merge_key: str = "", **changes: object) -> None:
        project = self._document.project
        data = project.data.model_copy(update=changes)
        self._document.apply(text, project.with_data(data), merge_key)

    @Slot()
    def _on_document_changed(self) -> None:
        data = self._document.project.data
        self.cards.show_value(data.kind)
        self.labels.set_value(data.labels)
        self.share.set_value(data.validation_share)
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(100 * data.validation_share))
        with QSignalBlocker(self.seed):
            self.seed.setValue(data.seed)

    @Slot(object)
    def _on_kind_chosen(self, kind: str) -> None:
        self._apply("Choose another data set", kind=kind)

    @Slot(object)
    def _on_labels_chosen(self, form: str) -> None:
        self._apply(f"Use {form} labels", labels=form)

    @Slot(int)
    def _on_slider_moved(self, percent: int) -> None:
        self._on_share_changed(percent / 100)

    @Slot(object)
    def _on_share_changed(self, share: float) -> None:
        self._apply("Change validation share", "data.validation_share", validation_share=share)

    @Slot(int)
    def _on_seed_changed(self, seed: int) -> None:
        self._apply("Change split seed", "data.seed", seed=seed)

    @Slot()
    def _on_dice_clicked(self) -> None:
        self._apply("Change split seed", seed=secrets.randbelow(10_000))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setFixedWidth(self._theme.scaled(_WIDTH))
        self.share.setFixedWidth(self._theme.scaled(76))


def _segments(setting: Setting, parent: QWidget) -> Segmented:
    values = setting.kind.values if isinstance(setting.kind, Choice) else ()
    return Segmented([(value, str(value).capitalize()) for value in values], setting.title, parent)


def _number_field(setting: Setting, parent: QWidget) -> NumberField:
    kind = setting.kind
    assert isinstance(kind, Number)
    assert kind.lowest is not None
    assert kind.highest is not None
    bounds = Bounds(kind.lowest, kind.highest, kind.open_lowest, kind.open_highest)
    return NumberField(bounds, step=0.05, name=setting.title, parent=parent)


def _spin(setting: Setting, parent: QWidget) -> IntSpin:
    kind = setting.kind
    assert isinstance(kind, Integer)
    highest = LARGEST if kind.highest is None else kind.highest
    return IntSpin(kind.lowest or 0, highest, name=setting.title, parent=parent)
