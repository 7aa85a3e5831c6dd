"""What people like to know before they come, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from webapp.events.models import AccessFact, Event
from webapp.groups.languages import language_names

# In the order in which people look for them.
ACCESS_NAMES: dict[AccessFact, LazyString] = {
    AccessFact.STEP_FREE: _l("Step-free entrance"),
    AccessFact.TOILET: _l("Accessible toilet"),
    AccessFact.CHANGING_PLACES: _l("Changing Places toilet"),
    AccessFact.HEARING_LOOP: _l("Hearing loop"),
    AccessFact.SIGN_LANGUAGE: _l("British Sign Language"),
    AccessFact.QUIET_SPACE: _l("Quiet space"),
    AccessFact.SEATING: _l("Seating"),
    AccessFact.PARKING: _l("Parking for disabled people"),
}


def access_names(facts: Iterable[str]) -> list[str]:
    """Return the names of facts about access; one that is not known is left out."""
    known = set(facts)
    return [str(name) for fact, name in ACCESS_NAMES.items() if fact.value in known]


@dataclass(frozen=True)
class Details:
    """The facts about an event that people look for; None and empty where nothing was said."""

    cost: str | None
    capacity: int | None
    food: str | None
    children: str | None
    bring: str | None
    access: tuple[str, ...]
    access_notes: str | None
    languages: tuple[str, ...]

    @classmethod
    def of(cls, event: Event) -> Self:
        """Word an event’s details."""
        return cls(
            cost=event.cost,
            capacity=event.capacity,
            food=event.food,
            children=event.children,
            bring=event.bring,
            access=tuple(access_names(event.access_facts)),
            access_notes=event.access_notes,
            languages=tuple(language_names(event.languages)),
        )

    @property
    def is_free(self) -> bool:
        """Whether nobody pays anything: what an event is unless its host says otherwise."""
        return self.cost is None
