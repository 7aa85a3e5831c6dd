"""Files that people hand to an import, and what is said about those that cannot be used."""


class SourceFileError(Exception):
    """A file cannot be imported; one sentence names it, the line where there is one, and the fault."""
