"""The style sheet of the window, made from the token table and `resources/style/studio.qss`.

The template names colors as `$panel` and text-dependent lengths as `13sp`: pixels that grow with the
text scale.
"""

import re
from functools import lru_cache
from hashlib import sha1
from pathlib import Path
from string import Template

from msgspec.structs import asdict

from cnnstudio.engine.files.resources import resource_path
from cnnstudio.gui.theme.icons import icon_svg
from cnnstudio.gui.theme.tokens import Tokens

_SCALED = re.compile(r"\b(\d+)sp\b")


def style_sheet(tokens: Tokens, folder: Path, scale: float = 1.0) -> str:
    """Qt style sheet in `tokens`' colors; the small pictures it names are written into `folder`."""
    filled = _template().substitute(asdict(tokens), **_pictures(tokens, folder))
    return _SCALED.sub(lambda match: f"{round(int(match[1]) * scale)}px", filled)


def _pictures(tokens: Tokens, folder: Path) -> dict[str, str]:
    # A style sheet takes pictures only as files.
    return {
        "image_up": _written(folder, "chevron-up", tokens.text2, 2.5),
        "image_down": _written(folder, "chevron-down", tokens.text2, 2.5),
        "image_right": _written(folder, "chevron-right", tokens.text2, 2.5),
        "image_up_off": _written(folder, "chevron-up", tokens.disabled, 2.5),
        "image_down_off": _written(folder, "chevron-down", tokens.disabled, 2.5),
        "image_check": _written(folder, "check", tokens.on_accent, 4),
        "image_partial": _written(folder, "minus", tokens.on_accent, 4),
        "image_back": _written(folder, "arrow-left", tokens.text2, 2),
        "image_forward": _written(folder, "arrow-right", tokens.text2, 2),
        "image_parent": _written(folder, "arrow-up", tokens.text2, 2),
        "image_new_folder": _written(folder, "folder-plus", tokens.text2, 2),
        "image_list": _written(folder, "list", tokens.text2, 2),
        "image_details": _written(folder, "table-2", tokens.text2, 2),
        "image_question": _written(folder, "info", tokens.accent, 2),
        "image_information": _written(folder, "info", tokens.accent, 2),
        "image_warning": _written(folder, "triangle-alert", tokens.warning, 2),
        "image_critical": _written(folder, "circle-alert", tokens.danger, 2),
    }


def _written(folder: Path, name: str, color: str, stroke: float) -> str:
    svg = icon_svg(name, color, stroke)
    # Qt caches pictures by path, so another color must be another file.
    path = folder / f"{name}-{sha1(svg.encode(), usedforsecurity=False).hexdigest()[:10]}.svg"
    if not path.exists():
        path.write_text(svg, encoding="utf-8")
    return f'url("{path.as_posix()}")'


@lru_cache(maxsize=1)
def _template() -> Template:
    return Template(resource_path("style", "studio.qss").read_text(encoding="utf-8"))
