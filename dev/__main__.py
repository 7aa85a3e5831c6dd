"""Run a command: `python3 -m dev run`. Readable by old Pythons, so that they get a sentence."""

import os
import shutil
import sys

OLDEST = (3, 11)
NEWER_NAMES = ("python3.13", "python3.12", "python3.11")


def use_a_newer_python() -> None:
    """Start again under a Python that is new enough, or say that there is none."""
    for name in NEWER_NAMES:
        path = shutil.which(name)
        if path:
            os.execv(path, [path, "-m", "dev"] + sys.argv[1:])  # noqa: RUF005, S606 -- an old Python has to read this line; the program is ourselves
    sys.stderr.write(
        "Moment Map needs Python 3.11 or newer and this is Python %d.%d: install a newer one "  # noqa: UP031 -- an old Python has to read this line
        "(on Debian or Ubuntu: “sudo apt-get install python3.11 python3.11-venv”).\n"
        % sys.version_info[:2]
    )
    sys.exit(1)


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        use_a_newer_python()
    from dev.commands import main

    sys.exit(main(sys.argv[1:]))
