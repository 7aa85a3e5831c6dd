"""Small files of boundaries and figures, and a run of the command that imports them."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from click.testing import Result
from flask import Flask
from shapely import wkb
from sqlalchemy import Engine, text

# Regions of England side by side, a degree each, from west to east; the first begins at 7° west.
REGIONS = {f"E1200000{number}": float(number - 8) for number in range(1, 10)}
OFFICIAL = "LAD24CD", "LAD24NM"


def ring(west, south, size=0.5):
    """Return a closed ring around a square, wound as GeoJSON says."""
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(code, name, geometry=None, *, naming=OFFICIAL, **properties):
    """Return a feature of an area: a square in the Pennines unless told otherwise."""
    shape = polygon(ring(-2.25, 53.5)) if geometry is None else geometry
    named = dict(zip(naming, (code, name), strict=True))
    return {"type": "Feature", "properties": {**properties, **named}, "geometry": shape}


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def nine_regions(south=53.0):
    """Return England’s regions as squares of one degree in a row."""
    return [
        feature(code, code, polygon(ring(west, south, 1.0)), naming=("RGN24CD", "RGN24NM"))
        for code, west in REGIONS.items()
    ]


@dataclass
class AreaImporter:
    """Writes files and imports them as somebody at the command line does."""

    app: Flask
    engine: Engine
    folder: Path

    def geojson(self, *features, name="areas.geojson"):
        return self.written(json.dumps(collection(*features)), name)

    def csv(self, *rows, name="figures.csv"):
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    def written(self, content, name):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, *paths) -> Result:
        arguments = ["places", "import-areas", *map(str, paths)]
        return self.app.test_cli_runner().invoke(args=arguments)

    def report(self, *paths) -> str:
        """Return what an import that went well says, without its line breaks."""
        done = self.run(*paths)
        assert done.exit_code == 0, done.output
        return " ".join(done.output.split())

    def refusal(self, *paths) -> str:
        """Return the one sentence that an import ends with that changes nothing."""
        before = self.areas()
        done = self.run(*paths)
        assert done.exit_code == 1, done.output
        assert "Traceback" not in done.output
        assert self.areas() == before
        return done.output.removeprefix("Error: ").strip()

    def areas(self):
        """Return what is known of each area by its code, its shape as Shapely has it."""
        with self.engine.connect() as connection:
            asked = text("SELECT *, ST_AsBinary(shape) AS wkb FROM area ORDER BY code")
            rows = [dict(row) for row in connection.execute(asked).mappings()]
        for row in rows:
            row["shape"] = None if row["wkb"] is None else wkb.loads(bytes(row.pop("wkb")))
        return {row["code"]: row for row in rows}

    def clear(self):
        with self.engine.begin() as connection:
            connection.execute(text("DELETE FROM area"))
