"""Outward codes that begin in some way, all of them written out.

Looking a few hundred codes up takes less time than searching the table by how codes begin, for
which it has no index.
"""

from string import ascii_uppercase, digits


def outward_codes(beginning: str) -> list[str]:
    """Return what the outward codes may be that begin so; “OL” stands for a whole area."""
    if beginning.isalpha():
        return [code for digit in digits for code in outward_codes(beginning + digit)]
    return [beginning, *(beginning + last for last in digits + ascii_uppercase)]
