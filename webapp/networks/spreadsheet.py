"""A network’s groups as a file for spreadsheets: no address, no phone number, no formula."""

import csv
import io
from collections.abc import Sequence

from flask_babel import gettext as _

from webapp.groups.sectors import sector_name
from webapp.networks.overview import GroupRow

# A cell that begins so is run as a formula by spreadsheet programs, full-width signs too.
FORMULA_SIGNS = frozenset("=+-@|%\t\r\n＝＋－＠")
# Else Excel reads the file in a code page of its own.
BYTE_ORDER_MARK = "\ufeff"


def as_csv(rows: Sequence[GroupRow]) -> str:
    """Return the groups as the text of a file, a heading first."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([plain_cell(heading) for heading in _headings()])
    writer.writerows([plain_cell(cell) for cell in _cells(row)] for row in rows)
    return BYTE_ORDER_MARK + file.getvalue()


def plain_cell(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.lstrip()[:1] in FORMULA_SIGNS and text.strip() else text


def _headings() -> list[str]:
    return [
        _("Group"),
        _("Kind"),
        _("Place"),
        _("Verified"),
        _("Taken over"),
        _("Listed"),
        _("Coming events"),
        _("People pledged"),
        _("People reported"),
    ]


def _cells(row: GroupRow) -> list[str]:
    return [
        row.name,
        sector_name(row.sector),
        row.place_name or "",
        _yes_or_no(row.is_trusted),
        _yes_or_no(row.has_members),
        str(row.listed),
        str(row.coming),
        str(row.people),
        "" if row.reported is None else str(row.reported),
    ]


def _yes_or_no(is_so: bool) -> str:
    return _("yes") if is_so else _("no")
