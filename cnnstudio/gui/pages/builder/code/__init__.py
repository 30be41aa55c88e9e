"""The code pane: text, colours and margin."""
