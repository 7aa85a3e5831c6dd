"""Slips of typing: how many there are between what was typed and a name."""

FEW_LETTERS = 6  # names so short are one slip away from many others


def is_slip(typed: str, written: str) -> bool:
    """Tell whether somebody may have typed the one and meant the other."""
    return slips_between(typed, written) <= (1 if len(typed) < FEW_LETTERS else 2)


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
