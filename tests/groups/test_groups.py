"""What groups are called, where they are found, and who may do what to them."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories.accounts import make_user
from tests.factories.groups import make_group, make_member
from webapp.groups.actions import create_group
from webapp.groups.models import Group, MemberRole, Membership, Sector
from webapp.groups.queries import group_of_slug, groups_of
from webapp.groups.sectors import SECTOR_NAMES
from webapp.groups.slugs import LONGEST_SLUG, first_free, slug_of
from webapp.security import Act, may


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Neighbours on Elm Road", "neighbours-on-elm-road"),
        ("St Mary’s & St John's", "st-marys-st-johns"),
        ("Ffrindiau Tŷ Gŵyr", "ffrindiau-ty-gwyr"),
        ("Café — Olé!", "cafe-ole"),
        ("../../etc/passwd", "etc-passwd"),
        ("邻居", "group"),
        ("🎉🎉", "group"),
        ("<b>", "b"),
    ],
)
def test_an_address_is_made_from_the_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_an_address_is_not_longer_than_people_can_read() -> None:
    slug = slug_of("word " * 100)
    assert len(slug) <= LONGEST_SLUG
    assert not slug.endswith("-")


def test_an_address_that_is_taken_gets_a_number() -> None:
    assert first_free("elm-road", set()) == "elm-road"
    assert first_free("elm-road", {"elm-road"}) == "elm-road-2"
    assert first_free("elm-road", {"elm-road", "elm-road-2"}) == "elm-road-3"


def test_a_group_called_new_does_not_hide_a_page() -> None:
    assert first_free(slug_of("New!"), set()) == "new-2"


def test_several_groups_may_have_one_name(session: Session) -> None:
    slugs = [make_group(session, name="Elm Road").slug for _ in range(3)]
    assert slugs == ["elm-road", "elm-road-2", "elm-road-3"]


def test_whoever_makes_a_group_owns_it(session: Session) -> None:
    user = make_user(session)
    group = create_group(session, by=user, name="Elm Road", sector=Sector.OTHER)
    assert group.role_of(user) is MemberRole.OWNER
    assert groups_of(session, user) == [group]


def test_a_group_may_have_nobody_yet(session: Session) -> None:
    group = create_group(session, by=None, name="Elm Road", sector=Sector.OTHER)
    assert group.memberships == []


def test_groups_of_somebody_are_theirs_alone_and_by_name(session: Session) -> None:
    user = make_user(session)
    for name in ("Zebra Club", "Allotment Society"):
        make_group(session, by=user, name=name)
    make_group(session, name="Not theirs")
    assert [group.name for group in groups_of(session, user)] == ["Allotment Society", "Zebra Club"]


def test_a_group_is_found_by_its_address(session: Session) -> None:
    group = make_group(session, name="Elm Road")
    assert group_of_slug(session, "elm-road") is group
    assert group_of_slug(session, "oak-road") is None


@pytest.mark.parametrize(
    ("who", "see", "edit", "manage"),
    [
        ("nobody", True, False, False),
        ("somebody", True, False, False),
        ("editor", True, True, False),
        ("owner", True, True, True),
        ("owner of another", True, False, False),
        ("staff", True, True, True),
    ],
)
def test_who_may_do_what_to_a_group(
    session: Session, who: str, see: bool, edit: bool, manage: bool
) -> None:
    owner = make_user(session)
    group = make_group(session, by=owner)
    another = make_user(session)
    make_group(session, by=another)
    person = {
        "nobody": lambda: None,
        "somebody": lambda: make_user(session),
        "editor": lambda: make_member(session, group),
        "owner": lambda: owner,
        "owner of another": lambda: another,
        "staff": lambda: make_user(session, staff=True),
    }[who]()
    assert [may(person, act, group) for act in (Act.SEE, Act.EDIT, Act.MANAGE)] == [
        see,
        edit,
        manage,
    ]


def test_who_may_do_what_to_a_membership(session: Session) -> None:
    owner = make_user(session)
    group = make_group(session, by=owner)
    editor, other = make_member(session, group), make_member(session, group)
    theirs = session.get_one(Membership, (editor.id, group.id))
    assert [may(each, Act.SEE, theirs) for each in (None, other, editor, owner)] == [
        False,
        False,
        True,
        True,
    ]
    assert [may(each, Act.MANAGE, theirs) for each in (editor, owner)] == [False, True]


@pytest.mark.parametrize(
    "values", [{"slug": "Elm Road"}, {"slug": ""}, {"name": ""}, {"slug": "a--b"}]
)
def test_the_database_refuses_what_no_group_may_be(
    session: Session, values: dict[str, str]
) -> None:
    group = Group(**{"slug": "elm-road", "name": "Elm Road", "sector": Sector.OTHER} | values)
    session.add(group)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    assert session.execute(select(Group)).first() is None


def test_every_sector_has_a_name() -> None:
    assert set(SECTOR_NAMES) == set(Sector)
