"""What a person sees: the only place for PySide6 and pyqtgraph. Never imports Keras."""

import builtins

_pythons_own_import = builtins.__import__

import PySide6.QtCore  # noqa: E402, F401

# PySide puts an import of its own in the place of Python's, for `from __feature__ import ...`, which nobody
# here says. It reads the source of every module that is imported from then on: a tenth of the imports of the
# window, and a second of TensorFlow's, during which the window has no turn (PySide6 6.11, feature.py).
builtins.__import__ = _pythons_own_import
