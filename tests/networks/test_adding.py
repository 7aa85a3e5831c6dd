"""Adding groups to a network: one, or a pasted list; nothing typed is ever lost."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.factories.accounts import make_user
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.networks import make_network
from tests.factories.places import LLANELLI, make_place
from tests.sentences import said
from webapp.accounts.models import User
from webapp.groups.models import Group, Sector, Standing
from webapp.groups.networks import Network
from webapp.networks.adding import MOST_LINES
from webapp.networks.forms import InviteForm
from webapp.outbox import OutgoingMail
from webapp.places.models import Nation

PASTE = {"sector": "other", "place": "Rochdale"}


@pytest.fixture
def network(session: Session, sign_in: Callable[..., User]) -> Network:
    """A network whose coordinator is signed in, in a country with one town."""
    make_place(session)
    network = make_network(session, name="Scouts", coordinator=sign_in())
    session.commit()
    return network


def names(session: Session) -> list[str]:
    """Return what all groups are called."""
    return sorted(session.scalars(select(Group.name)))


def paste(client: PageClient, lines: str, **more: str) -> Page:
    """Send a list."""
    return client.send("/networks/scouts/add-several", {**PASTE, "lines": lines, **more})


def read_lines(page: Page) -> list[str]:
    """Return the lines as the page shows them."""
    found = next(each for each in page.all("ol") if each.get("class") == "read-lines")
    return [" ".join("".join(each.itertext()).split()) for each in found]


def test_one_group_is_made_with_a_link(
    session: Session, client: PageClient, network: Network
) -> None:
    values = {"name": "1st Rochdale", "sector": "other", "place": "rochdale", "email": ""}
    page = client.send("/networks/scouts/add", values)
    assert (page.status, page.location) == (303, "/networks/scouts/links")
    group = session.scalars(select(Group)).one()
    assert (group.name, group.sector, group.standing) == (
        "1st Rochdale",
        Sector.OTHER,
        Standing.UNVERIFIED,
    )
    assert group.place is not None
    assert group.place.name == "Rochdale"
    assert group.memberships == []
    assert group.networks == [network]
    assert "/claim/" in client.page("/networks/scouts/links").text
    assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 0


def test_whoever_runs_it_gets_the_link_by_mail(
    session: Session, client: PageClient, network: Network
) -> None:
    values = {"name": "1st Rochdale", "sector": "other", "place": "Rochdale"}
    client.send("/networks/scouts/add", {**values, "email": "Akela@Example.org"})
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.recipient, mail.template) == ("akela@example.org", "claim")
    assert mail.details["network_name"] == "Scouts"
    page = client.page("/networks/scouts/links")
    assert "sent by mail as well" in page.text
    assert f"/claim/{mail.details['token']}" in page.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Give the group’s name."),
        ({"name": "x" * 5000}, "Shorten this to 120 characters or fewer."),
        ({"sector": "pirates"}, "Choose one of the options."),
        ({"place": ""}, "Enter the town or village."),
        (
            {"place": "Atlantis"},
            "We do not know this town. Check the spelling, or try a larger one.",
        ),
        ({"email": "not an address"}, "Enter an e-mail address, such as name@example.org."),
    ],
)
def test_a_mistake_stands_beside_its_field_and_nothing_is_lost(
    session: Session, client: PageClient, network: Network, changes: dict[str, str], sentence: str
) -> None:
    values = {"name": "Cubs", "sector": "other", "place": "Rochdale", "email": "a@example.org"}
    page = client.send("/networks/scouts/add", values | changes)
    assert page.status == 422
    assert said(page) == [sentence]
    assert page.value("email") == (values | changes)["email"]
    assert names(session) == []


def test_a_town_of_which_there_are_two_is_asked_about(
    session: Session, client: PageClient, network: Network
) -> None:
    make_place(session, "Newport", near="Telford")
    make_place(session, "Newport", LLANELLI, near="Cardiff")
    values = {"name": "Cubs", "sector": "other", "place": "Newport"}
    page = client.send("/networks/scouts/add", values)
    assert "Newport, Telford" in said(page)[0]
    assert (
        client.send("/networks/scouts/add", {**values, "place": "Newport, Telford"}).status == 303
    )


@pytest.mark.parametrize("example", ["Newport, Wales", "Newport, Telford"])
def test_each_example_of_a_town_leads_to_it(
    session: Session, client: PageClient, network: Network, example: str
) -> None:
    make_place(session, "Newport", near="Telford")
    make_place(session, "Newport", LLANELLI, nation=Nation.WALES, near=None, population=161_506)
    values = {"name": "Cubs", "sector": "other", "place": "Newport"}
    assert example in said(client.send("/networks/scouts/add", values))[0]
    assert client.send("/networks/scouts/add", {**values, "place": example}).status == 303


def test_one_of_the_same_name_is_offered(
    session: Session, client: PageClient, network: Network
) -> None:
    make_group(session, name="Rochdale Cubs")
    page = client.send("/networks/scouts/add", {"name": "Rochdale Cubs", "sector": "other"})
    assert "Is it one of these?" in page.text


def test_a_list_is_shown_before_anything_is_made(
    session: Session, client: PageClient, network: Network
) -> None:
    lines = "1st Rochdale\n\n2nd Rochdale; Rochdale; akela@example.org\n3rd\tRochdale"
    page = paste(client, lines)
    assert page.status == 200
    assert page.h1 == "Check the list"
    assert read_lines(page) == [
        "1st Rochdale Rochdale",
        "2nd Rochdale Rochdale · akela@example.org",
        "3rd Rochdale",
    ]
    assert names(session) == []
    page = paste(client, page.value("lines"), confirmed="yes")
    assert page.location == "/networks/scouts/links"
    assert names(session) == ["1st Rochdale", "2nd Rochdale", "3rd"]
    shown = client.page("/networks/scouts/links")
    assert shown.text.count("/claim/") == 3
    assert session.scalars(select(OutgoingMail.recipient)).all() == ["akela@example.org"]


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><img src=x>',
        "مجموعة الجيران",
        "🎉🎉",
        "{{ 7*7 }}",
        "x" * 120,
    ],
)
def test_an_odd_name_is_shown_as_it_is(
    session: Session, client: PageClient, network: Network, name: str
) -> None:
    make_moment(session)
    assert read_lines(paste(client, name)) == [f"{name} Rochdale"]
    assert paste(client, name, confirmed="yes").status == 303
    assert names(session) == [name]
    for path in ("/networks/scouts", "/networks/scouts/links"):
        assert name in client.page(path).text
    slug = session.scalars(select(Group.slug)).one()
    assert client.page(f"/networks/scouts/groups/{slug}").h1 == name


def test_from_there_a_way_leads_back_to_the_list(client: PageClient, network: Network) -> None:
    page = paste(client, "1st Rochdale\n2nd Rochdale", change="yes")
    assert page.h1 == "Add groups"
    assert page.value("lines") == "1st Rochdale 2nd Rochdale"
    assert page.value("place") == "Rochdale"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("; Rochdale", "Begin this line with the group’s name, of at least 2 characters."),
        ("x" * 121, "Shorten this name to 120 characters."),
        (
            "Cubs; Rochdale; Atlantis",
            "Write a name, a town and an e-mail address, and nothing more.",
        ),
        ("Cubs; Atlantis", "We do not know this town. Check the spelling."),
        ("Cubs; me@", "This is not an e-mail address, such as name@example.org."),
        ("GOOD ones", "This group stands in the list already."),
        ("Held", "This group is in your network already."),
    ],
)
def test_faults_stand_beside_their_lines(
    session: Session, client: PageClient, network: Network, line: str, sentence: str
) -> None:
    place = make_group(session, name="Anything").place
    held = make_group(session, name="Held", place=place)
    make_network(session)
    held.place_id = session.scalars(select(Group.place_id.label("x"))).first()
    network.groups.append(held)
    session.commit()
    page = paste(client, f"Good ones\n{line}", place="")
    assert page.status == 422
    assert said(page) == [sentence]
    assert sentence in read_lines(page)[1]
    assert "Good ones" in page.value("lines")
    assert "1 line needs a change" in page.text
    assert "Good ones" not in names(session)


def test_a_pasted_fault_is_found_even_if_it_says_that_it_was_confirmed(
    session: Session, client: PageClient, network: Network
) -> None:
    assert paste(client, "Cubs; Atlantis", confirmed="yes").status == 422
    assert names(session) == []


def test_the_same_list_sent_twice_makes_the_groups_once(
    session: Session, client: PageClient, network: Network
) -> None:
    assert paste(client, "Cubs\nBeavers", confirmed="yes").status == 303
    page = paste(client, "Cubs\nBeavers", confirmed="yes")
    assert page.status == 422
    assert names(session) == ["Beavers", "Cubs"]


def test_no_more_than_two_hundred_at_once(
    session: Session, client: PageClient, network: Network
) -> None:
    lines = "\n".join(f"Pack {n}" for n in range(MOST_LINES + 1))
    page = paste(client, lines)
    assert said(page) == ["These are 201 lines. Add 200 at a time."]
    assert "Pack 200" in page.value("lines")
    assert names(session) == []


def test_two_hundred_at_once_are_all_linked(
    session: Session, client: PageClient, network: Network
) -> None:
    lines = "\n".join(f"Pack {n}" for n in range(MOST_LINES))
    assert paste(client, lines, confirmed="yes").status == 303
    assert client.page("/networks/scouts/links").text.count("/claim/") == MOST_LINES


@pytest.mark.parametrize("lines", ["", "\n \n", "\u202e"])
def test_an_empty_list_is_refused(client: PageClient, network: Network, lines: str) -> None:
    assert paste(client, lines).status == 422


def test_a_group_elsewhere_of_that_name_is_pointed_out(
    session: Session, client: PageClient, network: Network
) -> None:
    make_group(session, name="Elm Road")
    page = paste(client, "Elm Road")
    assert page.status == 200
    assert "A group of this name is on the site already" in page.text


def test_links_are_shown_for_an_hour_and_in_that_browser_alone(
    session: Session,
    client: PageClient,
    network: Network,
    sign_in: Callable[..., User],
    clock: object,
) -> None:
    paste(client, "Cubs", confirmed="yes")
    assert "/claim/" in client.page("/networks/scouts/links").text
    clock.shift(3601)  # type: ignore[attr-defined]  # time-machine’s traveller
    assert "There are no new links to show" in client.page("/networks/scouts/links").text


def test_links_of_another_network_are_not_shown(
    session: Session, client: PageClient, network: Network, sign_in: Callable[..., User]
) -> None:
    user = make_user(session)
    network.coordinators.append(user)
    make_network(session, name="Guides", coordinator=user)
    sign_in(user)
    paste(client, "Cubs", confirmed="yes")
    assert "/claim/" not in client.page("/networks/guides/links").text


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("https://moment-map.example/groups/elm-road", "elm-road"),
        ("moment-map.example/cy/groups/elm-road?x=1#y", "elm-road"),
        ("/groups/elm-road/", "elm-road"),
        ("elm-road", "elm-road"),
        ("https://[", None),
        ("Elm Road", None),
        ("../../etc", None),
        ("🎉", None),
    ],
)
def test_a_group_s_address_is_read(
    client: PageClient, network: Network, typed: str, slug: str | None
) -> None:
    with client.application.test_request_context(method="POST", data={"address": typed}):
        assert InviteForm(meta={"csrf": False}).slug == slug
