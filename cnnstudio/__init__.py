"""CNN Studio: build convolutional networks by stacking layers, train them, and look inside."""

import os

__version__ = "0.1.0"

# pydantic would read the metadata of every installed package to find plugins, which nobody here has.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
