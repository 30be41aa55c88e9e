"""What can be said of a network without running it: shapes, counts, costs, memory."""

from cnnstudio.core.analysis.analysis import Analysis, Row, Totals, analyze

__all__ = ["Analysis", "Row", "Totals", "analyze"]
