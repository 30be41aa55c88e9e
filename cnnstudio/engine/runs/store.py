"""The folder of all runs: which there are, and which belongs to a project."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from cnnstudio.core.network import Network
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.projects import open_project
from cnnstudio.engine.runs.folder import (
    BEST_FILE,
    HISTORY_FILE,
    PROJECT_FILE,
    RECORD_FILE,
    Run,
    RunRecord,
    network_digest,
    read_record,
    read_run,
)


class RunEntry(Struct, frozen=True):
    """A run as its record tells it, without its curve and its project."""

    folder: Path
    record: RunRecord


class RunStore:
    """Lists the runs below a folder. Reads the disk at each call and blocks; any thread may ask."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entries(self) -> tuple[RunEntry, ...]:
        """All runs, the newest first; a folder whose record cannot be read is passed over."""
        found = sorted(self._entries(), key=lambda entry: entry.record.started, reverse=True)
        return tuple(found)

    def run_of(self, origin: Path | None, network: Network) -> Run | None:
        """The newest run that belongs to a project: trained from its file, or else of the same network.

        One that ended before an epoch was whole stands back behind those that have a curve. None where
        there is none, or the newest cannot be read.
        """
        entries, digest = self.entries(), network_digest(network)
        chosen = _chosen(tuple(filter(_has_epochs, entries)), origin, digest)
        chosen = chosen or _chosen(entries, origin, digest)
        if chosen is None:
            return None
        try:
            return read_run(chosen.folder)
        except StudioError:
            return None

    def with_weights(self, origin: Path | None, network: Network) -> tuple[RunEntry, ...]:
        """The runs of a project that kept weights, the newest first: of its file, or of the same network."""
        kept = tuple(entry for entry in self.entries() if (entry.folder / BEST_FILE).is_file())
        return _all_of_file(kept, origin) or _all_of_network(kept, network_digest(network))

    def _entries(self) -> Iterator[RunEntry]:
        try:
            folders = [path for path in self.folder.iterdir() if (path / RECORD_FILE).is_file()]
        except OSError:
            return
        for folder in folders:
            try:
                yield RunEntry(folder, read_record(folder))
            except StudioError:
                continue


def _has_epochs(entry: RunEntry) -> bool:
    return entry.record.state == "running" or (entry.folder / HISTORY_FILE).is_file()


def _chosen(entries: tuple[RunEntry, ...], origin: Path | None, digest: str) -> RunEntry | None:
    found = _all_of_file(entries, origin) or _all_of_network(entries, digest)
    return found[0] if found else None


def _all_of_file(entries: tuple[RunEntry, ...], origin: Path | None) -> tuple[RunEntry, ...]:
    path = None if origin is None else str(origin.absolute())
    return tuple(entry for entry in entries if path is not None and entry.record.origin == path)


def _all_of_network(entries: tuple[RunEntry, ...], digest: str) -> tuple[RunEntry, ...]:
    return tuple(entry for entry in entries if not _has_file(entry) and _digest_of(entry) == digest)


def _has_file(entry: RunEntry) -> bool:
    """Whether the run belongs to a project file that is still there."""
    return entry.record.origin is not None and Path(entry.record.origin).is_file()


def _digest_of(entry: RunEntry) -> str:
    """Runs of before did not write it: their project tells it."""
    if entry.record.network_digest is not None:
        return entry.record.network_digest
    try:
        return network_digest(open_project(entry.folder / PROJECT_FILE).network)
    except StudioError:
        return ""
