"""Editors made from the fields of any frozen pydantic model."""
