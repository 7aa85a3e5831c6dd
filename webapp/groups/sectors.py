"""What sectors and sizes are called on pages."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from webapp.groups.models import Sector, SizeBand

SECTOR_NAMES: dict[Sector, LazyString] = {
    Sector.FAITH: _l("Faith group"),
    Sector.SPORT: _l("Sports club"),
    Sector.SCHOOL: _l("School or college"),
    Sector.CHARITY: _l("Charity or volunteers"),
    Sector.BUSINESS: _l("Business"),
    Sector.COUNCIL: _l("Council"),
    Sector.ARTS: _l("Arts or culture"),
    Sector.MEDIA: _l("Media"),
    Sector.HEALTH: _l("Health"),
    Sector.UNION: _l("Union"),
    Sector.OTHER: _l("Something else"),
}

SIZE_NAMES: dict[SizeBand, LazyString] = {
    SizeBand.HANDFUL: _l("Fewer than ten"),
    SizeBand.DOZENS: _l("10 to 49"),
    SizeBand.HUNDREDS: _l("50 to 249"),
    SizeBand.LARGE: _l("250 or more"),
}


def sector_name(sector: Sector) -> str:
    """Return a sector’s name in the page’s language."""
    return str(SECTOR_NAMES[sector])


def size_name(size_band: SizeBand) -> str:
    """Return how many people belong to a group, in the page’s language."""
    return str(SIZE_NAMES[size_band])
