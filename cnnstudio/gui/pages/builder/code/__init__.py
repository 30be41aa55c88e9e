"""The code pane: text, colors and margin."""
