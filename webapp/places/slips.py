"""Slips of typing: how many there are between what was typed and a name."""

# Short names are a slip or two away from many others.
MOST_SLIPS = ((5, 1), (8, 2))
MOST_OF_LONG_ONES = 3


def is_slip(typed: str, written: str) -> bool:
    """Tell whether somebody may have typed the one and meant the other."""
    few = (slips for letters, slips in MOST_SLIPS if len(typed) <= letters)
    return slips_between(typed, written) <= next(few, MOST_OF_LONG_ONES)


def slips_between(typed: str, written: str) -> int:
    """Return how many letters were left out, added, mistaken, or swapped with the next one.

    This is the optimal string alignment distance: no letter is touched twice.
    """
    before: list[int] = []
    row = list(range(len(written) + 1))
    for n, letter in enumerate(typed):
        before, above, row = row, before, [n + 1]
        for m, other in enumerate(written):
            slips = min(before[m + 1] + 1, row[m] + 1, before[m] + (letter != other))
            if n and m and letter == written[m - 1] and typed[n - 1] == other:
                slips = min(slips, above[m - 1] + 1)
            row.append(slips)
    return row[-1]
