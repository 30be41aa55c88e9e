"""Shapes: pictures that the program draws from a seed. What is known of them without NumPy."""

CLASS_NAMES = ("circle", "square", "triangle", "star", "cross", "ring", "heart", "crescent")
SIDE = 48
"""Height and width of a picture, in pixels."""
TRAIN_COUNT = 3_000
TEST_COUNT = 600
TRAIN_SEED = 1
TEST_SEED = 2
"""Another seed, so other pictures than those to learn from."""
