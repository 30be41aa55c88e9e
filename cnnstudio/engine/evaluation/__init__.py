"""Trained networks put to the test: reports over a part of the data, and answers to single pictures."""
