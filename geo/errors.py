"""Why a piece of geography was refused, as a code that the caller puts into words."""

from enum import StrEnum


class Reason(StrEnum):
    """What is wrong with a coordinate or a box."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    SWAPPED = "swapped"
    OUTSIDE_UK = "outside_uk"
    NOT_A_BOX = "not_a_box"


class GeographyError(ValueError):
    """A value that is no place on earth, or none that we cover."""

    def __init__(self, reason: Reason):
        super().__init__(reason.value)
        self.reason = reason
