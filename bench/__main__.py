"""Run the benchmarks that are named, or all: `python -m bench [NAME …]`."""

import sys
from collections.abc import Callable

from bench import (
    area_assignment,
    fairness,
    flat,
    locating,
    map_and_lists,
    pledges,
    postcode_import,
    watching,
)

BENCHMARKS: dict[str, Callable[[], None]] = {
    "area_assignment": area_assignment.run,
    "fairness": fairness.run,
    "flat": flat.run,
    "locating": locating.run,
    "map_and_lists": map_and_lists.run,
    "pledges": pledges.run,
    "postcode_import": postcode_import.run,
    "watching": watching.run,
}


def main(names: list[str]) -> int:
    """Run benchmarks by name; say which there are when a name is none."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}.")
        return 2
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
