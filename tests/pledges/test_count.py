"""The number for machines, and for the pages that keep theirs up to date."""

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient, text_of
from tests.conftest import NOW
from tests.factories.moments import make_moment
from webapp.moments.models import Moment
from webapp.pledges.models import MomentTally, RollupState

FIGURES = {"people", "pledges", "events", "held", "on_paper", "as_of", "reconciled_at"}


@pytest.fixture
def moment(session: Session) -> Moment:
    moment = make_moment(session)
    session.add(
        MomentTally(moment_id=moment.id, pledges=5_000, heads=12_345, people=12_345, held=7)
    )
    session.commit()
    return moment


def path(moment: Moment) -> str:
    return f"/api/v1/moments/{moment.slug}/count.json"


def test_machines_get_the_figures_and_nothing_else(
    client: PageClient, session: Session, moment: Moment
) -> None:
    assert client.page(path(moment)).json["reconciled_at"] is None
    state = session.get(RollupState, 1)
    assert state is not None
    state.reconciled_at = NOW
    session.commit()

    count = client.page(path(moment)).json

    assert count.keys() == FIGURES
    assert (count["people"], count["pledges"], count["events"]) == (12_345, 5_000, 0)
    assert count["held"] == 7
    assert count["as_of"].endswith("+00:00")
    assert count["reconciled_at"] == NOW.isoformat(timespec="seconds")


def test_it_is_kept_five_seconds_and_given_out_while_it_is_asked_for_or_cannot_be(
    client: PageClient, moment: Moment
) -> None:
    for query in ("", "?words=1"):
        answer = client.page(path(moment) + query)

        assert answer.headers["Cache-Control"] == (
            "public, max-age=5, stale-while-revalidate=60, stale-if-error=86400"
        )
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("language", ["", "/cy"])
def test_a_page_gets_the_words_that_it_shows(
    client: PageClient, moment: Moment, language: str
) -> None:
    for address in (f"{language}/", f"{language}/moments/{moment.slug}"):
        page = client.page(address)
        [box] = [each for each in page.all("aside") if each.get("data-behaviour") == "count"]

        words = client.page(str(box.get("data-url"))).json["words"]

        shown = {
            str(each.get("data-word")): text_of(each)
            for each in box.iter()
            if each.get("data-word")
        }
        assert shown == words
        assert words["people"] == "12,345"
        assert language in str(box.get("data-url"))


def test_a_moment_that_is_over_is_not_asked_about(client: PageClient, session: Session) -> None:
    over = make_moment(session, slug="over", starts_on=NOW.date().replace(year=2020),
                       ends_on=NOW.date().replace(year=2020))  # fmt: skip
    session.add(MomentTally(moment_id=over.id, pledges=5, heads=7, people=7))
    session.commit()

    page = client.page("/moments/over")

    assert "7 people are in" in page.text
    assert "count.json" not in page.html
