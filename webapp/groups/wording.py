"""A group in one language, as pages show it to everybody."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from markupsafe import Markup

from webapp.groups.languages import language_names
from webapp.groups.models import Group
from webapp.groups.sectors import sector_name, size_name
from webapp.language import Language
from webapp.markdown import to_html, to_text

LONGEST_SUMMARY = 160


@dataclass(frozen=True)
class WordedGroup:
    """What everybody may know of a group: neither its contact nor its phone nor its helper."""

    name: str
    slug: str
    summary: str
    description: Markup
    sector_name: str
    place_name: str | None
    website: str | None
    website_name: str
    languages: tuple[str, ...]
    size_name: str | None
    works_with: str
    is_trusted: bool

    @classmethod
    def of(cls, group: Group, language: Language) -> Self:
        """Word a group."""
        return cls(
            name=group.name,
            slug=group.slug,
            summary=_shortened(to_text(group.description)) or group.name,
            description=to_html(group.description),
            sector_name=sector_name(group.sector),
            place_name=group.place.name_in(language) if group.place else None,
            website=group.website,
            website_name=_without_scheme(group.website or ""),
            languages=tuple(language_names(group.languages)),
            size_name=size_name(group.size_band) if group.size_band else None,
            works_with=group.works_with,
            is_trusted=group.is_trusted,
        )


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SUMMARY else f"{text[: LONGEST_SUMMARY - 1].rstrip()}…"


def _without_scheme(website: str) -> str:
    """Return an address as people say it: example.org/choir."""
    parts = urlsplit(website)
    return (parts.netloc.removeprefix("www.") + parts.path).rstrip("/")
