"""How a field shows that its text cannot be read."""

from PySide6.QtWidgets import QWidget


def mark_invalid(widget: QWidget, invalid: bool) -> None:
    """Let the style sheet show a field in red, or as usual again."""
    if is_marked_invalid(widget) == invalid:
        return
    widget.setProperty("invalid", "true" if invalid else "false")
    # Qt looks at dynamic properties only when a widget is polished.
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def is_marked_invalid(widget: QWidget) -> bool:
    """Whether the field is shown in red."""
    return bool(widget.property("invalid") == "true")
