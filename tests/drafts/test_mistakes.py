"""What cannot be right gets a sentence beside its field, and what was typed stays."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.drafts.organiser import WHAT, WHERE, WHO, Organiser
from tests.factories.places import LLANELLI, ROCHDALE, make_place, make_postcode, make_postcode_part
from tests.sentences import said

WHAT_MISTAKES: list[tuple[dict[str, str], str]] = [
    ({"title": ""}, "Give your event a name"),
    ({"title": "a"}, "at least 3"),
    ({"title": "🎉🎉🎉"}, "at least one word"),
    ({"title": "... !"}, "at least one word"),
    ({"title": "x" * 5000}, "100 characters or fewer"),
    ({"title": "\u200b\u200b"}, "Give your event a name"),
    ({"description": ""}, "what will happen"),
    ({"description": "x" * 5000}, "4000 characters or fewer"),
    ({"starts_on": ""}, "Write the day"),
    ({"starts_on": "31 June 2027"}, "There is no such day"),
    ({"starts_on": "05/07/27"}, "all four digits"),
    ({"starts_on": "19 May 2027"}, "in the past"),
    ({"starts_on": "5 June 2037"}, "more than three years"),
    ({"starts_on": "9/9/9999"}, "more than three years"),
    ({"starts_on": "20 May 2027", "starts_at": "9am"}, "in the past"),
    ({"starts_at": ""}, "when it starts"),
    ({"starts_at": "24:00"}, "midnight as 0:00 of the next day"),
    ({"starts_at": "2"}, "Write 2am or 2pm"),
    ({"starts_on": "31 October 2027", "starts_at": "01:30"}, "comes twice"),
    ({"starts_on": "26 March 2028", "starts_at": "01:30", "ends_at": "3pm"}, "skip this hour"),
    ({"starts_on": "30 October 2027", "starts_at": "10pm", "ends_on": "31 October 2027",
      "ends_at": "1:30am"}, "comes twice"),
    ({"ends_at": ""}, "when it ends"),
    ({"ends_at": "24:00"}, "midnight as 0:00 of the next day"),
    ({"ends_at": "2pm"}, "ends before it starts"),
    ({"ends_at": "1pm"}, "ends before it starts"),
    ({"ends_on": "4 June 2027"}, "comes before the first"),
    ({"ends_on": "5 December 2027"}, "more than two months"),
    ({"ends_on": "31 June"}, "There is no such day"),
]  # fmt: skip

WHERE_MISTAKES: list[tuple[dict[str, str], str]] = [
    ({"venue_type": ""}, "what kind of place"),
    ({"venue_type": "palace"}, "Choose"),
    ({"place": ""}, "a postcode, a town or a village, or place a pin"),
    ({"place": "Nowhere at all"}, "do not know a place"),
    ({"place": "OL11 1AA"}, "only roughly"),
    ({"place": "OL16"}, "whole postcode"),
    ({"latitude": "-2.16", "longitude": "53.62"}, "swapped"),
    ({"latitude": "nan", "longitude": "-2.16"}, "as numbers"),
    ({"latitude": "inf", "longitude": "-2.16"}, "as numbers"),
    ({"latitude": "48.85", "longitude": "2.35"}, "outside the United Kingdom"),
    ({"latitude": "53.62", "longitude": ""}, "both numbers"),
    ({"latitude": "91", "longitude": "0"}, "no such position"),
    ({"venue_name": "x" * 121}, "120 characters or fewer"),
    ({"venue_type": "online", "joining_link": "javascript:alert(1)"}, "begins with https://"),
    ({"venue_type": "online", "joining_link": "zoom.example.org/j/1"}, "begins with https://"),
    ({"venue_type": "online", "joining_link": "https://user:pw@example.org"}, "begins with"),
    ({"venue_type": "online", "joining_link": "https://"}, "begins with https://"),
    ({"venue_type": "online", "joining_link": "https://[::1"}, "begins with https://"),
    ({"venue_type": "online", "joining_link": "ftp://example.org"}, "begins with https://"),
]

WHO_MISTAKES: list[tuple[dict[str, str], str]] = [
    ({"name": ""}, "group’s name"),
    ({"name": "x" * 121}, "120 characters or fewer"),
    ({"sector": ""}, "comes closest"),
    ({"sector": "pirates"}, "Choose one"),
    ({"email": ""}, "e-mail address"),
    ({"email": "pat at example"}, "such as name@example.org"),
    ({"for_somebody": "y", "contact_phone": ""}, "phone number of whoever"),
    ({"for_somebody": "y", "contact_phone": "ring me"}, "in digits"),
]


@pytest.mark.parametrize(("changes", "sentence"), WHAT_MISTAKES)
def test_what_and_when(organiser: Organiser, changes: dict[str, str], sentence: str) -> None:
    typed = WHAT | changes

    answer = organiser.send(organiser.first_page(), typed)

    assert answer.status == 422
    assert any(sentence in each for each in said(answer)), answer.errors
    assert answer.h1
    assert "Mistake:" in "".join(answer.all("title")[0].itertext())
    if "\u200b" not in typed["title"]:
        assert {name: answer.value(name) for name in WHAT} == typed


@pytest.mark.parametrize(("changes", "sentence"), WHERE_MISTAKES)
def test_where(
    organiser: Organiser,
    client: PageClient,
    session: Session,
    changes: dict[str, str],
    sentence: str,
) -> None:
    if changes.get("place") == "OL16":
        make_postcode_part(session)
    draft = organiser.begin()
    typed = WHERE | changes

    answer = organiser.say_where(draft, **changes)

    assert answer.status == 422
    assert any(sentence in each for each in said(answer)), answer.errors
    kept = {name: answer.value(name) for name in WHERE if name != "venue_type"}
    assert kept == {name: typed[name] for name in kept}
    assert client.page(f"{draft}/check").location == f"{draft}/where"


@pytest.mark.parametrize(("changes", "sentence"), WHO_MISTAKES)
def test_who(organiser: Organiser, changes: dict[str, str], sentence: str) -> None:
    draft = organiser.begin()
    organiser.say_where(draft)
    typed = WHO | changes

    answer = organiser.say_who(draft, **changes)

    assert answer.status == 422
    assert any(sentence in each for each in said(answer)), answer.errors
    assert answer.value("name") == typed["name"]
    assert answer.value("email") == typed["email"]
    assert organiser.events == []


def test_all_mistakes_are_told_at_once(organiser: Organiser) -> None:
    answer = organiser.send(
        organiser.first_page(), WHAT | {"title": "", "starts_on": "31 June", "ends_at": "later"}
    )

    assert len(answer.errors) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "🎉 7 🎉"},
        {"title": "حفلة الشارع في شارع إلم"},
        {"title": "x" * 100},
        {"title": "<script>alert(1)</script>"},
        {"description": "<img src=x onerror=alert(1)>"},
        {"description": "[tea](javascript:alert(1)) and https://example.org"},
        {"ends_on": "7 June 2027", "ends_at": "1am"},
        {"starts_on": "Sadwrn 5 Mehefin", "starts_at": "hanner dydd"},
        {"ends_on": "6 June", "ends_at": "0:00"},
    ],
)
def test_odd_but_right_is_taken_and_shown_as_text(
    organiser: Organiser, client: PageClient, changes: dict[str, str]
) -> None:
    draft = organiser.begin(**changes)
    organiser.say_where(draft)

    page = client.page(f"{draft}/check")

    assert page.status == 200
    assert "<script>alert" not in page.html
    assert "<img src=x" not in page.html
    assert not any(link.startswith("javascript:") for link in page.links)
    assert organiser.say_who(draft).status == 303


def test_towns_of_one_name_are_never_guessed(organiser: Organiser, session: Session) -> None:
    make_place(session, "Newport", LLANELLI, near="Cardiff")
    make_place(session, "Newport", ROCHDALE, near="Telford")
    draft = organiser.begin()

    answer = organiser.say_where(draft, place="Newport")
    assert answer.status == 422
    assert "Newport, Telford" in " ".join(answer.errors)

    assert organiser.say_where(draft, place="Newport, Telford").status == 303


def test_a_day_that_has_passed_meanwhile_is_asked_for_again(
    organiser: Organiser, client: PageClient, clock: Any
) -> None:
    draft = organiser.begin()
    organiser.say_where(draft)
    page = client.page(f"{draft}/check")
    clock.move_to(datetime(2027, 6, 5, 20, tzinfo=UTC))

    answer = organiser.send(page, WHO)

    assert answer.location == f"{draft}/what"
    assert any("past" in each for each in said(client.page(f"{draft}/what")))


def test_a_town_that_nobody_knows_yet_is_said_beside_the_place(
    organiser: Organiser, session: Session
) -> None:
    draft = organiser.begin()
    make_postcode(session)
    organiser.say_where(draft, latitude="53.62", longitude="-2.16", place="")
    session.query(type(make_place(session, "Gone"))).delete()

    answer = organiser.say_who(draft)

    assert answer.status == 422
    assert "does not know any towns" in " ".join(answer.errors)
