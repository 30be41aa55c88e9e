"""Training: one blocking function that speaks in events."""
