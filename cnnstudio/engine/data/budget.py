"""How much memory decoded pictures may take, so that later epochs need not decode them again."""

USUAL_BYTES = 512 * 2**20
_KEPT_SHARE = 0.8


class PictureBudget:
    """A number of bytes, for all that holds pictures that were decoded from files. Any thread may ask."""

    def __init__(self, most_bytes: int = USUAL_BYTES) -> None:
        self.most_bytes = most_bytes

    def places(self, bytes_each: int) -> int:
        """How many pictures of so many bytes may be kept; the rest is for those on their way."""
        return int(_KEPT_SHARE * self.most_bytes) // max(bytes_each, 1)


BUDGET = PictureBudget()
