"""Runs: their folders, and what happened in them, in numbers and in words."""
