"""What a machine does: files, Keras, HDF5, pictures. Blocking functions without Qt."""
