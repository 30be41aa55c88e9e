"""Colors that tell classes apart."""

from colorsys import hsv_to_rgb

_GOLDEN = 0.618034
"""Steps of this part of the color wheel come never near each other."""


def usual_color(number: int) -> str:
    """The color of class `number`, from 0, as `#rrggbb`: neighbours differ, and none is black."""
    hue, ring = (0.6 + number * _GOLDEN) % 1.0, number % 3
    red, green, blue = hsv_to_rgb(hue, (0.75, 0.5, 0.9)[ring], (1.0, 0.9, 0.75)[ring])
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def channels(color: str) -> tuple[int, int, int]:
    """Red, green and blue of `#rrggbb`, each 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
