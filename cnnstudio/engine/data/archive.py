"""ZIP archives of pictures: one stands for the folder that it holds."""

from pathlib import Path

from cnnstudio.core.project.sources import OwnData, Source
from cnnstudio.engine.training.stopping import ShouldStop, never

SUFFIX = ".zip"


def is_archive(path: Path) -> bool:
    """Whether a path is a ZIP archive, told by its name."""
    return path.suffix.lower() == SUFFIX and path.is_file()


def at_hand(source: Source, should_stop: ShouldStop = never) -> Source:
    """The source with the folder of its files in place of an archive; blocks while that is unpacked.

    StudioError for an archive that is damaged, locked or too large; StopRequested once it was asked to stop.
    """
    if not isinstance(source, OwnData) or not is_archive(Path(source.path)):
        return source
    from cnnstudio.engine.data.unpacking import unpacked

    return source.with_paths(lambda path: str(unpacked(Path(path), should_stop)))
