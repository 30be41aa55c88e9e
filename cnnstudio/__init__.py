"""CNN Studio: build convolutional networks by stacking layers, train them, and look inside."""

from importlib.metadata import version

__version__ = version("cnnstudio")
