"""A coordinator’s page: the groups of a network, their figures, and who has not listed yet."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.networks import make_network
from tests.factories.places import make_place
from webapp.accounts.models import User
from webapp.events.co_hosts import CoHost, CoHostAnswer
from webapp.events.models import EventStatus
from webapp.headcounts.models import Headcount
from webapp.networks.queries import networks_of
from webapp.networks.spreadsheet import plain_cell
from webapp.pledges.models import EventTally

NOW = datetime(2027, 5, 20, 12, tzinfo=UTC)


def rows_of(csv_text: str) -> list[list[str]]:
    """Return the lines of a file without its heading."""
    assert csv_text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(csv_text.removeprefix("\ufeff"))))[1:]


def test_it_shows_all_groups_and_who_has_not_listed(
    session: Session, client: PageClient, sign_in: Callable[..., User]
) -> None:
    user, moment = sign_in(), make_moment(session)
    busy, idle = make_group(session, name="Busy Bees"), make_group(session, name="Idle Hands")
    make_group(session, name="Somebody Else")
    make_network(session, name="Scouts", coordinator=user, groups=[busy, idle])
    make_event(session, moment=moment, group=busy, title="Camp fire")
    session.commit()
    page = client.page("/networks/scouts")
    assert page.h1 == "Scouts"
    for expected in ("Busy Bees", "Camp fire", "Saturday 5 June 2027", "Idle Hands"):
        assert expected in page.text
    assert "Somebody Else" not in page.text
    assert page.text.count("List an event for them: ") == 2
    rest = client.page("/networks/scouts?unlisted=1")
    assert "Idle Hands" in rest.text
    assert "Busy Bees" not in rest.text


def test_people_are_those_of_events_that_a_group_hosts_itself(
    session: Session, client: PageClient, sign_in: Callable[..., User]
) -> None:
    user, moment = sign_in(), make_moment(session)
    host, helper = make_group(session, name="Host"), make_group(session, name="Helper")
    make_network(session, name="Scouts", coordinator=user, groups=[host, helper])
    event = make_event(session, moment=moment, group=host)
    session.flush()
    session.add(CoHost(event=event, group=helper, answer=CoHostAnswer.ACCEPTED, invited_at=NOW))
    session.add(EventTally(event_id=event.id, moment_id=event.moments[0].id, pledges=2, heads=5))
    session.add(Headcount(event_id=event.id, people=7, reported_at=NOW))
    session.commit()
    rows = rows_of(client.page("/networks/scouts/groups.csv").response.get_data(as_text=True))
    assert [(row[0], *row[5:]) for row in rows] == [
        ("Helper", "0", "0", "0", ""),
        ("Host", "1", "1", "5", "7"),
    ]


@pytest.mark.parametrize(
    ("status", "listed"),
    [
        (EventStatus.PUBLISHED, True),
        (EventStatus.IN_REVIEW, True),
        (EventStatus.POSTPONED, True),
        (EventStatus.DRAFT, False),
        (EventStatus.CANCELLED, False),
        (EventStatus.HIDDEN, False),
    ],
)
def test_what_counts_as_listed(
    session: Session,
    client: PageClient,
    sign_in: Callable[..., User],
    status: EventStatus,
    listed: bool,
) -> None:
    user, group = sign_in(), make_group(session, name="Cubs")
    make_network(session, name="Scouts", coordinator=user, groups=[group])
    make_event(session, group=group).status = status
    session.commit()
    page = client.page("/networks/scouts?unlisted=1")
    assert ("Every group has listed something." in page.text) is listed


def test_another_moment_is_chosen_by_its_address(
    session: Session, client: PageClient, sign_in: Callable[..., User]
) -> None:
    user, group = sign_in(), make_group(session, name="Cubs")
    make_network(session, name="Scouts", coordinator=user, groups=[group])
    make_event(session, group=group, moment=make_moment(session, slug="june"))
    make_moment(session, slug="july", name_en="July Day")
    session.commit()
    assert (
        "Not listed yet"
        not in client.page("/networks/scouts?moment=june").all("table")[0].itertext()
    )
    july = client.page("/networks/scouts?moment=july")
    assert july.value("moment") == "july"
    assert "Not listed yet" in july.all("table")[0].itertext()


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", "Alpha"),
        ("people", "Omega"),
        ("events", "Omega"),
        ("place", "Alpha"),
        ("x", "Alpha"),
    ],
)
def test_the_groups_are_ordered_by_plain_links(
    session: Session, client: PageClient, sign_in: Callable[..., User], sort: str, first: str
) -> None:
    user, moment = sign_in(), make_moment(session)
    alpha = make_group(session, name="Alpha", place=make_place(session))
    omega = make_group(session, name="Omega")
    make_network(session, name="Scouts", coordinator=user, groups=[alpha, omega])
    event = make_event(session, moment=moment, group=omega)
    session.flush()
    session.add(EventTally(event_id=event.id, moment_id=event.moments[0].id, pledges=1, heads=2))
    session.commit()
    page = client.page(f"/networks/scouts?sort={sort}")
    assert first in "".join(page.all("tbody")[0][0].itertext())


def test_long_networks_come_in_pages(
    session: Session, client: PageClient, sign_in: Callable[..., User]
) -> None:
    user = sign_in()
    make_moment(session)
    groups = [make_group(session, by=user, name=f"Pack {n:03}") for n in range(51)]
    make_network(session, name="Scouts", coordinator=user, groups=groups)
    session.commit()
    assert "1 to 50 of 51" in client.page("/networks/scouts").text
    last = client.page("/networks/scouts?page=2")
    assert "Pack 050" in last.text
    assert "51 to 51 of 51" in last.text
    assert client.page("/networks/scouts?page=99999999999").status == 200


def test_its_questions_do_not_grow_with_the_groups(
    session: Session,
    client: PageClient,
    sign_in: Callable[..., User],
    questions: list[str],
) -> None:
    user, moment = sign_in(), make_moment(session)
    network = make_network(session, name="Scouts", coordinator=user)
    asked = []
    for size in (2, 12):
        for number in range(size):
            group = make_group(session, name=f"Pack {size} {number}")
            network.groups.append(group)
            make_event(session, moment=moment, group=group)
        session.commit()
        session.expire_all()
        questions.clear()
        client.page("/networks/scouts")
        client.page("/networks/scouts/groups.csv")
        asked.append(len(questions))
    assert asked[0] == asked[1]


def test_to_everybody_else_a_network_does_not_exist(
    session: Session, client: PageClient, sign_in: Callable[..., User]
) -> None:
    group = make_group(session)
    make_network(session, name="Scouts", coordinator=make_user(session), groups=[group])
    sign_in(group.memberships[0].user)
    for path in ("", "/groups.csv", "/add", "/add-several", "/invite", "/links"):
        assert client.page(f"/networks/scouts{path}").status == 404


def test_a_file_holds_no_address_and_no_formula(
    session: Session, client: PageClient, sign_in: Callable[..., User]
) -> None:
    user = sign_in()
    make_moment(session)
    group = make_group(session, name='=HYPERLINK("http://evil.example")')
    group.contact_email, group.contact_phone = "secret@example.org", "0161 496 0000"
    make_network(session, name="Scouts", coordinator=user, groups=[group])
    session.commit()
    page = client.page("/networks/scouts/groups.csv")
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert page.headers["Cache-Control"] == "no-store"
    written = page.response.get_data(as_text=True)
    assert "@" not in written
    assert "0161" not in written
    assert rows_of(written)[0][0] == '\'=HYPERLINK("http://evil.example")'


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", " =1", "|cmd", "%x"])
def test_a_cell_is_never_a_formula(cell: str) -> None:
    assert plain_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "1st Rochdale", "O’Hara = fun", "🎉"])
def test_other_cells_are_left_as_they_are(cell: str) -> None:
    assert plain_cell(cell) == cell


def test_somebody_finds_the_networks_that_they_coordinate(session: Session) -> None:
    user = make_user(session)
    for name in ("Zebra Union", "Allotments"):
        make_network(session, name=name, coordinator=user)
    make_network(session, coordinator=make_user(session))
    assert [network.name for network in networks_of(session, user)] == ["Allotments", "Zebra Union"]


def test_without_a_moment_the_page_says_so(
    session: Session, client: PageClient, sign_in: Callable[..., User]
) -> None:
    make_network(session, name="Scouts", coordinator=sign_in())
    session.execute(text("DELETE FROM moment"))
    session.commit()
    assert "No day to list for yet" in client.page("/networks/scouts").text
    assert client.page("/networks/scouts/groups.csv").status == 404
