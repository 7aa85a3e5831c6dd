"""The site’s own database role adds to the ledger, and can do nothing else to it."""

import pytest
import sqlalchemy.exc
from sqlalchemy import make_url, select, text
from sqlalchemy.orm import Session

from tests.factories.events import make_event
from tests.factories.pledges import make_pledge
from webapp.app import create_app
from webapp.config import Settings
from webapp.pledges.models import LedgerEntry
from webapp.schema import ONLY_ADDED_TO

EVERYDAY = {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_the_site_adds_and_reads(session: Session) -> None:
    make_pledge(session, make_event(session), party=4)

    assert session.scalars(select(LedgerEntry.party_change)).all() == [4]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET party_change = 12",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
        "ALTER TABLE ledger_entry ADD COLUMN more text",
        "DROP TABLE ledger_entry",
        "TRUNCATE moment CASCADE",
        "SELECT * FROM ledger_entry FOR UPDATE",
        "CREATE RULE quiet AS ON INSERT TO ledger_entry DO INSTEAD NOTHING",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
        (
            "INSERT INTO ledger_entry (moment_id, nonce, kind, pledge, participant, party_change)"
            " SELECT moment_id, nonce, kind, pledge, participant, 12 FROM ledger_entry"
            " ON CONFLICT (moment_id, nonce) DO UPDATE SET party_change = 12"
        ),
        "UPDATE alembic_version SET version_num = '0001'",
        "UPDATE checkpoint SET content = 'another'",
        "DELETE FROM checkpoint",
        "TRUNCATE checkpoint",
        "INSERT INTO checkpoint SELECT * FROM checkpoint ON CONFLICT (number) DO UPDATE SET at = now()",
        "UPDATE tally_correction SET people_before = people_after",
        "DELETE FROM tally_correction",
    ],
)
def test_the_site_cannot_change_what_was_written(session: Session, statement: str) -> None:
    make_pledge(session, make_event(session))

    with pytest.raises(sqlalchemy.exc.ProgrammingError, match=r"denied|must be owner"):
        session.execute(text(statement))


@pytest.mark.parametrize("table", ["event", "moment"])
def test_what_somebody_pledged_for_cannot_be_deleted_from_under_the_pledge(
    session: Session, table: str
) -> None:
    make_pledge(session, make_event(session))
    if table == "moment":
        session.execute(text("DELETE FROM event_moment"))

    with pytest.raises(sqlalchemy.exc.IntegrityError, match="ledger_entry"):
        session.execute(text(f"DELETE FROM {table}"))


def test_the_site_has_the_rights_it_needs_and_no_others(session: Session) -> None:
    rights = text("""
        SELECT c.relname, array_agg(p.name ORDER BY p.name)
        FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE',
            'REFERENCES', 'TRIGGER']) AS p (name)
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
            AND c.relname <> 'spatial_ref_sys' AND has_table_privilege(c.oid, p.name)
        GROUP BY c.relname
    """)
    found = {name: set(names) for name, names in session.execute(rights)}

    # It may INSERT into some columns: the test below.
    assert found.pop("ledger_entry") == {"SELECT"}
    assert found.pop("alembic_version") == {"SELECT"}
    for table in ONLY_ADDED_TO:
        assert found.pop(table) == {"SELECT", "INSERT"}
    assert len(found) > 8
    assert [rights for rights in found.values() if rights - EVERYDAY] == []


def test_the_site_cannot_become_the_owner(session: Session, settings: Settings) -> None:
    owner = make_url(settings.owner_database_url).username

    with pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"):
        session.execute(text(f"SET ROLE {owner}"))


@pytest.mark.parametrize(
    "change",
    [
        {"party_change": 0},
        {"party_change": 13},
        {"kind": "conjured"},
        {"nonce": None},
        {"pledge": "00000000-0000-4000-8000-000000000001"},  # of another
        {"kind": "withdrawn"},  # of itself
    ],
)
def test_the_database_itself_refuses_what_is_no_pledge(
    session: Session, change: dict[str, object]
) -> None:
    make_pledge(session, make_event(session))
    first = session.scalars(select(LedgerEntry)).one()
    values = {
        "moment_id": first.moment_id,
        "nonce": "00000000-0000-4000-8000-000000000000",
        "kind": "pledged",
        "pledge": "00000000-0000-4000-8000-000000000000",
        "party_change": 1,
        **change,
    }
    insert = text("""
        INSERT INTO ledger_entry (moment_id, nonce, kind, pledge, participant, party_change)
        VALUES (:moment_id, :nonce, :kind, :pledge, gen_random_uuid(), :party_change)
    """)

    with pytest.raises(sqlalchemy.exc.IntegrityError):
        session.execute(insert, values)


@pytest.mark.parametrize("one_role", [True, False])
def test_a_site_with_one_role_says_that_its_ledger_is_not_protected(
    settings: Settings, caplog: pytest.LogCaptureFixture, one_role: bool
) -> None:
    owner = settings.owner_database_url
    create_app(settings.model_copy(update={"database_url": owner}) if one_role else settings)

    assert ("not protected" in caplog.text) is one_role


@pytest.mark.parametrize(
    "point",
    [
        "ST_MakePoint(0, 0)",
        "ST_MakePoint('NaN', 51)",
        "ST_MakePoint(0, 'Infinity')",
        "ST_GeomFromText('POINT EMPTY')",
    ],
)
def test_the_database_refuses_a_point_outside_the_uk(session: Session, point: str) -> None:
    event = make_event(session)
    move = text(f"UPDATE event SET public_point = ST_SetSRID({point}, 4326) WHERE id = :id")

    with pytest.raises(sqlalchemy.exc.IntegrityError):
        session.execute(move, {"id": event.id})


@pytest.mark.parametrize(
    "column",
    ["id", "xid = '5'", "recorded_at = now() - interval '1 day'"],
    ids=lambda text: text[:3],
)
def test_the_site_cannot_say_when_an_entry_was_written(session: Session, column: str) -> None:
    make_pledge(session, make_event(session))
    first = session.scalars(select(LedgerEntry)).one()
    name, _, value = column.partition(" = ")
    insert = text(f"""
        INSERT INTO ledger_entry (moment_id, nonce, kind, party_change, {name})
        VALUES ({first.moment_id}, gen_random_uuid(), 'pledged', 1, {value or 1})
    """)

    with pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"):
        session.execute(insert)
