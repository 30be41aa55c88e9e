"""What a person sees: the only place for PySide6 and pyqtgraph. Never imports Keras."""

# PySide6 looks at every import that comes after its own: the storey that needs no Qt goes before it.
import cnnstudio.core.project  # noqa: F401
