"""What a person sees: the only place for PySide6 and pyqtgraph. Never imports Keras."""
