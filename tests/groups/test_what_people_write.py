"""Phone numbers, websites and languages as people write them."""

import pytest
from sqlalchemy.orm import Session

from tests.factories.accounts import make_user
from tests.factories.groups import make_group, make_member
from webapp.groups.actions import record_helper
from webapp.groups.languages import LANGUAGES, language_choices, language_names
from webapp.groups.membership import remove_member
from webapp.groups.models import MemberRole, Membership
from webapp.groups.phones import PhoneError, PhoneFault, parse_phone
from webapp.groups.queries import Addressee, addressees_of
from webapp.groups.websites import parse_website
from webapp.language import Language


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0161 496 0000", "01614960000"),
        ("(0161) 496-0000", "01614960000"),
        ("+44 (0)161 496 0000", "01614960000"),
        ("+44 161 496 0000", "01614960000"),
        ("0044 7700 900123", "07700900123"),
        ("07700.900.123", "07700900123"),
        ("016977 2345", "0169772345"),
        ("+353 1 555 0100", "+35315550100"),
    ],
)
def test_a_phone_number_is_read_however_it_is_written(typed: str, kept: str) -> None:
    assert parse_phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("ask at the bakery", PhoneFault.NOT_DIGITS),
        ("٠٧٧٠٠٩٠٠١٢٣", PhoneFault.NOT_DIGITS),
        ("🎉", PhoneFault.NOT_DIGITS),
        ("+", PhoneFault.NOT_DIGITS),
        ("496 0000", PhoneFault.NO_AREA_CODE),
        ("0161 496", PhoneFault.TOO_SHORT),
        ("0161 496 0000 or 07700 900123", PhoneFault.NOT_DIGITS),
        ("0161 496 0000 / 07700 900123", PhoneFault.TOO_LONG),
        ("0" * 40, PhoneFault.TOO_LONG),
    ],
)
def test_what_is_no_phone_number_says_why(typed: str, fault: PhoneFault) -> None:
    with pytest.raises(PhoneError) as refused:
        parse_phone(typed)
    assert refused.value.fault is fault


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("example.org", "https://example.org"),
        ("www.Example.org/Choir?x=1", "https://www.example.org/Choir?x=1"),
        ("HTTP://example.org", "http://example.org"),
        ("example.org:8080", "https://example.org:8080"),
        ("bücher.example.com", "https://bücher.example.com"),
        ("https://example.org/שכנים", "https://example.org/שכנים"),
    ],
)
def test_a_website_is_read_however_it_is_written(typed: str, kept: str) -> None:
    assert parse_website(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)", "JavaScript://example.org/%0aalert(1)", "data:text/html,x", "//",
        "ftp://example.org", "mailto:a@example.org", "a@example.org", "https://a:b@example.org",
        "localhost", "https://", "https:///x", "http://[::1]", "http://[", "1.2.3.4",
        "our page is example.org", "https://example.org/<b>", "https://example.org:port", "🎉",
        "x" * 300, ".example.org", "http://example..org", "http:\\example.org",
    ],
)  # fmt: skip
def test_what_is_no_website_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_website(typed)


def test_languages_are_named_by_themselves_in_the_lists_order() -> None:
    assert language_names(["ur", "cy", "xx", "pl"]) == ["Cymraeg", "Polski", "اردو"]


def test_languages_are_offered_with_the_pages_name_for_them() -> None:
    assert dict(language_choices("en_GB"))["pl"] == "Polski · Polish"
    assert dict(language_choices("cy"))["pl"] == "Polski · Pwyleg"
    assert dict(language_choices("en_GB"))["en"] == "English"
    assert list(dict(language_choices("cy"))) == list(LANGUAGES)


def test_a_group_is_written_to_at_its_contact_address(session: Session) -> None:
    owner = make_user(session, language=Language.WELSH)
    group = make_group(session, by=owner)
    group.contact_email = "choir@example.org"
    assert addressees_of(session, group) == [Addressee("choir@example.org", Language.WELSH)]


def test_without_a_contact_address_everybody_in_the_group_is_written_to(session: Session) -> None:
    owner = make_user(session)
    group = make_group(session, by=owner)
    editor = make_member(session, group)
    closed = make_member(session, group)
    closed.active = False
    session.flush()
    assert [each.email for each in addressees_of(session, group)] == [owner.email, editor.email]


def test_where_nobody_is_left_the_helper_is_written_to(session: Session) -> None:
    helper = make_user(session)
    group = make_group(session)
    record_helper(session, group, helper, "01614960000")
    assert helper.email not in {each.email for each in addressees_of(session, group)}
    for member in list(group.memberships):
        session.delete(member)
    session.flush()
    assert [each.email for each in addressees_of(session, group)] == [helper.email]
    helper.active = False
    session.flush()
    assert addressees_of(session, group) == []


def test_who_leaves_is_written_to_no_more(session: Session) -> None:
    owner = make_user(session)
    group = make_group(session, by=owner)
    editor = make_member(session, group)
    remove_member(session, group, editor.id)
    assert [each.email for each in addressees_of(session, group)] == [owner.email]
    assert session.get(Membership, (editor.id, group.id)) is None
    assert group.role_of(owner) is MemberRole.OWNER
