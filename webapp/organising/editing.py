"""Changing an event that exists: what was typed is read, compared with what another saved, and put."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from geo.privacy import VenueType
from webapp.accounts.models import User
from webapp.drafts.preview import LARGE_METRES
from webapp.events.life import lock_event
from webapp.events.models import Event
from webapp.events.placing import NoPlacesError, Whereabouts, place_event, whereabouts_of
from webapp.events.times import lies_outside
from webapp.events.whereabouts import Refused, whereabouts
from webapp.filters import local
from webapp.forms import Form
from webapp.language import Language
from webapp.organising.actions import note_saved
from webapp.organising.comparing import (
    CHOICE,
    Difference,
    choosing_form,
    differences,
    differences_left,
    with_choices,
)
from webapp.organising.field_names import YES
from webapp.organising.forms import EditForm
from webapp.organising.queries import moments_for
from webapp.organising.saying import (
    LISTS,
    UNITS,
    WHERE,
    Said,
    read_back,
    said_in,
    said_of,
    typed,
    written_down,
)
from webapp.pledges.places import let_in

PUBLIC_TEXTS = (
    "title", "description", "venue_name", "cost", "food", "children", "bring", "access_notes",
    "explanation",
)  # fmt: skip
# A change of these is one of time or place, which wants a word of explanation.
EXPLAINED = frozenset({"starts_at", "ends_at", "venue_type", "venue_name", *WHERE})


class Outcome(StrEnum):
    """What became of a form that was sent."""

    SAVED = "saved"
    UNCHANGED = "unchanged"
    MISTAKES = "mistakes"
    COMPARE = "compare"


class Editor:
    """One form about one event, on its way from what it said to what it will say.

    `sent` is what a browser sent; without it, the form shows what the event says now.
    """

    def __init__(
        self,
        session: Session,
        event: Event,
        language: Language,
        now: datetime,
        sent: MultiDict[str, str] | None = None,
    ) -> None:
        self.session, self.event, self.now = session, event, now
        self.sent = sent
        self.seen = read_back(sent.get("seen")) if sent is not None else said_of(session, event)
        self.moments = {each.slug: each for each in moments_for(session, event, local(now).date())}
        self.moment_names = {slug: each.name(language) for slug, each in self.moments.items()}
        self.differences: Sequence[Difference] = ()
        self.changed: set[str] = set()
        if sent is not None and self.seen is not None:
            sent = with_choices(sent, self.seen)
        self.form = EditForm(
            formdata=sent,
            data=typed(self.seen) if sent is None and self.seen else None,
            now=now,
            unchanged_start=event.starts_at,
            locale=language.locale,
            moments=list(self.moment_names.items()),
        )
        if sent is None and self.seen is not None:
            self.form.seen.data = written_down(self.seen)

    @property
    def wants_to_go_on(self) -> bool:
        """Whether whoever compared wants to go on writing instead of saving."""
        return self.sent is not None and "back" in self.sent

    def save(self, by: User) -> Outcome:
        """Put on the event what was sent, unless something has to be mended or chosen first."""
        if not self.form.validate():
            return Outcome.MISTAKES
        lock_event(self.session, self.event)
        theirs = said_of(self.session, self.event)
        mine = said_in(self.form, self.seen)
        found = differences(self.seen, mine, theirs) or self._not_chosen(mine, theirs)
        self.differences = [self._with_names(each) for each in found]
        if self.differences:
            self.form.seen.data = written_down(theirs)
            return Outcome.COMPARE
        self.changed = changed = {name for name in mine if mine[name] != theirs[name]}
        if not changed:
            return Outcome.UNCHANGED
        exact = self._placed(changed)
        self._ask_for_explanation(changed)
        words = {name: self.form[name].data or "" for name in PUBLIC_TEXTS}
        self.form.point_out(
            {name: text for name, text in words.items() if name in {*changed, "explanation"}}
        )
        if self.form.errors:
            return Outcome.MISTAKES
        return self._put(mine, theirs, exact, by)

    @property
    def warnings(self) -> list[str]:
        """What whoever saved a new time or place should look at once more."""
        found = []
        if {"starts_at", "ends_at", "moments"} & self.changed and _is_outside(self.event):
            found.append(_("Check the day: it lies outside the days that it is listed for."))
        if {"venue_type", *WHERE} & self.changed and _is_wide_home(self.event):
            found.append(
                _("The circle is large, so nobody can tell where to go. Name a meeting point.")
            )
        return found

    def choosing(self) -> Form:
        """Return the form that chooses between theirs and one’s own."""
        chosen = {
            name: value for name, value in (self.sent or {}).items() if name.startswith(CHOICE)
        }
        return choosing_form(self.differences, chosen)

    def carried(self) -> list[tuple[str, str]]:
        """Return all that was typed, for the page that compares to send once more."""
        texts: list[tuple[str, str]] = []
        for field in self.form:
            if field.name in {"csrf_token", "seen", "told"}:
                continue
            values = field.data if field.name in LISTS else [field.data]
            texts += [(field.name, str(each)) for each in values or () if each not in (None, False)]
        shown = ",".join(each.unit for each in self.differences)
        return [*texts, ("seen", self.form.seen.data or ""), ("compared", shown)]

    def _not_chosen(self, mine: Said, theirs: Said) -> list[Difference]:
        """Return what was shown to be different, and where nobody chose."""
        sent = self.sent if self.sent is not None else MultiDict()
        units = [unit for unit in sent.get("compared", "").split(",") if unit in UNITS]
        open_units = [unit for unit in units if not sent.get(CHOICE + unit)]
        if not open_units or self.wants_to_go_on:
            return []
        return differences_left(units, mine, theirs)

    def _with_names(self, found: Difference) -> Difference:
        """Return a difference in words, also where it is one of moments."""
        if found.unit != "moments":
            return found
        return replace(found, theirs=self._named(found.theirs), mine=self._named(found.mine))

    def _named(self, slugs: str | None) -> str:
        return ", ".join(self.moment_names.get(each, each) for each in (slugs or "").split(","))

    def _placed(self, changed: set[str]) -> Whereabouts | None:
        """Return where the event is to be; the form bears a sentence where that cannot be told."""
        form, kept = self.form, whereabouts_of(self.session, self.event)
        if form.venue is VenueType.ONLINE:
            return None
        if kept is not None and not changed & set(WHERE):
            return kept
        said = form.said_place
        if "place" in changed and said["place"] and not changed & {"latitude", "longitude"}:
            # The pin stands where the event was; a new postcode or town is meant instead.
            said = {"place": said["place"], "latitude": "", "longitude": ""}
        found = whereabouts(self.session, **said)
        if isinstance(found, Refused):
            form.refuse(found.field, found.sentence)
            return None
        return found.whereabouts

    def _ask_for_explanation(self, changed: set[str]) -> None:
        if self.event.is_public and changed & EXPLAINED and not self.form.explanation.data:
            self.form.refuse(
                "explanation",
                _("Say why: people read it on the event’s page. One sentence will do."),
            )

    def _put(self, mine: Said, theirs: Said, exact: Whereabouts | None, by: User) -> Outcome:
        event, form = self.event, self.form
        changes = {name: [theirs[name], mine[name]] for name in mine if mine[name] != theirs[name]}
        try:
            # Online or not, and a point or none: the database takes both together alone.
            with self.session.no_autoflush:
                put_on(event, mine)
                if "moments" in changes:
                    event.moments = [self.moments[each] for each in form.chosen_moments]
                    changes["moments"] = [self._named(each) for each in changes["moments"]]
                if set(changes) & {"venue_type", *WHERE}:
                    place_event(self.session, event, exact)
            if "capacity" in changes:
                let_in(self.session, event, self.now)
        except NoPlacesError:
            self.session.rollback()
            form.refuse("place", _("This site does not know any towns yet. Tell whoever runs it."))
            return Outcome.MISTAKES
        is_explained = bool(set(changes) & EXPLAINED) and event.is_public
        explanation = (form.explanation.data or None) if is_explained else None
        note_saved(self.session, event, by, self.now, noted(changes), explanation)
        return Outcome.SAVED


def _is_outside(event: Event) -> bool:
    return all(
        lies_outside(event.starts_at, event.ends_at, moment.starts_on, moment.ends_on)
        for moment in event.moments
    )


def _is_wide_home(event: Event) -> bool:
    return event.venue_type is VenueType.PRIVATE and event.public_radius_metres > LARGE_METRES


def put_on(event: Event, said: Said) -> None:
    """Write on an event what is said, but for where it is."""
    for name in ("title", "description"):
        setattr(event, name, said[name] or "")
    for name in ("venue_name", "joining_link", "cost", "food", "children", "bring", "access_notes"):
        setattr(event, name, said[name])
    event.starts_at = datetime.fromisoformat(said["starts_at"] or "")
    event.ends_at = datetime.fromisoformat(said["ends_at"] or "")
    event.venue_type = VenueType(said["venue_type"] or "")
    event.capacity = int(said["capacity"]) if said["capacity"] else None
    for name in ("access_facts", "languages"):
        setattr(event, name, (said[name] or "").split(",") if said[name] else [])
    event.takes_questions = said["takes_questions"] == YES


def noted(changes: dict[str, list[str | None]]) -> dict[str, list[str | None]]:
    """Return changes as a history keeps them: of where an event is, only that it changed."""
    kept = {name: both for name, both in changes.items() if name not in WHERE}
    if len(kept) < len(changes):
        kept["where"] = [None, None]
    if "venue_name" in kept and VenueType.PRIVATE in changes.get("venue_type", ()):
        kept["venue_name"] = [None, None]
    return kept
