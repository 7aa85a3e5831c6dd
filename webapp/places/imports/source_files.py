"""Files that people hand to an import, and what is said about those that cannot be used."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

from webapp.progress import Advance

BLOCK = 1 << 18  # bytes that are read at a time
GLANCE = 4096
LARGEST = 6_000_000_000  # bytes; the directory’s CSV has about 1,500,000,000
MOST_RATIO = 100  # unpacked to packed; the directory’s is about 12
RATIO_COUNTS_FROM = 10_000_000  # bytes: small files may be as repetitive as they like

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
STARTS = {
    b"\xff\xfe": "is UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "is UTF-16 text; save it as UTF-8",
    ZIP: "is a zip file inside another file; unpack it and import what is in it",
    GZIP: "is a gzip file inside another file; unpack it and import what is in it",
    b"%PDF": "is a PDF document, not a CSV file",
    b"\xd0\xcf\x11\xe0": "is an Excel file; save it as CSV",
    b"<": "is a web page; download the file itself",
    b"{": "is JSON, not a CSV file",
    b"[": "is JSON, not a CSV file",
}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Read so many bytes at most; none are left where it returns none."""


class SourceFileError(Exception):
    """A file cannot be imported; one sentence names it, the line where there is one, and the fault."""


@dataclass(frozen=True)
class SourceFile:
    """A text file, perhaps compressed or in an archive; `name` is what people know it by.

    `size` is what reading adds up to for a progress bar; `packed` is how many bytes it takes on disk.
    """

    name: str
    size: int
    packed: int
    opened: Callable[[Advance], AbstractContextManager[Readable]]

    def error(self, fault: str, line: int | None = None) -> SourceFileError:
        """Return the error that says what is wrong with it, in one sentence."""
        return SourceFileError(f"{self.name} {fault}." if line is None else
                               f"{self.name}, line {line}: {fault}.")  # fmt: skip

    def blocks(self, advance: Advance) -> Iterator[bytes]:
        """Yield its content piece by piece, unpacked; raises SourceFileError.

        What it claims to be is judged by its start, and an endless one is not read to its end.
        """
        most = min(LARGEST, max(RATIO_COUNTS_FROM, MOST_RATIO * self.packed))
        done = 0
        with self._faults_told(), self.opened(advance) as stream:
            while block := stream.read(BLOCK):
                if not done:
                    self._check_start(block[:GLANCE])
                done += len(block)
                if done > most:
                    fault = f"unpacks to more than {most:,} bytes, so it is no honest file"
                    raise self.error(fault)
                yield block
        if not done:
            fault = "is empty"
            raise self.error(fault)

    def _check_start(self, start: bytes) -> None:
        text = start.removeprefix(BYTE_ORDER_MARK).lstrip()
        faults = [fault for mark, fault in STARTS.items() if text.startswith(mark)]
        # Without its mark, UTF-16 still has a zero in every second byte.
        if not faults and min(start[::2].count(0), start[1::2].count(0)) == 0 < start.count(0) // 9:
            faults = [STARTS[b"\xff\xfe"]]
        if faults:
            raise self.error(faults[0])

    @contextmanager
    def _faults_told(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise self.error("does not exist") from None
        except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile):
            raise self.error("is damaged or not whole; fetch it again") from None
        # zipfile’s word for a way of packing that it does not know.
        except NotImplementedError:
            fault = (
                "is packed in a way that cannot be read here; unpack it and import what is in it"
            )
            raise self.error(fault) from None
        except OSError as error:
            raise self.error(f"cannot be read: {error.strerror or error}") from None


def file_on_disk(path: Path) -> SourceFile:
    """Return a file as it lies in a folder, compressed with gzip or not; raises SourceFileError."""
    try:
        with path.open("rb") as file:
            is_gzip = file.read(len(GZIP)) == GZIP
        size = path.stat().st_size
    except FileNotFoundError:
        msg = f"{path} does not exist."
        raise SourceFileError(msg) from None
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}."
        raise SourceFileError(msg) from None

    @contextmanager
    def opened(advance: Advance) -> Iterator[Readable]:
        with path.open("rb") as file:
            counted = Counted(file, advance)
            if not is_gzip:
                yield counted
                return
            with gzip.GzipFile(fileobj=cast("Any", counted)) as unpacked:
                yield unpacked

    return SourceFile(path.name, size, size, opened)


class Counted:
    """A file that tells how many bytes were read of it."""

    def __init__(self, file: Readable, advance: Advance) -> None:
        self._file, self._advance = file, advance

    def read(self, size: int = -1, /) -> bytes:
        """Read on, and tell how far."""
        block = self._file.read(size)
        self._advance(len(block))
        return block
