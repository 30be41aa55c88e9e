"""The figures of `scripts/bench`. Each measurement compares two things in turn, in one run."""
