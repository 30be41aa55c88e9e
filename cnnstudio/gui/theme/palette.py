"""Qt's palette from the token table, for everything the style sheet does not name."""

from PySide6.QtGui import QColor, QPalette

from cnnstudio.gui.theme.tokens import Tokens

_Role = QPalette.ColorRole
_ROLES = (
    (_Role.Window, "window"),
    (_Role.Base, "field"),
    (_Role.AlternateBase, "panel"),
    (_Role.Button, "card"),
    (_Role.Text, "text"),
    (_Role.WindowText, "text"),
    (_Role.ButtonText, "text"),
    (_Role.BrightText, "danger"),
    (_Role.Highlight, "accent"),
    (_Role.HighlightedText, "on_accent"),
    (_Role.ToolTipBase, "card"),
    (_Role.ToolTipText, "text"),
    (_Role.PlaceholderText, "text3"),
    (_Role.Link, "accent"),
    (_Role.LinkVisited, "accent"),
    (_Role.Accent, "accent"),
    (_Role.Light, "hover"),
    (_Role.Midlight, "border"),
    (_Role.Mid, "border"),
    (_Role.Dark, "outline"),
    (_Role.Shadow, "shadow"),
)
_DIMMED = (_Role.Text, _Role.WindowText, _Role.ButtonText)


def palette(tokens: Tokens) -> QPalette:
    """A palette in which every role comes from `tokens`."""
    made = QPalette()
    for role, name in _ROLES:
        made.setColor(role, QColor(getattr(tokens, name)))
    for role in _DIMMED:
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.disabled))
    return made
