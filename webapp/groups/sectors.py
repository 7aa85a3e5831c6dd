"""What the sectors are called on pages."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from webapp.groups.models import Sector

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


def sector_name(sector: Sector) -> str:
    """Return a sector’s name in the page’s language."""
    return str(SECTOR_NAMES[sector])
