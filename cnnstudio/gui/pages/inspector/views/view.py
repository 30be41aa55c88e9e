"""What every view of a weight offers."""

from abc import abstractmethod
from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cnnstudio.engine.interpret.loaded import LoadedWeight
from cnnstudio.gui.theme.theme import Theme


class WeightView(QWidget):
    """Shows one weight; `kernel_chosen` carries a KernelChoice where a kernel can be chosen in it."""

    kernel_chosen = Signal(object)

    def choose(self, unit: int) -> None:
        """Choose a filter, from 0; does nothing where the view shows none to choose."""

    @abstractmethod
    def show_weight(self, weight: LoadedWeight) -> None:
        """Show another weight, one that the view volunteered for."""


class ViewKind(Struct, frozen=True):
    """A view: its name for people, whether it volunteers for a weight, how it is made when first needed."""

    title: str
    suits: Callable[[LoadedWeight], bool]
    make: Callable[[Theme, QWidget], WeightView]
