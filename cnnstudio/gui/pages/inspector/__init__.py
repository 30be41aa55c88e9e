"""The Inspect page: what a weights file holds, and pictures through its kernels."""
