"""What each mail is sent with, and to whom: a mail without a row here fails a test."""

from dataclasses import dataclass
from enum import Enum

from tests.whole_app.world import World
from webapp.corrections.models import DecisionKind
from webapp.language import Language

OTHER = {"other_title": "Big tea, Elm Road"}
ABOUT = {"title": "Tea on Elm Road", "when": "Saturday 5 June 2027, 2pm to 6pm"}


class Readers(Enum):
    """Who reads a mail."""

    HOSTS = "hosts of the event that it is about"
    HIDDEN = "hosts of an event that is not shown any more"
    STAFF = "staff"
    OTHERS = "somebody else"


@dataclass(frozen=True)
class Row:
    """One mail to send: its template, what it is told, and who reads it."""

    template: str
    details: dict[str, str]
    readers: Readers = Readers.OTHERS


def rows(world: World) -> list[Row]:
    """Return at least one row for each mail; one that reads in two ways has two."""
    of_all = [*_of_accounts(), *_of_groups(world), *_of_networks(world), *_of_events(world)]
    return [*of_all, *_of_pledges(world), *_of_the_number(world)]


def _of_the_number(world: World) -> list[Row]:
    waits = {"number": "1", "moment_name": world.moment.name(Language.ENGLISH), "people": "812"}
    return [
        Row("tally_corrected", {"before": "12", "after": "13"}),
        *(Row("decision_waits", waits | {"kind": each}) for each in DecisionKind),
    ]


def _of_accounts() -> list[Row]:
    changes = ("passkey-added", "passkey-removed", "authenticator-added", "authenticator-removed")
    return [
        Row("sign_in_code", {"code": "012345"}),
        Row("address_code", {"code": "012345"}),
        Row("address_taken", {}),
        Row("email_changed", {}),
        Row("account_deleted", {}),
        *(Row("account_changed", {"change": each}) for each in (*changes, "second-factor-reset")),
    ]


def _of_groups(world: World) -> list[Row]:
    group = {"group_name": world.group.name, "slug": world.group.slug}
    named = {"group_name": world.group.name}
    known = world.known
    invited = {"token": known["groups.token"], "invited_by": "a@example.org"}
    asked = {"asked_by": "b@example.org", "number": known["groups.number"]}
    return [
        Row("group_handed_over", group | {"handed_over_by": "a@example.org"}),
        Row("group_request", group | asked),
        *(
            Row("group_invitation", named | invited | {"role": each})
            for each in ("owner", "editor")
        ),
        *(Row("group_invitation_answered", group | {"answer": each}) for each in ANSWERS),
        *(Row("group_request_answered", named | {"answer": each}) for each in ANSWERS),
    ]


def _of_networks(world: World) -> list[Row]:
    known = world.known
    network = {"network_name": "Scouts", "network_slug": known["networks.slug"]}
    union = {"network_name": "A union", "network_slug": known["networks.answer.slug"]}
    group = {"group_name": world.group.name, "group_slug": world.group.slug}
    return [
        Row("coordinator_added", network),
        Row("network_invitation", union | group),
        Row(
            "claim",
            {"token": known["networks.token"], "group_name": "First", "network_name": "Scouts"},
        ),
    ]


ANSWERS = ("accepted", "refused")


def _of_events(world: World) -> list[Row]:
    event = ABOUT | {"public_id": world.event.public_id}
    host, group = {"host_name": "Elm Road"}, {"group_name": "Mosque"}
    why = {"reason": "It shows a home’s address.\nLeave it out, please."}
    explained = event | {"explanation": "Rain is on its way, so we are indoors."}
    return [
        *_of_questions(world, event | host),
        *(Row("event_merged", event | OTHER | {"what": each}) for each in ("merged", "parted")),
        Row("place_asked", event, Readers.HOSTS),
        *(Row(f"event_{each}", event, Readers.HOSTS) for each in ("sent", "published")),
        *(Row("event_approved", event | {"is_trusted": a}, Readers.HOSTS) for a in ("", "yes")),
        Row("event_returned", event | why, Readers.HOSTS),
        Row("event_hidden_by_staff", event | why, Readers.HIDDEN),
        Row("event_hidden", event, Readers.HIDDEN),
        *(Row(f"event_{each}", explained, Readers.HOSTS) for each in CHANGES),
        *(Row("co_host_answered", event | group | {"answer": a}, Readers.HOSTS) for a in ANSWERS),
        Row("co_host_ended", event | host | group),
        Row("co_host_news", explained | host | group | {"news": "event_hidden"}),
        Row("co_host_news", explained | host | group | {"news": "event_cancelled"}),
        Row("co_host_invited", event | host | group | {"group_slug": world.other_group.slug}),
        Row("home_address_told", event, Readers.STAFF),
        Row("pledges_held", event | {"held": "45"}, Readers.HOSTS),
        Row("how_many_came", ABOUT | {"public_id": world.past.public_id}, Readers.HOSTS),
    ]


CHANGES = ("changed", "postponed", "cancelled")


def _of_questions(world: World, event: dict[str, str]) -> list[Row]:
    question = {"question": "Is there a step?\nI use a wheelchair."}
    asked = ABOUT | question | {"public_id": world.event.public_id, "name": "Sam"}
    number = {"number": world.known["questions.number"]}
    return [
        Row("question_asked", asked | number, Readers.HOSTS),
        Row("question_asked", asked | number | {"name": ""}, Readers.HOSTS),
        Row("question_answered", event | question | {"answer": "No step. Come in!"}),
    ]


def _of_pledges(world: World) -> list[Row]:
    contact = {"contact": world.known["contacts.subject"]}
    event = ABOUT | contact | {"public_id": world.event.public_id, "slug": ""}
    home = event | {"public_id": "", "slug": world.moment.slug}
    receipt = {"receipt": world.known["contacts.token"]}
    news = receipt | {"explanation": "Rain is on its way,\nso we are indoors."}
    states = ("published", "postponed", "cancelled")
    hidden = home | receipt | {"explanation": "", "title": "", "slug": "", "state": "hidden"}
    return [
        *(Row("pledge_confirm_address", each) for each in (event, home)),
        *(Row("pledge_reminder", each | receipt | {"waits": ""}) for each in (event, home)),
        Row("pledge_reminder", event | receipt | {"waits": "yes"}),
        Row("pledge_place", event | receipt),
        *(Row("pledge_news", event | news | {"state": each}) for each in states),
        Row("pledge_news", event | news | {"state": "published", "explanation": ""}),
        Row("pledge_news", hidden),
        Row("place_answered", event | receipt),
    ]
