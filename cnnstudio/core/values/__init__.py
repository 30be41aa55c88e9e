"""The smallest values: shapes, words, names, errors."""
