"""Which editor goes with which kind of setting."""

from cnnstudio.core.forms.fields import (
    Anything,
    Choice,
    FileName,
    Integer,
    Kind,
    Listing,
    Maybe,
    Number,
    Parts,
    Sizes,
    Switch,
    Text,
    Variants,
)
from cnnstudio.gui.fields.choices import choice_editor
from cnnstudio.gui.fields.composite import MaybeEditor, PartsEditor
from cnnstudio.gui.fields.editor import Editor, EditorContext, MakeEditor
from cnnstudio.gui.fields.file_name import FileNameEditor
from cnnstudio.gui.fields.simple import NumberEditor, SwitchEditor, TextEditor, integer_editor
from cnnstudio.gui.fields.sizes import SizesEditor
from cnnstudio.gui.fields.variants import VariantsEditor

EDITORS: tuple[tuple[type, MakeEditor], ...] = (
    (Integer, integer_editor),
    (Number, NumberEditor),
    (Switch, SwitchEditor),
    (Choice, choice_editor),
    (Text, TextEditor),
    (FileName, FileNameEditor),
    (Parts, PartsEditor),
    (Listing, TextEditor),
    (Sizes, SizesEditor),
    (Maybe, MaybeEditor),
    (Variants, VariantsEditor),
    (Anything, TextEditor),
)
_BY_KIND = dict(EDITORS)


def make_editor(kind: Kind, context: EditorContext) -> Editor:
    """A new editor for settings of that kind.

    KeyError for a kind that only one form knows; that form makes its editor itself.
    """
    return _BY_KIND[type(kind)](kind, context)
