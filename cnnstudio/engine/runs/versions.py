"""The versions a run is made with."""

import platform
from importlib.metadata import PackageNotFoundError, version

from pydantic import BaseModel, ConfigDict


class Versions(BaseModel):
    """What the run was made with."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    studio: str
    keras: str
    tensorflow: str
    python: str


def versions() -> Versions:
    """The versions in use, without importing anything."""
    return Versions(
        studio=_version("cnnstudio"),
        keras=_version("keras"),
        tensorflow=_version("tensorflow"),
        python=platform.python_version(),
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
