"""Writing files whole or not at all."""

import errno
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cnnstudio.core.values.errors import StudioError

TEMPORARY_PREFIX = ".cnnstudio-"
"""What the names of files begin with that are not whole yet."""

_REASONS = {
    errno.ENOSPC: ("the disk is full", "Free some space, or choose another folder."),
    errno.EDQUOT: ("your share of the disk is used up", "Free some space, or choose another folder."),
    errno.EACCES: ("you may not write there", "Choose another folder, or change its permissions."),
    errno.EPERM: ("you may not write there", "Choose another folder, or change its permissions."),
    errno.EROFS: ("the disk is read-only", "Choose another folder."),
    errno.ENOENT: ("its folder does not exist", "Make the folder first, or choose another."),
    errno.ENOTDIR: ("a part of its path is a file, not a folder", "Choose another folder."),
    errno.EISDIR: ("a folder of that name is there", "Choose another name."),
    errno.ENAMETOOLONG: ("the name is too long", "Choose a shorter name."),
}


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Yield a path beside `target` to write to; on success it takes the target's place in one step.

    The temporary file ends in the target's own suffixes, because writers such as Keras look at
    them. When the block raises, the temporary file is removed and the target stays as it was.
    StudioError for whatever the disk or the permissions refuse, also inside the block.
    """
    with writing_errors(target):
        target = target.resolve()
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
        temporary = _made_beside(target)
        try:
            yield temporary
            _flushed_to_disk(temporary)
            temporary.replace(target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        _flush_folder(target.parent)


def write_bytes_atomically(target: Path, data: bytes) -> None:
    """Write `data` to `target`, whole or not at all. StudioError as for `atomic_path`."""
    with atomic_path(target) as temporary:
        temporary.write_bytes(data)


def write_text_atomically(target: Path, text: str) -> None:
    r"""Write `text` to `target` as UTF-8 with \n line ends, whole or not at all."""
    write_bytes_atomically(target, text.encode("utf-8"))


@contextmanager
def writing_errors(target: Path) -> Iterator[None]:
    """Turn an OSError of the block into a StudioError that names `target`, the reason and a way out."""
    try:
        yield
    except OSError as error:
        reason, advice = _reason(error)
        raise StudioError(f"Cannot write {target}: {reason}. {advice}") from error


def _reason(error: OSError) -> tuple[str, str]:
    usual = (error.strerror or str(error) or type(error).__name__, "Choose another folder.")
    return _REASONS.get(error.errno or _hdf5_errno(error), usual)


def _hdf5_errno(error: OSError) -> int:
    """h5py gives the system's error number only inside its text."""
    found = re.search(r"errno = (\d+)", str(error))
    return int(found[1]) if found else 0


def _made_beside(target: Path) -> Path:
    """Make an empty file with the permissions of the target, or those a new file usually gets."""
    suffixes = "".join(target.suffixes[-2:])
    temporary = target.with_name(f"{TEMPORARY_PREFIX}{uuid.uuid4().hex}{suffixes}")
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    if target.exists():
        with suppress(OSError):
            temporary.chmod(target.stat().st_mode & 0o777)
    return temporary


def _flushed_to_disk(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
