"""The question what to do when the file to be saved to is another one than was opened."""

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from cnnstudio.gui.widgets.message_box import set_margins, set_variant
from cnnstudio.gui.widgets.push_button import Variant

_Step = Callable[[], None]


def ask_about_changed_file(
    name: str, overwrite: _Step, reload: _Step, save_as: _Step, give_up: _Step, window: QWidget
) -> None:
    """Ask without blocking, and do the one step that is chosen; Escape gives up."""
    box = QMessageBox(
        QMessageBox.Icon.NoIcon,
        "Changed on disk",
        f"{name} has changed on disk since it was opened here.",
        QMessageBox.StandardButton.Cancel,
        window,
    )
    box.setInformativeText(
        "Another window or program has written it. Overwrite loses what was written there, "
        "Reload loses what was changed here."
    )
    steps: tuple[tuple[str, Variant, _Step], ...] = (
        ("Save as…", "primary", save_as),
        ("Overwrite", "danger", overwrite),
        ("Reload", "danger", reload),
    )
    for text, variant, step in steps:
        button = box.addButton(text, QMessageBox.ButtonRole.AcceptRole)
        set_variant(button, variant)
        button.clicked.connect(step)
    box.button(QMessageBox.StandardButton.Cancel).clicked.connect(give_up)
    set_margins(box)
    box.finished.connect(box.deleteLater)
    box.open()
