"""WeasyPrint, held to our own files. To be imported when a PDF is wanted and not before.

As it is imported it looks for libraries of the system (Pango, HarfBuzz), takes a while, and raises
OSError where they are missing.
"""

import logging
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


class OwnFiles(URLFetcher):
    """Gets what a page needs from the folder of static files, or from the page; else refuses."""

    def __init__(self, prefix: str, folder: Path) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)
        self.prefix, self.folder = prefix, folder.resolve()

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return a file; raises ValueError for an address that is not ours."""
        if not url.startswith(self.prefix):
            return super().fetch(url, headers)
        name = unquote(urlsplit(url.removeprefix(self.prefix)).path)
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder) or path.suffix not in TYPES:
            msg = "not a static file of ours"
            raise ValueError(msg)
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": TYPES[path.suffix]})


# Unpacked once: reading our faces anew takes longer than setting a page.
_fonts = FontConfiguration()


def to_pdf(html: str, css: str, fetcher: OwnFiles, base_url: str) -> bytes:
    """Return a page as a tagged PDF with its faces inside; not for two threads at once."""
    document = HTML(string=html, base_url=base_url, url_fetcher=fetcher)
    colours = CSS(string=css, url_fetcher=fetcher)
    made: bytes = document.write_pdf(
        pdf_variant="pdf/ua-1", font_config=_fonts, stylesheets=[colours]
    )
    return made


# Below this it lists each property of a style sheet that only browsers know.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
