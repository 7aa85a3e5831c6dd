"""Where pictures are kept: files under MEDIA_ROOT, by names that never change their content.

This is the whole of what the site asks of a store, so that another (an object store) can take its
place by doing the same.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

# A key, which tells nothing and cannot be guessed, and a width in pixels.
NAME = re.compile(r"(?P<key>[0-9a-f]{32})-[1-9][0-9]{0,3}\.webp")


class MediaStore:
    """Files in one folder, spread over folders of two letters so that none grows too large."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def save(self, name: str, content: bytes) -> None:
        """Keep a file; whoever reads meanwhile sees all of it or nothing."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{uuid4().hex}")
        partial.write_bytes(content)
        partial.replace(path)

    def open(self, name: str) -> BinaryIO | None:
        """Return a file to read from; None where there is none, or the name is none of ours."""
        if not NAME.fullmatch(name):
            return None
        try:
            return self._path(name).open("rb")
        except FileNotFoundError:
            return None

    def delete_key(self, key: str) -> None:
        """Forget the files of a key; those that are gone already are no mistake."""
        for path in self.root.glob(f"{key[:2]}/{key}-*.webp"):
            path.unlink(missing_ok=True)

    def keys_before(self, time: datetime) -> Iterator[str]:
        """Yield each key whose files are all older than a time, and sweep up what was cut short."""
        for folder in self.root.glob("[0-9a-f][0-9a-f]"):
            newest: dict[str, datetime] = {}
            for path in folder.iterdir():
                changed_at = _changed_at(path)
                found = NAME.fullmatch(path.name)
                if found:
                    newest[found["key"]] = max(newest.get(found["key"], changed_at), changed_at)
                elif path.name.startswith(".") and changed_at < time:
                    path.unlink(missing_ok=True)
            yield from (key for key, changed_at in newest.items() if changed_at < time)

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            msg = "no name of a media file"
            raise ValueError(msg)
        return self.root / name[:2] / name


def _changed_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        # Deleted meanwhile by another; as new as can be, so that nobody looks for it again.
        return datetime.max.replace(tzinfo=UTC)
