"""The files that are in the repository."""

import os
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


# What a clone holds that is not in the repository; .gitignore says the same to git.
MADE = {"node_modules", "vendor", "gen", "backups", "build", "dist", "test-results", "__pycache__"}


@cache
def tracked(*endings: str) -> tuple[Path, ...]:
    """Return the repository's files, those with one of these endings or all, from the root on."""
    # A file that was deleted and not yet committed is still listed.
    there = [path for path in _listed() if (ROOT / path).is_file()]
    return tuple(path for path in there if not endings or path.suffix in endings)


@cache
def _listed() -> tuple[Path, ...]:
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    try:
        done = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return tuple(sorted(_walked()))
    return tuple(Path(name) for name in done.stdout.split("\0") if name)


def _walked() -> Iterator[Path]:
    """Yield the files of a copy that came without git."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in MADE and _is_ours(name)]
        for name in names:
            if not name.endswith((".mo", ".pot")):
                yield Path(folder, name).relative_to(ROOT)


def _is_ours(folder: str) -> bool:
    return folder == ".ci" or not (folder.startswith(".") or folder.endswith(".egg-info"))


def texts_of_tracked_files() -> dict[Path, str]:
    """Return the text of every tracked file that is text."""
    texts = {}
    for path in tracked():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            texts[path] = content.decode()
    return texts
