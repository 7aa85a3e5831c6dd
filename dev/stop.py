"""The one exception that ends a command with a sentence for the person at the keyboard."""


class Stop(Exception):  # noqa: N818 - it is an answer to the person, not an error in the program
    """Say in one sentence what happened and what to do; no traceback is shown."""
