"""What owners say of their group, and two who say it at once."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.factories.accounts import make_user
from tests.factories.groups import make_member
from tests.factories.places import LLANELLI, make_place
from tests.sentences import said
from webapp.accounts.models import User
from webapp.groups.models import Group, SizeBand

SignIn = Callable[..., User]
PATH = "/groups/elm-road/edit"
WHOLE: dict[str, Any] = {
    "name": "Elm Road Choir",
    "sector": "arts",
    "description": "We **sing**.",
    "place": "Rochdale",
    "website": "example.org/choir",
    "languages": ["pl", "en"],
    "size_band": "10-49",
    "works_with": "The school next door",
    "contact_email": "Choir@Example.org",
    "contact_phone": "",
}


def answers(page: Page, **changes: Any) -> dict[str, Any]:
    """Return what a form page would send, changed."""
    typed = ("name", "description", "place", "website", "works_with", "contact_email",
             "contact_phone", "version", "seen")  # fmt: skip
    ticked = {
        name: [
            each.get("value")
            for each in page.all("input")
            if each.get("name") == name and "checked" in each.attrib
        ]
        for name in ("sector", "size_band", "languages", "for_somebody")
    }
    return {**{name: page.value(name) for name in typed}, **ticked, **changes}


def save(client: PageClient, **changes: Any) -> Page:
    return client.send(PATH, answers(client.page(PATH), **changes))


def test_all_that_is_said_stands_on_the_groups_page(
    session: Session, client: PageClient, owned: Group
) -> None:
    make_place(session)
    answer = save(client, **WHOLE)
    assert (answer.status, answer.location) == (303, PATH)
    assert "Everybody sees it within a minute" in client.page(PATH).text
    page = client.page("/groups/elm-road")
    for text in ("Elm Road Choir", "Arts or culture", "We sing.", "Rochdale", "example.org/choir",
                 "English, Polski", "10 to 49", "The school next door"):  # fmt: skip
        assert text in page.text
    [website] = [each for each in page.all("a") if each.get("href") == "https://example.org/choir"]
    assert "nofollow" in website.get("rel", "")
    session.refresh(owned)
    assert (owned.contact_email, owned.size_band) == ("choir@example.org", SizeBand.DOZENS)


def test_what_is_never_shown_is_not_on_the_groups_page(
    session: Session, client: PageClient, owned: Group
) -> None:
    save(client, contact_email="choir@example.org", for_somebody="y", contact_phone="0161 496 0000")
    session.refresh(owned)
    assert owned.helper_id == owned.memberships[0].user_id
    html = client.page("/groups/elm-road").html
    for secret in ("choir@example.org", "496", "0000", owned.memberships[0].user.email):
        assert secret not in html


def test_a_page_saved_as_it_stands_stays_as_it_is(
    session: Session, client: PageClient, owned: Group
) -> None:
    make_place(session)
    save(client, **WHOLE)
    before = answers(client.page(PATH), version="", seen="")
    assert save(client).status == 303
    assert answers(client.page(PATH), version="", seen="") == before


def test_of_a_postcode_nothing_but_the_town_is_kept(
    session: Session, client: PageClient, owned: Group
) -> None:
    make_place(session)
    save(client, place="53.6178, -2.1552")
    assert client.page(PATH).value("place") == "Rochdale"


def test_a_place_of_many_is_asked_for_once(
    session: Session, client: PageClient, owned: Group
) -> None:
    make_place(session, "Newport", near="Telford")
    make_place(session, "Newport", LLANELLI, near="Cardiff")
    page = save(client, place="Newport")
    assert page.status == 422
    assert "Newport, Telford" in said(page)[0]
    assert save(client, place="Newport, Cardiff").status == 303
    # Its name alone stands in the form now, and means the place that it is.
    assert save(client, works_with="The mosque").status == 303
    session.refresh(owned)
    assert owned.place is not None
    assert owned.place.near == "Cardiff"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "x", "Write at least 2 characters here."),
        ("name", "", "Give your group’s name."),
        ("description", "x" * 2001, "Shorten this to 2000 characters or fewer."),
        ("website", "javascript:alert(1)", "Enter the address of a website, such as example.org."),
        ("contact_email", "choir", "Enter an e-mail address, such as name@example.org."),
        ("contact_phone", "496 0000",
         "Begin with the area code, such as 0161, or with 07 for a mobile."),
        ("contact_phone", "ask me", "Enter a phone number in digits, such as 0161 496 0000."),
        ("place", "Nowhere at all",
         "We do not know a place of that name. Check the spelling, or try the nearest town."),
        ("works_with", "x" * 301, "Shorten this to 300 characters or fewer."),
    ],
)  # fmt: skip
def test_a_mistake_gets_a_sentence_and_keeps_what_was_typed(
    session: Session, client: PageClient, owned: Group, field: str, typed: str, sentence: str
) -> None:
    page = save(client, **{"works_with": "The mosque", "languages": ["pl"], field: typed})
    assert page.status == 422
    assert said(page) == [sentence]
    assert page.value(field) == typed
    if field != "works_with":
        assert page.value("works_with") == "The mosque"
    assert answers(page)["languages"] == ["pl"]
    session.refresh(owned)
    assert owned.works_with == ""


def test_who_does_it_for_somebody_gives_a_phone_number(client: PageClient, owned: Group) -> None:
    page = save(client, for_somebody="y")
    assert said(page) == ["Enter the phone number of whoever you do this for."]


@pytest.mark.parametrize("field", ["sector", "size_band", "languages"])
def test_what_is_on_no_list_is_refused(client: PageClient, owned: Group, field: str) -> None:
    page = save(client, **{field: "party"})
    assert page.status == 422
    assert said(page) == ["Choose one of the options."]


@pytest.mark.parametrize(
    "typed", ["🎉🎉", "שכנים", "x" * 120, "<b>Elm</b> & Oak", "{{ 7*7 }}", "Elm / Oak"]
)
def test_an_odd_name_and_text_are_shown_as_they_are(
    client: PageClient, owned: Group, typed: str
) -> None:
    long = typed * 10
    save(client, name=typed, description=long, works_with=typed)
    page = client.page("/groups/elm-road")
    assert page.h1 == typed
    assert typed in page.text
    assert client.page(PATH).value("description") == long


@pytest.mark.parametrize(
    "typed",
    ["[Us](javascript:alert(1))", "<javascript:alert(1)>", "<script>alert(1)</script>",
     "![x](https://example.org/x.png)", "<img src=x onerror=alert(1)>"],
)  # fmt: skip
def test_markdown_brings_no_script_and_no_picture(
    client: PageClient, owned: Group, typed: str
) -> None:
    save(client, description=typed)
    page = client.page("/groups/elm-road")
    assert not any("javascript" in each for each in page.links)
    assert "<script>alert" not in page.html
    assert page.all("img") == []


def test_the_second_of_two_savers_sees_what_changed_and_chooses(
    session: Session, client: PageClient, owned: Group
) -> None:
    mine = answers(client.page(PATH), name="Elm Road Singers", works_with="The mosque")
    save(client, name="Elm Road Choir", website="example.org")

    page = client.send(PATH, mine)

    assert page.status == 422
    assert "Somebody else saved this page" in page.text
    assert (
        "Saved meanwhile: Elm Road Choir Yours, as it stands below: Elm Road Singers" in page.text
    )
    assert "Saved meanwhile: https://example.org You had not changed it" in page.text
    session.refresh(owned)
    assert owned.name == "Elm Road Choir"

    # What only the other changed is taken over; what both did stands as this person wrote it.
    assert (page.value("name"), page.value("website")) == (
        "Elm Road Singers",
        "https://example.org",
    )
    assert client.send(PATH, answers(page)).status == 303
    session.refresh(owned)
    assert (owned.name, owned.website) == ("Elm Road Singers", "https://example.org")
    assert owned.works_with == "The mosque"


def test_what_changed_is_told_in_words(client: PageClient, owned: Group) -> None:
    mine = answers(client.page(PATH), sector="arts", languages=["pl"], size_band="1-9")
    save(client, sector="faith", languages=["ur", "cy"], size_band="", works_with="x",
         for_somebody="y", contact_phone="0161 496 0000")  # fmt: skip
    text = client.send(PATH, mine).text
    for told in (
        "Saved meanwhile: Faith group Yours, as it stands below: Arts or culture",
        "Saved meanwhile: Cymraeg, اردو Yours, as it stands below: Polski",
        "I do this for somebody who has no e-mail Saved meanwhile: yes",
    ):
        assert told in text


def test_two_who_say_the_same_do_not_disturb_each_other(client: PageClient, owned: Group) -> None:
    mine = answers(client.page(PATH), name="Elm Road Choir")
    save(client, name="Elm Road Choir")
    assert client.send(PATH, mine).status == 303


@pytest.mark.parametrize("seen", ["", "{", "[1]", "null", '{"name": 5}', "[" * 5000])
def test_whoever_spoils_the_forms_memory_is_asked_about_everything(
    session: Session, client: PageClient, owned: Group, seen: str
) -> None:
    mine = answers(client.page(PATH), works_with="The mosque", seen=seen)
    save(client, name="Elm Road Choir")
    page = client.send(PATH, mine)
    assert page.status == 422
    assert "Saved meanwhile: Elm Road Choir Yours, as it stands below: Elm Road" in page.text


@pytest.mark.parametrize(
    ("who", "status"), [("editor", 403), ("owner of another", 403), ("staff", 200)]
)
def test_who_may_change_a_group(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn, who: str, status: int
) -> None:
    people = {
        "editor": lambda: make_member(session, owned),
        "owner of another": lambda: make_user(session),
        "staff": lambda: make_user(session, staff=True),
    }
    sign_in(people[who]())
    assert client.page(PATH).status == status


def test_an_unknown_group_is_our_404(client: PageClient, owned: Group) -> None:
    assert client.page("/groups/oak-road/edit").status == 404
