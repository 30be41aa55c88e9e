"""What one sample looks like as it leaves each layer of a network, trained or not."""

from cnnstudio.engine.interpret.previews.limits import Limits
from cnnstudio.engine.interpret.previews.picture import Kind, Preview, Source
from cnnstudio.engine.interpret.previews.previewer import Previewer, Request

__all__ = ["Kind", "Limits", "Preview", "Previewer", "Request", "Source"]
