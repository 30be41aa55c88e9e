"""A project: network, data and training in one file."""

from cnnstudio.core.project.project import (
    FORMAT_VERSION,
    MAX_FILE_BYTES,
    MAX_VALUES,
    Project,
    from_json,
    to_json,
)

__all__ = ["FORMAT_VERSION", "MAX_FILE_BYTES", "MAX_VALUES", "Project", "from_json", "to_json"]
