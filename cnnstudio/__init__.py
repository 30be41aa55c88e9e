"""CNN Studio: build convolutional networks by stacking layers, train them, and look inside."""

__version__ = "0.1.0"
