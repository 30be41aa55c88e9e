"""The JSON Schema of a project file, for editors and other programs."""

from functools import cache
from typing import Any

from cnnstudio.core.project.project import FORMAT_VERSION, models_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def project_schema() -> dict[str, Any]:
    """The schema of format version `FORMAT_VERSION`; shared, so not to be changed.

    It knows names, types and ranges; that names are unique and arcs lead upwards is checked on reading.
    """
    title = f"CNN Studio project, format version {FORMAT_VERSION}"
    return {**models_schema(), "$schema": DIALECT, "title": title}
