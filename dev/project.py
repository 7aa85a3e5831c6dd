"""Where things are in this clone."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """A clone of the repository, with its private folder .local."""

    root: Path

    @property
    def local(self) -> Path:
        """Everything that this clone keeps to itself: database, mail, logs, stamps."""
        return self.root / ".local"

    @property
    def venv(self) -> Path:
        """The virtual environment of the site."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The Python that runs the site; the one running this may be another."""
        return self.venv / "bin" / "python"

    @property
    def stamps(self) -> Path:
        """One file for each step of the set-up, holding what it was last done for."""
        return self.local / "stamps"

    def log(self, name: str) -> Path:
        """Return the path of a log, making its folder."""
        folder = self.local / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.log"

    def is_done(self, step: str, fingerprint: str) -> bool:
        """Tell whether a step of the set-up was last done for just this input."""
        stamp = self.stamps / step
        return stamp.is_file() and stamp.read_text() == fingerprint

    def mark_done(self, step: str, fingerprint: str) -> None:
        """Note that a step of the set-up has been done for this input."""
        self.stamps.mkdir(parents=True, exist_ok=True)
        (self.stamps / step).write_text(fingerprint)


def fingerprint_of(files: Iterable[Path], *words: str) -> str:
    """Return a hash of the files' names and contents and of some words."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file}\0".encode())
        digest.update(file.read_bytes())
    for word in words:
        digest.update(f"\0{word}".encode())
    return digest.hexdigest()
