"""The weights of the run, as far as the page shows them: which file the selection means."""

from pathlib import Path

from cnnstudio.engine.runs.folder import LAST_FILE
from cnnstudio.gui.document.selection import Selection


class RunWeights:
    """Knows where the weights of the run are; none before one is shown and after it is forgotten."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self.best: Path | None = None

    def holds(self, path: Path) -> bool:
        """Whether a file is one of the run's."""
        return self.best is not None and path in (self.best, self.best.with_name(LAST_FILE))

    @property
    def selected(self) -> Path | None:
        """The weights of the selected checkpoint, where the run has them; else the best."""
        if self.best is None:
            return None
        last = self.best.with_name(LAST_FILE)
        return last if self._selection.checkpoint == "last" and last.is_file() else self.best

    @property
    def layer(self) -> str:
        """The last of the selected layers; empty for none."""
        return self._selection.layers[-1] if self._selection.layers else ""

    def origin(self, path: Path) -> str:
        """Where a file comes from, in words; empty for one that is not of the run."""
        which = "Last" if path.name == LAST_FILE else "Best"
        return f"{which} weights of the last run" if self.holds(path) else ""
