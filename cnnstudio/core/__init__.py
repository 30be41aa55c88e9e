"""What a network is: values and rules. Needs only the standard library, NumPy and pydantic."""
