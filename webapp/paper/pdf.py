"""Making a PDF of a page: one at a time, and only where this machine can."""

import threading
from pathlib import Path

SECONDS_TO_WAIT = 10

# A page takes a processor for about a second, so a process makes one at a time.
_one_at_a_time = threading.Lock()


class PdfError(Exception):
    """No PDF now; the page can be printed from the browser."""


class PdfMissingError(PdfError):
    """The libraries that make one are not on this machine."""


class PdfBusyError(PdfError):
    """Too many are asked for at once."""


def make_pdf(html: str, css: str, *, origin: str, static_path: str, static_folder: Path) -> bytes:
    """Return a page as a PDF; raises PdfError where there can be none now.

    The page may use what lies in the static folder, which its addresses call `static_path`; `css`
    is what its own style sheets leave open.
    """
    if not _one_at_a_time.acquire(timeout=SECONDS_TO_WAIT):
        raise PdfBusyError
    try:
        from webapp.paper.printing import OwnFiles, to_pdf  # noqa: PLC0415 -- it may be missing

        fetcher = OwnFiles(f"{origin}{static_path}/", static_folder)
        return to_pdf(html, css, fetcher, f"{origin}/")
    except OSError as error:
        raise PdfMissingError from error
    finally:
        _one_at_a_time.release()
