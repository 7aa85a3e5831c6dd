"""Small postcode directories, and a run of the command that imports them."""

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, text

HEADER = (
    "pcd7", "pcds", "dointr", "doterm", "lad25cd", "gridind", "ctry25cd", "rgn25cd", "lat", "long",
    "imd25ind", "ruc21ind",
)  # fmt: skip
# A live postcode in Rochdale.
ROW = {
    "pcd7": "OL161AB", "pcds": "OL16 1AB", "dointr": "198001", "doterm": "", "lad25cd": "E08000005",
    "gridind": "1", "ctry25cd": "E92000001", "rgn25cd": "E12000002", "lat": "53.6157",
    "long": "-2.1593", "imd25ind": "812", "ruc21ind": "UN1",
}  # fmt: skip
NOWHERE = {"lat": "99.999999", "long": "0.000000", "gridind": "9"}
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


def row(code="OL16 1AB", **changes):
    """Return a row of the directory; its columns are those of HEADER."""
    return ROW | {"pcds": code, "pcd7": code.replace(" ", "")} | changes


def rows(count, outward="OL16"):
    """Return so many rows, each with a code of its own."""
    inwards = (f"{digit}{a}{b}" for digit in range(10) for a in LETTERS for b in LETTERS)
    return [row(f"{outward} {inward}") for _, inward in zip(range(count), inwards, strict=False)]


def as_csv(given, header=HEADER, **options):
    """Return a file’s text: the header and rows of dictionaries."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, header, extrasaction="ignore", restval="", **options)
    writer.writeheader()
    writer.writerows(given)
    return file.getvalue()


@dataclass
class PostcodeImporter:
    """Writes files and imports them as somebody at the command line does."""

    app: Flask
    engine: Engine
    folder: Path

    def csv(self, *given, name="directory.csv", header=HEADER):
        return self.written(as_csv(given, header), name)

    def written(self, content, name="directory.csv"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def zip(self, files, name="release.zip"):
        path = self.folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for inside, content in files.items():
                archive.writestr(inside, content)
        return path

    def run(self, path) -> Result:
        arguments = ["places", "import-postcodes", str(path)]
        return self.app.test_cli_runner().invoke(args=arguments)

    def report(self, path) -> str:
        """Return what an import that went well says, without its line breaks."""
        done = self.run(path)
        assert done.exit_code == 0, done.output
        return " ".join(done.output.split())

    def refusal(self, path) -> str:
        """Return the sentences that an import ends with that changes nothing."""
        before = self.postcodes()
        done = self.run(path)
        assert done.exit_code == 1, done.output
        assert done.output.count("\n") == 1
        assert "Traceback" not in done.output
        assert self.postcodes() == before
        assert self.tables_left_behind() == []
        sentence, _, rest = done.output.strip().rpartition(" The postcodes are as they were.")
        assert not rest
        return sentence.removeprefix("Error: ")

    def refused(self, name="directory.csv"):
        """Return what was written of refused rows: line, reason and the first cells."""
        path = self.folder / f"{name}.refused.csv"
        with path.open(encoding="utf-8", newline="") as file:
            _header, *lines = csv.reader(file)
        return [(int(line), reason, *cells) for _file, line, reason, *cells in lines]

    def postcodes(self):
        """Return what is known of each postcode by its code."""
        return self._rows("postcode")

    def parts(self):
        return self._rows("postcode_part")

    def tables_left_behind(self):
        with self.engine.connect() as connection:
            asked = text("SELECT relname FROM pg_class WHERE relname LIKE '%\\_imported'")
            return list(connection.execute(asked).scalars())

    def clear(self):
        with self.engine.begin() as connection:
            connection.execute(text("TRUNCATE postcode, postcode_part"))

    def _rows(self, table):
        with self.engine.connect() as connection:
            asked = text(
                f"SELECT *, round(ST_X(point)::numeric, 4)::float AS east,"
                f" round(ST_Y(point)::numeric, 4)::float AS north FROM {table} ORDER BY code"
            )
            return {each["code"]: dict(each) for each in connection.execute(asked).mappings()}
