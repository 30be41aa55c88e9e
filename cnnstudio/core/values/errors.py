"""The one exception whose text is meant for a person."""


class StudioError(Exception):
    """A sentence for a person: what was received, what is expected, what to do.

    Everything the engine refuses is raised as this; the window shows the text in a bar,
    the command line prints it on standard error and exits with 1.
    """
