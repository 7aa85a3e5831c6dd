"""The open files that the site can load: what each is, whose, and where a person finds it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from webapp.config import Settings

MEGABYTE = 1_000_000


class FileKind(StrEnum):
    """What sort of file it must turn out to be."""

    ZIP = "zip"
    CSV = "csv"
    GEOJSON = "geojson"

    @property
    def described(self) -> str:
        """What a person would call it."""
        return {self.ZIP: "a zip file", self.CSV: "a CSV file", self.GEOJSON: "GeoJSON"}[self]


@dataclass(frozen=True)
class Source:
    """One file of one publisher; `setting` names the address that it is fetched from.

    `page` is where a person downloads it by hand; an `is_spare` one is fetched only when named.
    """

    name: str
    title: str
    publisher: str
    licence: str
    setting: str
    kind: FileKind
    page: str
    largest_bytes: int
    is_spare: bool = False

    @property
    def file_name(self) -> str:
        """The name that it has in the folder of fetched files."""
        return f"{self.name}.{self.kind}"

    @property
    def variable(self) -> str:
        """The environment variable that sets its address."""
        return self.setting.upper()

    def address(self, settings: Settings) -> str:
        """Return the address that the settings give it; empty where it is not to be fetched."""
        return str(getattr(settings, self.setting)).strip()

    def path_in(self, folder: Path) -> Path:
        """Return where it lies in the folder of fetched files."""
        return folder / self.file_name

    def by_hand(self, folder: Path) -> str:
        """Return what a person does who loads it without us, as the end of a sentence."""
        return (
            f"download {self.title} by hand from {self.page} and put it at {self.path_in(folder)}"
        )


OGL = "Open Government Licence v3.0"
ONS = "Office for National Statistics"
GEOPORTAL = "https://geoportal.statistics.gov.uk"

SOURCES = (
    Source(
        name="postcodes",
        title="the newest ONS Postcode Directory",
        publisher=ONS,
        licence=OGL,
        setting="postcodes_url",
        kind=FileKind.ZIP,
        page=f"{GEOPORTAL}/search?q=PRD_ONSPD",
        largest_bytes=1500 * MEGABYTE,
    ),
    Source(
        name="code-point",
        title="Code-Point Open",
        publisher="Ordnance Survey",
        licence=OGL,
        setting="code_point_url",
        kind=FileKind.ZIP,
        page="https://osdatahub.os.uk/downloads/open/CodePointOpen",
        largest_bytes=300 * MEGABYTE,
        is_spare=True,
    ),
    Source(
        name="authorities",
        title="the boundaries of local authorities (GeoJSON)",
        publisher=ONS,
        licence=OGL,
        setting="authorities_url",
        kind=FileKind.GEOJSON,
        page=f"{GEOPORTAL}/search?q=BDY_LAD",
        largest_bytes=300 * MEGABYTE,
    ),
    Source(
        name="regions",
        title="the boundaries of England’s regions (GeoJSON)",
        publisher=ONS,
        licence=OGL,
        setting="regions_url",
        kind=FileKind.GEOJSON,
        page=f"{GEOPORTAL}/search?q=BDY_RGN",
        largest_bytes=300 * MEGABYTE,
    ),
    Source(
        name="nations",
        title="the boundaries of the four nations (GeoJSON)",
        publisher=ONS,
        licence=OGL,
        setting="nations_url",
        kind=FileKind.GEOJSON,
        page=f"{GEOPORTAL}/search?q=BDY_CTRY",
        largest_bytes=300 * MEGABYTE,
    ),
    Source(
        name="population",
        title="the population of local authorities (CSV)",
        publisher=ONS,
        licence=OGL,
        setting="population_url",
        kind=FileKind.CSV,
        page="https://www.nomisweb.co.uk/datasets/pestsyoala",
        largest_bytes=20 * MEGABYTE,
    ),
    Source(
        name="deprivation",
        title="the composite UK index of deprivation (la_imd.csv)",
        publisher="mySociety",
        licence="Creative Commons Attribution 4.0",
        setting="deprivation_url",
        kind=FileKind.CSV,
        page="https://pages.mysociety.org/composite_uk_imd/datasets/uk_index/latest",
        largest_bytes=20 * MEGABYTE,
    ),
)
BY_NAME = {source.name: source for source in SOURCES}


def sources_named(names: tuple[str, ...]) -> list[Source]:
    """Return the sources of these names, or all but the spare ones where none is named."""
    if not names:
        return [source for source in SOURCES if not source.is_spare]
    return [source for source in SOURCES if source.name in names]
