"""When a kernel does nothing: its weights are 0, or so small that nothing is left of them."""

DEAD = 1e-12
"""Weights below it come of decay, not of learning; 1e-34 is usual. Beside a bias, and before an
activation or a normalization in float32, what they add up to is 0.
"""
FLAT = 1e-9
"""What the numbers of a map differ by at most when a dead kernel of a thousand weights made it."""
