"""Selections for pages that are tested without a window."""

from cnnstudio.engine.files.photos import PHOTOS
from cnnstudio.engine.files.projects import sample_project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.selection import Selection


def a_selection() -> Selection:
    """Over the sample project, with a photo."""
    document = Document(sample_project())
    selection = Selection(document)
    document.setParent(selection)
    selection.set_picture(PHOTOS[0])
    return selection
