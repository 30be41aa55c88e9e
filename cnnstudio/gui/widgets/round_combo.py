"""A choice whose list has round corners."""

from PySide6.QtWidgets import QComboBox

from cnnstudio.gui.widgets.round_corners import RoundCorners


class RoundCombo(QComboBox):
    """Rounds the window of its list when that is first opened."""

    def showPopup(self) -> None:
        window = self.view().window()
        if not window.property("corners"):
            RoundCorners(window)
        super().showPopup()
