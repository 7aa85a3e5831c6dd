"""The rows that an import refused, written so that they can be mended and imported."""

import csv
from collections.abc import Sequence
from pathlib import Path

from webapp.events.event_file import COLUMNS
from webapp.events.import_events import Refusal


def write_rejects(path: Path, refusals: Sequence[Refusal]) -> None:
    """Write a CSV file of refused rows with their line and reason; raises OSError."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", *COLUMNS])
        for refusal in refusals:
            row = refusal.row
            writer.writerow([row.line, refusal.reason, *(row.cells[name] for name in COLUMNS)])
