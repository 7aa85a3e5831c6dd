"""Who hosts: a new group, one of somebody’s own, one that is there already, or a helper for another."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.drafts.organiser import WHAT, WHERE, Organiser
from tests.factories.accounts import make_user
from tests.factories.groups import make_group
from webapp.accounts.models import User
from webapp.events.models import EventStatus
from webapp.groups.models import Group, Standing
from webapp.places.models import Place

SignIn = Callable[..., User]


@pytest.fixture
def draft(organiser: Organiser) -> str:
    draft = organiser.begin()
    organiser.say_where(draft)
    return draft


def groups(session: Session) -> int:
    return session.scalar(select(func.count(Group.id))) or 0


def test_somebody_with_groups_chooses_one_and_is_asked_for_no_address(
    organiser: Organiser, client: PageClient, session: Session, sign_in: SignIn, draft: str
) -> None:
    group = make_group(session, by=sign_in(), name="Deeplish Rovers")
    session.commit()

    page = client.page(f"{draft}/check")
    assert "Deeplish Rovers" in page.text
    assert "Your e-mail address" not in page.text
    assert "Step 3 of 3" in page.text
    answer = organiser.say_who(draft, group=group.slug, name="", sector="", email="")

    assert client.page(answer.location).h1 == "Sent for review"
    assert organiser.events[0].group_id == group.id
    assert groups(session) == 1


def test_a_group_that_the_address_names_is_chosen_already(
    client: PageClient, organiser: Organiser, session: Session, sign_in: SignIn
) -> None:
    user = sign_in()
    make_group(session, by=user, name="Aardvarks")
    group = make_group(session, by=user, name="Zebras")
    session.commit()
    draft = organiser.begin(f"?new=1&group={group.slug}")
    organiser.say_where(draft)

    page = client.page(f"{draft}/check")

    chosen = [each for each in page.all("input") if "checked" in each.attrib]
    assert [each.get("value") for each in chosen] == [group.slug]


def test_nobody_lists_for_a_group_that_is_not_theirs(
    organiser: Organiser, session: Session, sign_in: SignIn, draft: str
) -> None:
    make_group(session, by=sign_in())
    other = make_group(session)
    session.commit()

    assert organiser.say_who(draft, group=other.slug).status == 422
    assert organiser.events == []


def test_staff_and_coordinators_list_for_the_group_that_the_address_names(
    client: PageClient, organiser: Organiser, session: Session, sign_in: SignIn
) -> None:
    group = make_group(session, standing=Standing.TRUSTED)
    sign_in(make_user(session, staff=True))
    draft = organiser.begin(f"?new=1&group={group.slug}")
    organiser.say_where(draft)

    answer = organiser.say_who(draft, group=group.slug, name="", sector="")

    assert answer.status == 303
    assert organiser.events[0].group_id == group.id


def test_a_group_of_that_name_nearby_is_offered_first(
    organiser: Organiser, client: PageClient, session: Session, draft: str
) -> None:
    rochdale = session.execute(select(Place).where(Place.name == "Rochdale")).scalar_one()
    group = make_group(session, name="Neighbours of Elm Road", place=rochdale)
    session.commit()

    asked = organiser.say_who(draft)
    assert asked.status == 422
    assert "Is it one of these?" in asked.text
    assert "Neighbours of Elm Road" in asked.text
    assert asked.value("name") == "Neighbours on Elm Road"

    assert organiser.say_who(draft, alike="another").status == 303
    organiser.enter_code(draft)
    assert organiser.events[0].group_id != group.id


def test_whoever_says_yes_asks_to_be_let_in_and_keeps_the_draft(
    organiser: Organiser, client: PageClient, session: Session, draft: str
) -> None:
    rochdale = session.execute(select(Place).where(Place.name == "Rochdale")).scalar_one()
    group = make_group(session, name="Neighbours of Elm Road", place=rochdale)
    session.commit()
    organiser.say_who(draft)
    organiser.say_who(draft, alike=group.slug)

    answer = organiser.enter_code(draft)

    assert answer.location == f"/groups/{group.slug}/ask"
    assert client.page(answer.location).status == 200
    assert organiser.events == []
    assert WHAT["title"] in client.page("/host").text


def test_a_yes_by_somebody_who_belongs_to_it_lists_at_once(
    organiser: Organiser, session: Session, draft: str
) -> None:
    rochdale = session.execute(select(Place).where(Place.name == "Rochdale")).scalar_one()
    user = make_user(session, email="pat@example.org")
    group = make_group(session, by=user, name="Neighbours of Elm Road", place=rochdale)
    session.commit()
    organiser.say_who(draft)
    organiser.say_who(draft, alike=group.slug)

    organiser.enter_code(draft)

    assert organiser.events[0].group_id == group.id


def test_a_group_of_ones_own_is_not_made_twice_by_typing_its_name(
    organiser: Organiser, session: Session, draft: str
) -> None:
    user = make_user(session, email="pat@example.org")
    group = make_group(session, by=user, name="neighbours on elm road")
    session.commit()
    organiser.say_who(draft, alike="another")
    organiser.say_who(draft, alike="another")

    organiser.enter_code(draft)

    assert organiser.events[0].group_id == group.id
    assert groups(session) == 1


def test_what_was_said_of_groups_of_another_name_does_not_count(
    organiser: Organiser, session: Session, draft: str
) -> None:
    rochdale = session.execute(select(Place).where(Place.name == "Rochdale")).scalar_one()
    make_group(session, name="Neighbours of Elm Road", place=rochdale)
    make_group(session, name="Deeplish Rovers Football Club", place=rochdale)
    session.commit()
    organiser.say_who(draft, alike="another")

    answer = organiser.say_who(draft, name="Deeplish Rovers Football", alike="another")

    assert answer.status == 422
    assert "Deeplish Rovers Football Club" in answer.text


def test_a_helper_is_recorded_with_the_phone_number_for_staff(
    organiser: Organiser, client: PageClient, session: Session, draft: str
) -> None:
    organiser.say_who(draft, for_somebody="y", contact_phone="0161 496 0000")
    organiser.enter_code(draft)

    [event] = organiser.events
    assert event.group.contact_phone == "01614960000"
    assert event.group.helper_id == session.scalar(select(User.id))


def test_a_number_without_a_helper_is_not_kept(organiser: Organiser, draft: str) -> None:
    organiser.say_who(draft, contact_phone="0161 496 0000")
    organiser.enter_code(draft)

    assert organiser.events[0].group.contact_phone is None


def test_a_new_group_stands_in_the_town_that_its_event_names(
    organiser: Organiser, draft: str
) -> None:
    organiser.say_who(draft)
    organiser.enter_code(draft)

    [event] = organiser.events
    assert event.group.place is not None
    assert event.group.place.name == "Rochdale"


def test_an_event_online_is_on_no_map_and_keeps_its_link(
    organiser: Organiser, client: PageClient, session: Session, sign_in: SignIn
) -> None:
    group = make_group(session, by=sign_in(), standing=Standing.TRUSTED)
    session.commit()
    draft = organiser.begin()
    online = WHERE | {"venue_type": "online", "place": "", "venue_name": ""}
    organiser.say_where(draft, **online | {"joining_link": "https://meet.example.org/elm"})

    page = client.page(f"{draft}/check")
    assert "Online" in page.text
    assert "https://meet.example.org/elm" in page.text
    assert not any("data-shown" in each.attrib for each in page.all("div"))
    organiser.say_who(draft, group=group.slug, name="", sector="", email="")

    [event] = organiser.events
    assert event.public_point is None
    assert event.joining_link == "https://meet.example.org/elm"
    assert event.status is EventStatus.PUBLISHED


def test_too_many_codes_is_said_beside_the_address(organiser: Organiser, draft: str) -> None:
    for _ in range(5):
        assert organiser.say_who(draft).status == 303

    answer = organiser.say_who(draft)

    assert answer.status == 422
    assert "Too many codes" in answer.errors[0]
    assert answer.value("email") == "pat@example.org"


def test_what_is_hidden_for_a_group_of_ones_own_is_not_judged(
    organiser: Organiser, session: Session, sign_in: SignIn, draft: str
) -> None:
    group = make_group(session, by=sign_in())
    session.commit()
    hidden = {"name": "", "sector": "", "for_somebody": "y", "contact_phone": "ring me"}

    assert organiser.say_who(draft, group=group.slug, **hidden).status == 303


def test_of_several_groups_none_is_chosen_for_somebody(
    client: PageClient, session: Session, sign_in: SignIn, draft: str
) -> None:
    user = sign_in()
    make_group(session, by=user)
    make_group(session, by=user)
    session.commit()

    page = client.page(f"{draft}/check")

    assert [each for each in page.all("input") if "checked" in each.attrib] == []


def test_somebody_with_an_authenticator_is_asked_for_its_code_before_anything_is_sent(
    organiser: Organiser, client: PageClient, session: Session, draft: str
) -> None:
    user = make_user(session, email="pat@example.org")
    user.totp_secret = "kept encrypted"
    session.commit()
    organiser.say_who(draft)

    answer = organiser.enter_code(draft)

    assert answer.location.startswith("/account/second-factor")
    assert f"next={draft}/check" in answer.location
    assert organiser.events == []
    assert [each.user_id for each in organiser.drafts] == [user.id]


def test_a_code_that_nobody_asked_for_leads_back(organiser: Organiser, draft: str) -> None:
    page = organiser.client.page(f"{draft}/check")

    answer = organiser.send_to(f"{draft}/code", page, {"code": "123456"})

    assert answer.location == f"{draft}/check"
