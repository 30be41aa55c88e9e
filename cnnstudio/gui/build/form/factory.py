"""Which editor goes with which kind of setting."""

from cnnstudio.core.fields import (
    Anything,
    Choice,
    Integer,
    Kind,
    Listing,
    Maybe,
    Number,
    Parts,
    Sizes,
    Sources,
    Switch,
    Text,
    Variants,
)
from cnnstudio.gui.build.form.choices import choice_editor
from cnnstudio.gui.build.form.composite import MaybeEditor, PartsEditor
from cnnstudio.gui.build.form.editor import Editor, MakeEditor, Workshop
from cnnstudio.gui.build.form.simple import IntegerEditor, NumberEditor, SwitchEditor, TextEditor
from cnnstudio.gui.build.form.sizes import SizesEditor
from cnnstudio.gui.build.form.sources import sources_editor
from cnnstudio.gui.build.form.variants import VariantsEditor

EDITORS: tuple[tuple[type, MakeEditor], ...] = (
    (Integer, IntegerEditor),
    (Number, NumberEditor),
    (Switch, SwitchEditor),
    (Choice, choice_editor),
    (Text, TextEditor),
    (Parts, PartsEditor),
    (Listing, TextEditor),
    (Sizes, SizesEditor),
    (Maybe, MaybeEditor),
    (Variants, VariantsEditor),
    (Sources, sources_editor),
    (Anything, TextEditor),
)
_BY_KIND = dict(EDITORS)


def make_editor(kind: Kind, workshop: Workshop) -> Editor:
    """A new editor for settings of that kind."""
    return _BY_KIND[type(kind)](kind, workshop)
