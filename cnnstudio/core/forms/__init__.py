"""What a form needs to know of a value, read from its fields; and why a text is refused."""
