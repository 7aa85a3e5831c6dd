"""Where a fetched file came from, kept beside it: to ask only for what has changed since."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Origin:
    """An address, and by what its publisher tells one version of the file from another."""

    address: str
    etag: str = ""
    last_modified: str = ""

    @classmethod
    def of(cls, address: str, headers: Mapping[str, str]) -> Self:
        """Return the origin that an answer’s headers tell."""
        return cls(address, headers.get("ETag", ""), headers.get("Last-Modified", ""))

    @property
    def version(self) -> str:
        """What an answer must agree with to be joined to a part; empty where nothing is sure.

        A weak tag says that two files mean the same, not that their bytes are the same.
        """
        return self.last_modified if self.etag.startswith("W/") else self.etag or self.last_modified

    def unless_changed(self) -> dict[str, str]:
        """Return the headers that ask for the file only if it has changed."""
        tags = {"If-None-Match": self.etag} if self.etag else {}
        return tags or ({"If-Modified-Since": self.last_modified} if self.last_modified else {})

    def write_beside(self, path: Path) -> None:
        """Keep it beside its file, with what tells whether the file is still the same."""
        record = asdict(self) | {"stamp": _stamp(path)}
        _beside(path).write_text(json.dumps(record), encoding="utf-8")

    @classmethod
    def read_beside(cls, path: Path, *, is_growing: bool = False) -> Self | None:
        """Return a file’s origin; None where there is none, or somebody has put another file there.

        A file `is_growing` while it is downloaded, and need not be as it was.
        """
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            record = json.loads(_beside(path).read_text(encoding="utf-8"))
            if record.pop("stamp") == _stamp(path) or is_growing:
                return cls(**record)
        return None


def forget(path: Path) -> None:
    """Remove a file and what is kept beside it."""
    path.unlink(missing_ok=True)
    _beside(path).unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.origin")


def _stamp(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]
