"""Kernels by hand: convolution in NumPy, and classic kernels to try."""
