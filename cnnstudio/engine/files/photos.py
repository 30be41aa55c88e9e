"""The included photos, by name; reading one takes `images.open_image`."""

from pathlib import Path

from msgspec import Struct

from cnnstudio.engine.files.resources import resource_path


class Photo(Struct, frozen=True):
    """An included photo; `name` is what a command takes, `title` what a person reads."""

    name: str
    title: str
    path: Path


def _photo(name: str, title: str) -> Photo:
    return Photo(name, title, resource_path("photos", f"{name}.png"))


PHOTOS: tuple[Photo, ...] = (
    _photo("camera", "Cameraman"),
    _photo("chelsea", "Chelsea the cat"),
    _photo("coffee", "A cup of coffee"),
    _photo("coins", "Greek coins"),
    _photo("brick", "Brick wall"),
)
