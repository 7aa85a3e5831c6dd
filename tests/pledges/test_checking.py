"""Anybody can check the number: the page, the files, the program in the documents, the command."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.pledges.test_checkpoint_files import (  # noqa: F401 -- fixtures
    publish,
    published,
    site_of,
    three,
)
from tests.pledges.test_checkpoints import close, event, take  # noqa: F401 -- a fixture
from tests.pledges.test_rollup import fold_all
from tests.whole_app.house import ROOT
from webapp.events.models import Event
from webapp.outbox import OutgoingMail
from webapp.pledges.checkpoint_files import CheckpointFiles
from webapp.pledges.models import Correction, MomentTally
from webapp.pledges.tasks import reconcile_every_half_minute, write_checkpoint_every_five_minutes


def test_before_anybody_has_pledged_the_page_says_so(client: PageClient) -> None:
    page = client.page("/counting")

    assert "There is none yet" in page.text
    assert "There was none." in page.text
    assert page.headers["Cache-Control"].startswith("public")


def test_a_checkpoint_is_given_out_as_it_was_sealed(
    app: Flask,
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
) -> None:
    take(engine, event, 3)
    close(engine)
    client = app.test_client()
    assert isinstance(client, PageClient)

    page = client.page("/counting")
    answer = client.get("/checkpoints/1.json")

    assert "/checkpoints/1.json" in page.links
    assert answer.headers["Cache-Control"].startswith("public, max-age=31536000")
    [row] = json.loads(answer.text)["moments"][event.moments[0].slug]
    assert row[1:] == ["england", "pledged", 1, 3, 3]
    assert client.get("/checkpoints/2.json").status_code == 404
    assert client.get(f"/checkpoints/{10**30}.json").status_code == 404


def test_the_command_says_that_all_is_well_and_when_it_is_not(
    app: Flask,
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
    published: CheckpointFiles,  # noqa: F811 -- a fixture
) -> None:
    take(engine, event, 3)
    close(engine)
    publish(engine, published)
    take(engine, event, 4)
    fold_all(engine)
    runner = app.test_cli_runner()

    well = runner.invoke(args=["pledges", "verify"])
    with Session(engine) as session, session.begin():
        session.execute(text("UPDATE moment_tally SET people = people + 1"))
    ill = runner.invoke(args=["pledges", "verify"])

    assert well.exit_code == 0, well.output
    assert f"{event.moments[0].slug}: 3 in checkpoints, 4 since; shown: 7" in well.output
    assert ill.exit_code == 1
    assert "not what the ledger adds up to" in ill.output


def test_a_correction_is_told_to_staff_and_to_everybody(
    client: PageClient, session: Session
) -> None:
    staff = make_user(session, staff=True)
    moment = make_event(session).moments[0]
    session.add(MomentTally(moment_id=moment.id, pledges=1, heads=9, people=9))
    session.commit()
    with client.application.app_context():
        reconcile_every_half_minute(0)
        write_checkpoint_every_five_minutes(0)

    page = client.page("/counting")

    assert [
        (each.people_before, each.people_after) for each in session.scalars(select(Correction))
    ] == [(9, 0)]
    assert "Neighbours’ Day" in page.text
    assert session.scalars(select(OutgoingMail.recipient)).all() == [staff.email]
    count = json.loads(client.get(f"/api/v1/moments/{moment.slug}/count.json").text)
    assert count["people"] == 0
    assert count["reconciled_at"].startswith(f"{NOW:%Y-%m-%d}")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The program in the documents, as a file."""
    found = re.search(
        r"```python\n(.*?)```", (ROOT / "docs" / "checking-the-number.md").read_text(), re.DOTALL
    )
    assert found
    assert found[1].count("\n") <= 25
    path = tmp_path / "check.py"
    path.write_text(found[1])
    return path


@pytest.mark.parametrize("is_site", [True, False])
def test_the_program_in_the_documents_adds_the_files_up(
    engine: Engine,
    program: Path,
    published: CheckpointFiles,  # noqa: F811 -- a fixture
    site_of: str,  # noqa: F811 -- a fixture
    three: list[str],  # noqa: F811 -- a fixture
    is_site: bool,
) -> None:
    publish(engine, published)
    source = site_of if is_site else published.folder

    done = subprocess.run(
        [sys.executable, program, source], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{len(three)} checkpoints")
    assert ": 9 people" in done.stdout


def test_the_program_in_the_documents_tells_when_a_file_was_changed(
    engine: Engine,
    program: Path,
    published: CheckpointFiles,  # noqa: F811 -- a fixture
    three: list[str],  # noqa: F811 -- a fixture
) -> None:
    publish(engine, published)
    (published.folder / "1.json").write_text(three[0].replace(",3,3]", ",3,4]"))

    done = subprocess.run(
        [sys.executable, program, published.folder], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "Checkpoint 2 does not follow the one before." in done.stderr


@pytest.fixture
def busy_site() -> Iterator[str]:
    """The address of a web server that asks everybody to come again later."""

    class Busy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(429)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Busy) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_program_in_the_documents_takes_no_other_answer_and_no_empty_file_for_the_end(
    program: Path, busy_site: str, tmp_path: Path
) -> None:
    (tmp_path / "1.json").write_text("")
    for source, why in ((busy_site, "HTTP Error 429"), (str(tmp_path), "JSONDecodeError")):
        done = subprocess.run(
            [sys.executable, program, source], capture_output=True, text=True, check=False
        )

        assert done.returncode == 1
        assert why in done.stderr
        assert done.stdout == ""
