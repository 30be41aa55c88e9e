"""The pictures of a ZIP archive, unpacked once, into the person's cache.

What is unpacked is known by the archive's path, size and time, so that another archive of the name is
unpacked anew; what was unpacked of one that is gone or was written since is removed then.
"""

import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from uuid import uuid4

from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data.source import Tell, silent
from cnnstudio.engine.files.kinds import PICTURE_SUFFIXES
from cnnstudio.engine.files.writing import TEMPORARY_PREFIX, writing_errors
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested, never

_ADVICE = "Save it anew, or unpack it and choose the folder."
_TROUBLE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError)
_ENCRYPTED = 0x1
_MOST_FOLD, _ALWAYS_BYTES = 200, 256 * 2**20
"""Pictures hardly pack smaller: an archive that says to unpack to more than this many times its size, and to
more than these bytes, is none of pictures."""
_SPARE_BYTES = 2**30
"""What stays free on the disk."""
_MOST_FILES = 2_000_000
_CHUNK = 2**20
_NOTE = "archive.json"


def unpacked_folder(archive: Path) -> Path:
    """Where the files of an archive are, or would be; nothing is unpacked. OSError where it is gone."""
    about = archive.stat()
    known = f"{archive.absolute()}|{about.st_size}|{about.st_mtime_ns}"
    return _archives() / sha256(known.encode("utf-8", "surrogateescape")).hexdigest()[:24] / archive.stem


def unpacked(archive: Path, should_stop: ShouldStop = never, tell: Tell = silent) -> Path:
    """The folder with the pictures of an archive, unpacked where it is not yet; blocks.

    StudioError for an archive that is damaged, locked or too large; StopRequested once it was asked to stop.
    """
    with _reading_errors(archive):
        folder = unpacked_folder(archive)
        if folder.is_dir():
            return folder
        _forget_outdated()
        with zipfile.ZipFile(archive) as opened:
            members = _pictures_in(opened, archive)
            _check_size(archive, members, folder)
            _unpack(opened, members, archive, folder, should_stop, tell)
    return folder


def _archives() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("cnnstudio", appauthor=False) / "archives"


def _pictures_in(opened: zipfile.ZipFile, archive: Path) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """The pictures by their places; what else is in the archive is left there."""
    found: dict[PurePosixPath, zipfile.ZipInfo] = {}
    for member in opened.infolist():
        place = PurePosixPath(member.filename.replace("\\", "/"))
        if member.is_dir() or place.suffix.lower() not in PICTURE_SUFFIXES or _is_hidden(place):
            continue
        if place.is_absolute() or ".." in place.parts or ":" in place.parts[0]:
            raise StudioError(
                f"{archive} names a file outside of itself, {member.filename!r}, as no sound archive does. "
                "It was not unpacked."
            )
        if member.flag_bits & _ENCRYPTED:
            raise StudioError(f"{archive} is locked by a password. Unpack it, and choose the folder.")
        found[place] = member
    if not found:
        raise StudioError(f"{archive} holds {_what_else(opened)}")
    return found


def _is_hidden(place: PurePosixPath) -> bool:
    """What a Mac puts beside each file, and files that begin with a dot."""
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in place.parts)


def _what_else(opened: zipfile.ZipFile) -> str:
    arrays = sum(name.endswith(".npy") for name in opened.namelist())
    if arrays:
        return (
            f"{counted(arrays, 'NumPy array')} and no pictures. Give it the ending .npz, and choose it again."
        )
    return "no pictures. Choose an archive of pictures, or a folder."


def _check_size(archive: Path, members: dict[PurePosixPath, zipfile.ZipInfo], folder: Path) -> None:
    size = sum(member.file_size for member in members.values())
    packed = archive.stat().st_size
    if len(members) > _MOST_FILES or size > max(_MOST_FOLD * packed, _ALWAYS_BYTES):
        raise StudioError(
            f"{archive} has {_megabytes(packed)} and says to hold {counted(len(members), 'picture')} of "
            f"{_megabytes(size)}, more than pictures pack to. Unpack it, and choose the folder."
        )
    free = shutil.disk_usage(_existing(folder)).free
    if size > free - _SPARE_BYTES:
        raise StudioError(
            f"{archive} unpacks to {_megabytes(size)}, and {_megabytes(free)} are free at {folder.parent}. "
            "Make room, or unpack it elsewhere and choose the folder."
        )


def _unpack(
    opened: zipfile.ZipFile,
    members: dict[PurePosixPath, zipfile.ZipInfo],
    archive: Path,
    folder: Path,
    should_stop: ShouldStop,
    tell: Tell,
) -> None:
    """Beside the place and then renamed: what stands there is whole."""
    beside = folder.parent.with_name(f"{TEMPORARY_PREFIX}{uuid4().hex}")
    try:
        with writing_errors(folder.parent):
            for done, (place, member) in enumerate(members.items()):
                if should_stop():
                    raise StopRequested
                tell(done)
                _write(opened, member, beside / folder.name / place, should_stop)
            (beside / _NOTE).write_text(json.dumps({"archive": str(archive.absolute())}), encoding="utf-8")
            if not folder.parent.exists():
                beside.rename(folder.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, should_stop: ShouldStop) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # zipfile gives no more bytes than the archive says, and these were counted.
    with opened.open(member) as packed, target.open("wb") as file:
        while chunk := packed.read(_CHUNK):
            if should_stop():
                raise StopRequested
            file.write(chunk)


def _forget_outdated() -> None:
    """Remove what was unpacked of archives that are gone or were written since."""
    for note in _archives().glob(f"*/{_NOTE}"):
        try:
            archive = Path(json.loads(note.read_text(encoding="utf-8"))["archive"])
            is_current = archive.is_file() and unpacked_folder(archive).parent == note.parent
        except (OSError, ValueError, KeyError, TypeError):
            is_current = False
        if not is_current:
            shutil.rmtree(note.parent, ignore_errors=True)


def _existing(folder: Path) -> Path:
    return next(parent for parent in folder.parents if parent.exists())


def _megabytes(size: int) -> str:
    return f"{size / 2**30:,.1f} GB" if size >= 2**30 else f"{max(1, round(size / 2**20)):,} MB"


@contextmanager
def _reading_errors(archive: Path) -> Iterator[None]:
    try:
        yield
    except StudioError:
        raise
    except FileNotFoundError as error:
        raise StudioError(f"There is no archive {archive}. Bring it back, or choose other data.") from error
    except PermissionError as error:
        raise StudioError(
            f"You may not read {archive}. Change its permissions, or choose other data."
        ) from error
    except _TROUBLE as error:
        raise StudioError(f"{archive} is damaged or no ZIP archive ({error}). {_ADVICE}") from error
    except OSError as error:
        raise StudioError(f"{archive} cannot be read ({error}). {_ADVICE}") from error
