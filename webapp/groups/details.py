"""What a group says of itself, between its form and its row."""

from dataclasses import dataclass
from typing import Any, Self

from webapp.groups.models import Group, Sector, SizeBand
from webapp.language import Language
from webapp.places.models import Place


@dataclass(frozen=True, kw_only=True)
class GroupDetails:
    """All that owners may change."""

    name: str
    sector: Sector
    description: str
    place: Place | None
    website: str | None
    languages: list[str]
    size_band: SizeBand | None
    works_with: str
    contact_email: str | None
    contact_phone: str | None
    is_helped: bool

    @classmethod
    def of(cls, group: Group) -> Self:
        """Return what is kept of a group now."""
        return cls(
            name=group.name,
            sector=group.sector,
            description=group.description,
            place=group.place,
            website=group.website,
            languages=list(group.languages),
            size_band=group.size_band,
            works_with=group.works_with,
            contact_email=group.contact_email,
            contact_phone=group.contact_phone,
            is_helped=group.helper_id is not None,
        )

    def answers(self, language: Language) -> dict[str, Any]:
        """Return what a form shows for it, by the names of its fields."""
        return {
            "name": self.name,
            "sector": self.sector.value,
            "description": self.description,
            "place": self.place.name_in(language) if self.place else "",
            "website": self.website or "",
            "languages": self.languages,
            "size_band": self.size_band.value if self.size_band else "",
            "works_with": self.works_with,
            "contact_email": self.contact_email or "",
            "for_somebody": self.is_helped,
            "contact_phone": self.contact_phone or "",
        }
