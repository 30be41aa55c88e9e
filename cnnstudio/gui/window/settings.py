"""What the window remembers from one start to the next."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast, get_args

from PySide6.QtCore import QByteArray, QSettings

from cnnstudio.engine.data.budget import USUAL_BYTES
from cnnstudio.gui.theme.theme import Mode

MAX_RECENT = 10


class Settings:
    """Theme, layout and recent files, in the platform's own place for settings."""

    def __init__(self, file: Path | None = None) -> None:
        """Read and write `file`, or the settings of the person who runs the studio."""
        if file is None:
            self._store = QSettings("CNN Studio", "CNN Studio")
        else:
            self._store = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def theme_mode(self) -> Mode:
        """Light, dark, or as the desktop is."""
        mode = str(self._store.value("theme", "system"))
        return cast(Mode, mode) if mode in get_args(Mode) else "system"

    @theme_mode.setter
    def theme_mode(self, mode: Mode) -> None:
        self._store.setValue("theme", mode)

    @property
    def text_scale(self) -> float:
        """How large text is; 1.0 is as designed."""
        try:
            scale = float(str(self._store.value("text_scale", "1.0")))
        except ValueError:
            return 1.0
        return min(max(scale, 0.8), 1.6)

    @text_scale.setter
    def text_scale(self, scale: float) -> None:
        self._store.setValue("text_scale", str(scale))

    @property
    def previews(self) -> bool:
        """Whether blocks show what the first image looks like after them."""
        return str(self._store.value("previews", "true")) == "true"

    @previews.setter
    def previews(self, shown: bool) -> None:
        self._store.setValue("previews", "true" if shown else "false")

    @property
    def picture_memory(self) -> int:
        """Megabytes that decoded pictures may take."""
        text = str(self._store.value("picture_memory", ""))
        return int(text) if text.isdecimal() else USUAL_BYTES // 2**20

    def set_picture_memory(self, megabytes: int) -> None:
        """Save how much memory decoded pictures may take."""
        self._store.setValue("picture_memory", str(megabytes))

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of the columns that the table of shapes shows; none before anybody has chosen."""
        return self._names("columns")

    def set_columns(self, keys: Sequence[str]) -> None:
        """Save which columns the table of shapes shows."""
        self._store.setValue("columns", list(keys))

    def layout(self, key: str) -> QByteArray | None:
        """A saved geometry."""
        value = self._store.value(f"layout/{key}")
        return value if isinstance(value, QByteArray) else None

    def set_layout(self, key: str, state: QByteArray) -> None:
        """Save a geometry."""
        self._store.setValue(f"layout/{key}", state)

    def arrangement(self, key: str) -> tuple[int, ...]:
        """The whole numbers saved for a part of a page; none where they are no such numbers."""
        text = str(self._store.value(f"arrangement/{key}", ""))
        try:
            return tuple(int(number) for number in text.split())
        except ValueError:
            return ()

    def set_arrangement(self, key: str, numbers: Sequence[int]) -> None:
        """Save how a part of a page is arranged."""
        self._store.setValue(f"arrangement/{key}", " ".join(str(int(number)) for number in numbers))

    def folder(self, key: str) -> Path | None:
        """Where a kind of file dialog ended the last time."""
        name = str(self._store.value(f"folders/{key}", ""))
        return Path(name) if name else None

    def set_folder(self, key: str, folder: Path) -> None:
        """Save where a kind of file dialog ended."""
        self._store.setValue(f"folders/{key}", str(folder))

    @property
    def recent_files(self) -> tuple[Path, ...]:
        """Projects opened or saved lately, the latest first."""
        return tuple(Path(name) for name in self._names("recent"))[:MAX_RECENT]

    def forget(self, path: Path) -> None:
        """Take a project off the recent ones."""
        self._store.setValue("recent", [str(other) for other in self.recent_files if other != path])

    def remember(self, path: Path) -> None:
        """Put a project at the top of the recent ones."""
        names = dict.fromkeys([str(path.resolve()), *map(str, self.recent_files)])
        self._store.setValue("recent", list(names)[:MAX_RECENT])

    def _names(self, key: str) -> tuple[str, ...]:
        # An INI file gives a list of one name back as that name.
        value = self._store.value(key, [])
        names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return tuple(str(name) for name in names)
