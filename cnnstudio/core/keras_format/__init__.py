"""How Keras 1, 2 and 3 write a model down, read as a network; and a network as Keras code."""
