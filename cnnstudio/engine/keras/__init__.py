"""From a network to a Keras model; Keras itself is imported inside functions only."""
