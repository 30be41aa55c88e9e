"""The kernel in use: chosen from the gallery or the classic ones, edited by hand, reset."""

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.core.kernels.presets import PRESETS, KernelPreset
from cnnstudio.engine.interpret.gallery import FloatArray
from cnnstudio.engine.interpret.loaded import KernelChoice
from cnnstudio.gui.pages.inspector.kernel_grid import KernelGrid
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.push_button import PushButton

_GALLERY = 0
# The place of the stretch above the grid in the card's layout.
_ABOVE = 1


class KernelCard(QWidget):
    """Holds the kernel as it stands; `changed` fires when it is another one.

    `sources` is the combo box that stands elsewhere: the gallery's kernel first, then the presets.
    `refused(str)` says why a cell did not take what was written.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, theme: Theme, sources: QComboBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sources = sources
        self.grid = KernelGrid(theme, self)
        self.caption = label("", "heading", self)
        self.edited_mark = label("edited", "pill", self)
        self.reset_button = PushButton(theme, "Reset", "rotate-ccw", "quiet", self)
        self._from_gallery: KernelChoice | None = None
        self.choice, self._row = _preset_choice(PRESETS[0]), 1
        self.values: FloatArray = self.choice.values
        self._fill()
        self._lay_out()
        self.grid.kernel.edited.connect(self._on_edited)
        self.grid.kernel.refused.connect(self.refused)
        self.reset_button.clicked.connect(self._on_reset)
        self.sources.activated.connect(self._on_source_activated)
        self._use(self.choice, self._row)

    @property
    def is_edited(self) -> bool:
        """Whether a number is another one than the kernel was chosen with."""
        return not np.array_equal(self.values, self.choice.values)

    @property
    def note(self) -> str:
        """What is to be said of the kernel; what was said of it before it was edited is not true any more."""
        return "" if self.is_edited else self.choice.note

    def show_gallery_kernel(self, choice: KernelChoice) -> None:
        """Take the kernel that was chosen in the gallery."""
        self._from_gallery = choice
        self._offer_gallery(choice.title, True)
        self._use(choice, _GALLERY)

    def forget_gallery_kernel(self) -> None:
        """The gallery has none any more; a kernel that came from it stays until another is chosen."""
        self._from_gallery = None
        self._offer_gallery("From the gallery", False)

    def set_centred(self, centred: bool) -> None:
        """Stand in the middle of the height, beside pictures, or at its top."""
        self._column.setStretch(_ABOVE, 1 if centred else 0)

    def _fill(self) -> None:
        self.sources.addItem("")
        for preset in PRESETS:
            self.sources.addItem(preset.title, preset)
            self.sources.setItemData(self.sources.count() - 1, preset.summary, Qt.ItemDataRole.ToolTipRole)
        self.forget_gallery_kernel()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.addStretch(1)
        tools.addWidget(self.edited_mark)
        tools.addWidget(self.reset_button)
        tools.addStretch(1)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.caption, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        column.addWidget(self.grid, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(tools)
        column.addStretch(1)

    def _offer_gallery(self, text: str, enabled: bool) -> None:
        self.sources.setItemText(_GALLERY, text)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        # The model of a combo box knows flags only as the role before UserRole.
        self.sources.setItemData(
            _GALLERY, flags.value if enabled else 0, Qt.ItemDataRole(Qt.ItemDataRole.UserRole.value - 1)
        )

    def _use(self, choice: KernelChoice, row: int) -> None:
        self.choice, self._row = choice, row
        self._show(choice.values)

    def _show_name(self) -> None:
        """The name of what was chosen is not that of what a person has made of it."""
        name = f"{self.choice.title}, edited" if self.is_edited else self.choice.title
        with QSignalBlocker(self.sources):
            self.sources.setPlaceholderText(name)
            self.sources.setCurrentIndex(-1 if self.is_edited else self._row)
            self.sources.setToolTip(name)

    def _show(self, values: FloatArray) -> None:
        self.values = values
        self.grid.kernel.set_kernel(values)
        self.caption.setText(f"Kernel {values.shape[0]} × {values.shape[1]}")
        for part in (self.edited_mark, self.reset_button):
            policy = part.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            part.setSizePolicy(policy)
            part.setVisible(self.is_edited)
        self._show_name()
        self.changed.emit()

    @Slot(object)
    def _on_edited(self, values: FloatArray) -> None:
        self._show(values)

    @Slot()
    def _on_reset(self) -> None:
        self._show(self.choice.values)
        self.grid.setFocus()

    @Slot(int)
    def _on_source_activated(self, row: int) -> None:
        if row != _GALLERY:
            self._use(_preset_choice(self.sources.itemData(row)), row)
        elif self._from_gallery is not None:
            self._use(self._from_gallery, row)


def _preset_choice(preset: KernelPreset) -> KernelChoice:
    return KernelChoice(preset.title, np.array(preset.values, dtype=np.float32), note=preset.summary)
