"""Before publishing, a host sees exactly what the public will see, and what to look at again."""

import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from geo.points import Point
from geo.shapes import from_element
from tests.checked_pages import Page, PageClient
from tests.drafts.organiser import WHERE, Organiser
from tests.factories.places import ROCHDALE, make_place, make_postcode
from webapp.events.exact_places import ExactPlace

HOME = {"latitude": "53.6201", "longitude": "-2.1601", "place": ""}
LETTERS = "ABDEFGHJLN"


def shown(page: Page) -> dict[str, Any]:
    """Return what the map of a preview is given."""
    [found] = [each.get("data-shown") for each in page.all("div") if each.get("data-shown")]
    [feature] = json.loads(found or "")
    longitude, latitude = feature["geometry"]["coordinates"]
    radius = feature["properties"]["radius_metres"]
    return {"point": Point(latitude=latitude, longitude=longitude), "radius": radius}


@pytest.mark.parametrize("venue_type", ["public", "street", "private"])
@pytest.mark.parametrize(
    ("where", "with_postcodes"),
    [
        (HOME, True),
        (HOME, False),
        ({"place": "Rochdale"}, True),
        ({"place": "Rochdale"}, False),
        ({"place": "OL16 1AA"}, True),
    ],
)
def test_the_preview_is_what_is_published(
    organiser: Organiser,
    client: PageClient,
    session: Session,
    venue_type: str,
    where: dict[str, str],
    with_postcodes: bool,
) -> None:
    if with_postcodes:
        for number, letter in enumerate(LETTERS):
            near = Point(ROCHDALE.latitude + number / 4000, ROCHDALE.longitude)
            make_postcode(session, f"OL161A{letter}", near)
    draft = organiser.begin()
    assert organiser.say_where(draft, venue_type=venue_type, **where).status == 303

    preview = shown(client.page(f"{draft}/check"))
    organiser.say_who(draft)
    organiser.enter_code(draft)

    [event] = organiser.events
    assert preview["point"] == from_element(event.public_point)
    assert preview["radius"] == event.public_radius_metres
    if where is HOME and venue_type != "public":
        exact = from_element(session.get_one(ExactPlace, event.id).point)
        assert exact == Point(53.6201, -2.1601)
        assert preview["point"] != exact


def test_a_home_in_the_country_is_offered_a_public_meeting_point(
    organiser: Organiser, client: PageClient, session: Session
) -> None:
    make_place(session, "Farm", Point(54.9, -3.2), population=30)
    draft = organiser.begin()
    organiser.say_where(draft, venue_type="private", place="", latitude="54.9", longitude="-3.2")

    page = client.page(f"{draft}/check")
    assert "Tell people a public meeting point" in page.text
    [link] = [each for each in page.links if "meeting=1" in each]
    where = client.page(link)

    chosen = [each.get("value") for each in where.all("input") if "checked" in each.attrib]
    assert chosen == ["public"]
    assert where.value("latitude") == where.value("place") == ""
    # Nothing has changed before it is saved.
    assert client.page(f"{draft}/where").value("latitude") == "54.9"


def test_a_home_in_a_town_is_not(organiser: Organiser, client: PageClient) -> None:
    draft = organiser.begin()
    organiser.say_where(draft, venue_type="private", **HOME)

    assert "public meeting point" not in client.page(f"{draft}/check").text


def test_where_only_the_town_is_known_a_postcode_is_asked_for(
    organiser: Organiser, client: PageClient
) -> None:
    draft = organiser.begin()
    organiser.say_where(draft, venue_type="private")

    assert "Only the town is known" in client.page(f"{draft}/check").text


@pytest.mark.parametrize(
    ("day", "is_warned"), [("5 June 2027", False), ("6 June 2027", True), ("4 June 2027", True)]
)
def test_another_day_than_the_moment_is_a_warning_and_no_refusal(
    organiser: Organiser, client: PageClient, day: str, is_warned: bool
) -> None:
    draft = organiser.begin(starts_on=day)
    organiser.say_where(draft)

    assert ("It is on another day" in client.page(f"{draft}/check").text) is is_warned
    assert organiser.say_who(draft).status == 303


def test_times_are_shown_with_their_weekday(organiser: Organiser, client: PageClient) -> None:
    draft = organiser.begin(ends_on="6 June", ends_at="1am")
    organiser.say_where(draft)

    page = client.page(f"{draft}/check")

    assert "Saturday 5 June 2027, 2pm to Sunday 6 June 2027, 1am" in page.text


