"""The window: it arranges the pages and routes commands and messages."""
