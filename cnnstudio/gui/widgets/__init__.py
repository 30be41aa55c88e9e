"""Small controls that every page uses; none of them knows a page or the document."""