@pytest.mark.parametrize(
    ("where", "changes", "marked"),
    [
        ("what", {"title": "Tea at 12 Elm Road"}, "12 Elm Road"),
        ("what", {"description": "Ring Pat on 0161 496 0000."}, "0161 496 0000"),
        ("what", {"description": "Near OL16 1AB."}, "OL16 1AB"),
        ("where", {"venue_name": "Hall, 12 Elm Road"}, "12 Elm Road"),
    ],
)
def test_what_tells_too_much_is_marked_and_must_be_meant(
    organiser: Organiser,
    client: PageClient,
    where: str,
    changes: dict[str, str],
    marked: str,
) -> None:
    draft = organiser.begin(**(changes if where == "what" else {}))
    organiser.say_where(draft, **(changes if where == "where" else {}))

    page = client.page(f"{draft}/check")
    assert [("".join(each.itertext())) for each in page.all("mark")] == [marked]
    assert f"{draft}/{where}" in page.links
    refused = organiser.say_who(draft)
    assert refused.status == 422
    assert "meant to be public" in refused.errors[0]

    told = page.value("told")
    assert organiser.say_who(draft, meant="y", told=told).status == 303
    assert organiser.enter_code(draft).status == 303
    assert len(organiser.events) == 1


def test_the_name_of_a_new_group_is_public_too(organiser: Organiser) -> None:
    draft = organiser.begin()
    organiser.say_where(draft)

    refused = organiser.say_who(draft, name="The Smiths at 12 Elm Road")

    assert refused.status == 422
    assert ["".join(each.itertext()) for each in refused.all("mark")] == ["12 Elm Road"]
    assert "#name" in refused.links
    told = refused.value("told")
    assert organiser.say_who(draft, name="The Smiths on Elm Road").status == 303
    again = organiser.say_who(draft, name="The Smiths at 12 Elm Road", meant="y", told=told)
    assert again.status == 303


def test_a_yes_holds_for_the_words_that_were_shown_alone(
    organiser: Organiser, client: PageClient
) -> None:
    draft = organiser.begin(title="Tea at 12 Elm Road")
    organiser.say_where(draft)
    told = client.page(f"{draft}/check").value("told")
    organiser.say_who(draft, meant="y", told=told)
    changed = organiser.client.page(f"{draft}/what")
    answers = {name: changed.value(name) for name in ("description", "starts_on", "starts_at")}
    client.send(
        f"{draft}/what",
        {**answers, "title": "Tea at 14 Elm Road", "ends_at": "5pm", "ends_on": ""},
    )

    assert organiser.say_who(draft, meant="y", told=told).status == 422
    # The code that was sent before does not send the new words either.
    assert organiser.enter_code(draft).location == f"{draft}/check"
    assert organiser.events == []


def test_the_name_of_a_home_is_neither_shown_nor_kept(
    organiser: Organiser, client: PageClient
) -> None:
    draft = organiser.begin()
    organiser.say_where(draft, venue_type="private", venue_name="Rose Cottage", **HOME)

    assert "Rose Cottage" not in client.page(f"{draft}/check").text
    organiser.say_who(draft)
    organiser.enter_code(draft)
    assert organiser.events[0].venue_name is None


def test_the_pin_is_put_where_a_search_leads(organiser: Organiser, client: PageClient) -> None:
    draft = organiser.begin()

    answer = client.send(f"{draft}/where", WHERE | {"find": "1"})
    page = client.page(f"{draft}/where")

    assert answer.location == f"{draft}/where?find=1#pin"
    assert float(page.value("latitude")) == pytest.approx(ROCHDALE.latitude, abs=1e-4)
    assert float(page.value("longitude")) == pytest.approx(ROCHDALE.longitude, abs=1e-4)


def test_a_search_that_leads_nowhere_says_so(organiser: Organiser, client: PageClient) -> None:
    draft = organiser.begin()

    answer = client.send(f"{draft}/where", WHERE | {"find": "1", "place": "Nowhere at all"})

    assert answer.status == 422
    assert answer.value("place") == "Nowhere at all"


def test_a_search_moves_a_pin_that_stands_elsewhere(
    organiser: Organiser, client: PageClient
) -> None:
    draft = organiser.begin()
    organiser.say_where(draft, latitude="51.5", longitude="-0.12")

    client.send(f"{draft}/where", WHERE | {"find": "1", "latitude": "51.5", "longitude": "-0.12"})

    found = client.page(f"{draft}/where").value("latitude")
    assert float(found) == pytest.approx(ROCHDALE.latitude, abs=1e-4)


def test_a_search_judges_nothing_else(organiser: Organiser, client: PageClient) -> None:
    draft = organiser.begin()

    answer = client.send(f"{draft}/where", WHERE | {"find": "1", "venue_type": ""})

    assert answer.status == 303
    assert client.page(answer.location.partition("#")[0]).errors == []
    assert client.page(f"{draft}/check").location == f"{draft}/where"
