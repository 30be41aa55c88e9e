"""The selected sample: enlarged, its label in both forms, and the tensor the network receives."""

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.core.project.corrections import LEFT_OUT
from cnnstudio.core.tasks import Classification, Segmentation
from cnnstudio.core.values.colors import channels
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data.images import Masks
from cnnstudio.engine.data.tensor import TensorStep, range_text, shape_text, tensor_steps
from cnnstudio.engine.interpret.augmented import draws
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.data.augmentation import AugmentationPanel, Draw
from cnnstudio.gui.pages.data.file_line import FileLine
from cnnstudio.gui.pages.data.onehot import OneHotCells
from cnnstudio.gui.pages.data.samples import Sample, place_text
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.image_view import ImageView
from cnnstudio.gui.widgets.labels import label, separator
from cnnstudio.gui.widgets.scroll import scrolled
from cnnstudio.gui.widgets.side_panel import SidePanel

_WIDTH = 300
_NOT_LEARNED = "Nothing: its class is not among those that are learned."
_HINT = "Point at a pixel, or press the arrow keys, to read its value."


class SamplePanel(SidePanel):
    """Follows the sample that is chosen and the document's network and label form."""

    def __init__(
        self, document: Document, theme: Theme, parent: QWidget | None = None, draw: Draw = draws
    ) -> None:
        super().__init__(theme, _WIDTH, parent)
        self._document = document
        self._sample: Sample | None = None
        self._facts: DataFacts | None = None
        self.setProperty("surface", "right")
        self.title = label("Sample", "title", self)
        self.place = label("", "secondary", self, wrap=True)
        self.file = FileLine(theme, self)
        self.picture = ImageView(theme, "Selected sample", self)
        self.pixel = label(_HINT, "hint", self, wrap=True)
        self.label_form = label("", "secondary", self, wrap=True)
        self.cells = OneHotCells(theme, self)
        self.mask_view = ImageView(theme, "Mask of the sample", self)
        self.mask_view.hide()
        self.steps = label("", "secondary", self, wrap=True)
        self.augmentation = AugmentationPanel(document, theme, self, draw)
        self._lay_out()
        self.picture.hovered.connect(self._on_pixel_hovered)
        document.changed.connect(self._on_document_changed)

    def show_sample(self, sample: Sample | None, facts: DataFacts) -> None:
        """Show another sample of the data set that the facts are of; None shows nothing."""
        self._sample, self._facts = sample, facts
        if sample is None:
            self._show_none("No sample", "")
            return
        self.title.setText(_class_title(sample, facts.has_labels))
        place = LEFT_OUT if sample.part is None else place_text(sample.part, sample.index)
        self.place.setText(place.capitalize())
        self.file.show_sample(sample)
        self._show_picture(sample)
        self.augmentation.show_picture(sample.image)
        if sample.label >= 0:
            self.cells.show_label(sample.label, facts.class_names)
        self._on_document_changed()

    def show_refusal(self, sentence: str) -> None:
        """Say why a sample cannot be read."""
        self._sample = None
        self._show_none("This picture cannot be read", sentence)

    def _show_none(self, title: str, sentence: str) -> None:
        self.picture.clear()
        self.augmentation.show_picture(None)
        self.mask_view.hide()
        self.file.show_sample(None)
        self.title.setText(title)
        self.place.setText(sentence)
        for text in (self.label_form, self.steps):
            text.setText("")
        self.cells.hide()

    def _show_picture(self, sample: Sample) -> None:
        if sample.image.shape[-1] >= 3:
            self.picture.set_rgb(sample.image[..., :3])
        else:
            self.picture.set_map(sample.image[..., 0].astype(float), "gray", (0.0, 255.0))

    def _show_mask(self, mask: Masks | None, facts: DataFacts) -> None:
        self.mask_view.setVisible(mask is not None)
        if mask is not None:
            source = self._document.project.data.source
            assert source is not None  # the sample is of it
            # Black is the ground.
            table = [(0, 0, 0), *map(channels, source.colors_of(facts.class_names))]
            self.mask_view.set_rgb(np.array(table, np.uint8)[mask])

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(6)
        for widget in (self.title, self.place, self.file, self.picture, self.pixel):
            column.addWidget(widget)
        self._add_part(column, "What the loss compares with", self.label_form, self.cells, self.mask_view)
        self._add_part(column, "The exact tensor the network sees", self.steps)
        self._add_part(column, "Augmentation", self.augmentation)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inner, self))

    def _add_part(self, column: QVBoxLayout, title: str, *widgets: QWidget) -> None:
        column.addSpacing(4)
        column.addWidget(separator(parent=self))
        column.addSpacing(4)
        column.addWidget(label(title, "heading", self, wrap=True))
        for widget in widgets:
            column.addWidget(widget)

    @Slot()
    def _on_document_changed(self) -> None:
        sample, facts = self._sample, self._facts
        if sample is None or facts is None:
            return
        project = self._document.project
        is_learned = sample.label >= 0
        self.label_form.setText(
            project.task.target_words(sample.label, facts) if is_learned else _NOT_LEARNED
        )
        self.cells.setVisible(is_learned and isinstance(project.task, Classification))
        self._show_mask(sample.mask if isinstance(project.task, Segmentation) else None, facts)
        steps = tensor_steps(project.network, sample.image, facts.value_range, project.training.batch_size)
        self.steps.setText("\n\n".join(_step_text(step) for step in steps))

    @Slot(object)
    def _on_pixel_hovered(self, cell: tuple[int, int] | None) -> None:
        if cell is None or self._sample is None:
            self.pixel.setText(_HINT)
            return
        values = ", ".join(str(value) for value in self._sample.image[cell].tolist())
        self.pixel.setText(f"Row {cell[0]}, column {cell[1]}: {values}")


def _class_title(sample: Sample, has_labels: bool) -> str:
    if sample.label < 0:
        return "No class that is learned"
    if not has_labels:
        return sample.class_name
    name = "" if sample.class_name == str(sample.label) else f": {sample.class_name}"
    return f"Class {sample.label}{name}"


def _step_text(step: TensorStep) -> str:
    return (
        f"{step.place}\n"
        f"{step.dtype}, {shape_text(step.shape)}, {range_text(step.possible)}\n"
        f"this sample: {range_text(step.actual)}"
    )
