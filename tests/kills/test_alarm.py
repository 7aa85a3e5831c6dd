"""A tally that somebody changes by hand is noticed, told, and what the ledger adds up to again."""

import html
import json
import urllib.request
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.factories.accounts import make_user
from tests.kills.conftest import SOAK
from tests.kills.exactness import assert_equal, eventually, seconds_until_equal
from tests.kills.pledgers import Pledgers, Promise
from tests.live import LiveSite
from webapp.jobs import enqueue
from webapp.pledges.models import Correction, MomentTally

# The worker looks twice a minute; a short run does not wait for that, but asks it to look now.
PROMISED_SECONDS, PATIENCE_SECONDS = 60, 120
CONJURED = 1234
DRIFTS = [
    f"UPDATE moment_tally SET people = people + {CONJURED}",
    "UPDATE event_tally SET heads = heads + 1",
    "UPDATE slice_tally SET people = 0, heads = 0",
]


@pytest.fixture
def staff(owner: Engine) -> str:
    """Return the address of somebody who is to be told."""
    with Session(owner) as session, session.begin():
        return make_user(session, staff=True).email


def shown_people(site: LiveSite, promise: Promise) -> int:
    moment = promise.path.removesuffix("/pledge")
    with urllib.request.urlopen(f"{site.url}/api/v1{moment}/count.json", timeout=10) as answer:
        return int(json.load(answer)["people"])


def page(site: LiveSite, path: str) -> str:
    with urllib.request.urlopen(f"{site.url}{path}", timeout=10) as answer:
        return html.unescape(answer.read().decode())


def has_mail(site: LiveSite, address: str, sentence: str) -> bool:
    texts = [path.read_text() for path in (site.settings.local_folder / "mail").glob("*")]
    return any(address in each and sentence in each for each in texts)


def corrections(owner: Engine) -> list[Correction]:
    with Session(owner) as session:
        return list(session.scalars(select(Correction).order_by(Correction.id)))


def is_equal(owner: Engine) -> bool:
    try:
        assert_equal(owner)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize("drift", DRIFTS if SOAK else DRIFTS[:1])
def test_a_drift_made_by_hand_is_alarmed_within_a_minute_and_mended(
    site: LiveSite,
    pledgers: Pledgers,
    promises: list[Promise],
    owner: Engine,
    staff: str,
    drift: str,
    tell: Callable[[str], None],
) -> None:
    with pledgers:
        pledgers.wait_for(20)
    seconds_until_equal(owner)
    right, known = shown_people(site, promises[0]), len(corrections(owner))

    wrong = people_after(owner, drift)
    took = eventually(lambda: len(corrections(owner)) > known, "nobody notices", PATIENCE_SECONDS)

    assert took < PROMISED_SECONDS
    eventually(lambda: is_equal(owner), "the rest is not made anew")
    assert shown_people(site, promises[0]) == right
    assert f"<td>{wrong:,}</td><td>{right:,}</td>" in page(site, "/counting")
    sentence = f"People by the ledger: {right}"
    eventually(lambda: has_mail(site, staff, sentence), "staff are not told")
    tell(f"“{drift}”: alarmed after {took:.0f} s, shown at /counting: {wrong:,} → {right:,}")


def people_after(owner: Engine, drift: str) -> int:
    """Change tallies by hand, as their owner; return how many people are shown then."""
    with Session(owner) as session, session.begin():
        session.execute(text(drift))
        if not SOAK:
            enqueue(session, "reconcile_a_slice", timestamp=0)
        return session.scalars(select(MomentTally.people)).one()
