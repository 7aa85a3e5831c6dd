"""No page, answer or amount of work tells whether an address has an account."""

import re

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.accounts import make_user
from webapp.accounts.actions import MAX_CODES_PER_CLIENT, MAX_CODES_PER_EMAIL

# Of one length, so that pages which show the address can be compared byte by byte.
KNOWN, STRANGER = "person@example.org", "nobody@example.org"


def plain(html: str, email: str) -> str:
    """Return a page without what differs from visit to visit."""
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", html.replace(email, "them"))


def visit(
    client: PageClient, questions: list[str], email: str, requests: int
) -> list[tuple[object, ...]]:
    """Ask for codes, type wrong ones, and return all that an onlooker could measure."""
    client.delete_cookie("session")
    seen = []
    for path, data in (
        [("/account/sign-in", {"email": email})] * requests
        + [("/account/code", {"code": "000000"})] * 7
    ):  # fmt: skip
        questions.clear()
        page = client.send(path, data)
        cookie = page.headers.get("Set-Cookie", "").split(";", 1)[-1]
        answer = (page.status, page.headers.get("Location"), plain(page.html, email), cookie)
        seen.append((*answer, len(page.html), list(questions)))
    return seen


@pytest.mark.parametrize("requests", [1, MAX_CODES_PER_EMAIL + 1])
@pytest.mark.parametrize("closed", [False, True])
def test_bytes_and_questions_are_the_same_for_both(
    session: Session, client: PageClient, questions: list[str], requests: int, closed: bool
) -> None:
    make_user(session, email=KNOWN, active=not closed)
    session.commit()
    known, stranger = (visit(client, questions, email, requests) for email in (KNOWN, STRANGER))
    assert known == stranger
    assert not any("user_account" in str(asked) for *_rest, asked in known)


def codes_sent(client: PageClient, addresses: list[str]) -> int:
    """Ask for a code for somebody new from each address; return how many were sent."""
    sent = 0
    for number, address in enumerate(addresses):
        client.environ_base["REMOTE_ADDR"] = address
        answer = client.send("/account/sign-in", {"email": f"home{number}@example.org"})
        sent += answer.status == 302
    return sent


@pytest.mark.parametrize(
    ("network", "sent"),
    [
        ("2001:db8:0:1::{:x}", MAX_CODES_PER_CLIENT),
        ("::ffff:192.0.2.7", MAX_CODES_PER_CLIENT),
        ("192.0.2.7", MAX_CODES_PER_CLIENT),
        ("2001:db8:0:{:x}::1", MAX_CODES_PER_CLIENT + 2),
        ("192.0.2.{}", MAX_CODES_PER_CLIENT + 2),
    ],
)
def test_a_home_counts_by_its_network_and_a_street_by_its_homes(
    client: PageClient, network: str, sent: int
) -> None:
    addresses = [network.format(number) for number in range(1, MAX_CODES_PER_CLIENT + 3)]
    assert codes_sent(client, addresses) == sent
