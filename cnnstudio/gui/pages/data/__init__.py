"""The Data page: which images, how they are split, what they look like."""
