"""Checkpoints as files in a folder that a web server can give out by itself.

The rows are what is true, and the worker writes the files from them: one that is missing, or is not to
the byte what its row says, is written anew, so a folder that was lost comes back by itself. Any number
of workers may do so at once, for they write the same, and whoever reads meanwhile sees all of a file or
nothing.
"""

import logging
from collections.abc import Collection, Iterator
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.config import Settings
from webapp.pledges.models import Checkpoint

AT_ONCE = 1000

logger = logging.getLogger(__name__)


class CheckpointFiles:
    """The files `1.json`, `2.json` and so on, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, settings: Settings) -> "CheckpointFiles":
        """Return those of a site, beside its pictures."""
        return cls(settings.media_folder / "checkpoints")

    def read(self, number: int) -> bytes | None:
        """Return one to the byte; None where there is none."""
        try:
            return self._path(number).read_bytes()
        except FileNotFoundError:
            return None

    def publish(self, session: Session) -> int:
        """Write what is committed and not here yet; return how many files were written.

        To be called with nothing uncommitted, for what is read is made public.
        """
        # The folder first: a file that another worker writes after this has a row that is not looked at.
        here = self._numbers()
        rows = set(session.scalars(select(Checkpoint.number)))
        wanted = (rows - here) | set(self._outdated(session, rows & here))
        for number in sorted(here - rows):
            logger.warning("checkpoint %s has no row any more: its file is removed", number)
            self._path(number).unlink(missing_ok=True)
        for content in _contents(session, sorted(wanted)):
            self._write(*content)
        return len(wanted)

    def _outdated(self, session: Session, numbers: Collection[int]) -> Iterator[int]:
        """Yield those that are not what their rows say, from the latest to the first that is.

        Each names the seal of the one before, so all before one that is right are right as well. Others
        come from a database that was restored from an older backup since.
        """
        for number in sorted(numbers, reverse=True):
            [(_number, content)] = _contents(session, [number])
            if self.read(number) == content.encode():
                return
            yield number

    def _numbers(self) -> set[int]:
        names = (path.stem for path in self.folder.glob("*.json"))
        return {int(name) for name in names if name.isascii() and name.isdigit()}

    def _write(self, number: int, content: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f".{uuid4().hex}"
        partial.write_bytes(content.encode())
        partial.replace(self._path(number))

    def _path(self, number: int) -> Path:
        return self.folder / f"{number}.json"


def _contents(session: Session, numbers: list[int]) -> Iterator[tuple[int, str]]:
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        statement = select(Checkpoint.number, Checkpoint.content)
        for row in session.execute(statement.where(Checkpoint.number.in_(some))):
            yield row.number, row.content
