"""Where pictures are kept: files under MEDIA_ROOT, by names that never change their content.

This is the whole of what the site asks of a store, so that another (an object store) can take its
place by doing the same.
"""

import re
from pathlib import Path
from uuid import uuid4

NAME = re.compile(r"[0-9a-f]{32}-[0-9]{1,4}\.webp")


class MediaStore:
    """Files in one folder, spread over folders of two letters so that none grows too large."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def save(self, name: str, content: bytes) -> None:
        """Keep a file; whoever reads meanwhile sees all of it or nothing."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{uuid4().hex}")
        partial.write_bytes(content)
        partial.replace(path)

    def delete(self, name: str) -> None:
        """Forget a file; one that is gone already is no mistake."""
        self.path(name).unlink(missing_ok=True)

    def path(self, name: str) -> Path:
        """Return where a file is or would be; raises ValueError for what is no name of ours."""
        if not NAME.fullmatch(name):
            msg = "no name of a media file"
            raise ValueError(msg)
        return self.root / name[:2] / name
