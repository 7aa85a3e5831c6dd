"""Checkpoints are files that anybody can copy; the worker keeps them to what the rows say."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, update
from sqlalchemy.orm import Session

from tests.pledges.test_checkpoints import close, event, files, take  # noqa: F401 -- a fixture
from tests.pledges.test_rollup import fold_all
from webapp.events.models import Event
from webapp.pledges.checkpoint_files import CheckpointFiles
from webapp.pledges.models import Checkpoint
from webapp.pledges.tasks import write_checkpoint_every_five_minutes


@pytest.fixture
def published(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CheckpointFiles:
    """The folder that the site publishes, empty."""
    settings = app.config["SETTINGS"].model_copy(update={"media_root": str(tmp_path)})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    return CheckpointFiles.of(settings)


@pytest.fixture
def three(engine: Engine, event: Event) -> list[str]:  # noqa: F811 -- a fixture
    """What three checkpoints of three people each say."""
    for minutes in (0, 5, 10):
        take(engine, event, 3)
        close(engine, minutes)
    return files(engine)


@pytest.fixture
def site_of(published: CheckpointFiles) -> Iterator[str]:
    """The address of a web server that gives the folder out."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    handler = partial(Quiet, directory=published.folder.parent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def publish(engine: Engine, published: CheckpointFiles) -> int:
    with Session(engine) as session:
        return published.publish(session)


def contents(published: CheckpointFiles) -> dict[str, str]:
    return {path.name: path.read_text() for path in published.folder.iterdir()}


def expected(made: list[str]) -> dict[str, str]:
    return {f"{number}.json": content for number, content in enumerate(made, 1)}


def test_the_worker_writes_a_file_every_five_minutes(
    app: Flask,
    engine: Engine,
    event: Event,  # noqa: F811 -- a fixture
    published: CheckpointFiles,
) -> None:
    take(engine, event, 3)
    fold_all(engine)
    with app.app_context():
        write_checkpoint_every_five_minutes(0)

    assert contents(published) == expected(files(engine))
    assert app.test_client().get("/checkpoints/1.json").data == published.read(1)


def test_several_workers_at_once_write_the_same(
    engine: Engine, three: list[str], published: CheckpointFiles
) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _number: publish(engine, published), range(8)))

    assert contents(published) == expected(three)
    assert publish(engine, published) == 0


@pytest.mark.parametrize("lost", [[1], [2], [3], [1, 2, 3]])
def test_what_is_lost_is_written_anew_and_meanwhile_the_site_answers(
    app: Flask, engine: Engine, three: list[str], published: CheckpointFiles, lost: list[int]
) -> None:
    publish(engine, published)
    for number in lost:
        (published.folder / f"{number}.json").unlink()

    client = app.test_client()
    assert [client.get(f"/checkpoints/{number}.json").text for number in (1, 2, 3)] == three
    assert publish(engine, published) == len(lost)
    assert contents(published) == expected(three)


def test_an_older_backup_of_the_database_takes_its_files_along(
    engine: Engine, owner_engine: Engine, three: list[str], published: CheckpointFiles
) -> None:
    publish(engine, published)
    with Session(owner_engine) as session, session.begin():
        session.execute(delete(Checkpoint).where(Checkpoint.number > 1))
        other = {"content": "other", "sha256": "0"}
        session.execute(update(Checkpoint).values(other).where(Checkpoint.number == 1))

    publish(engine, published)

    assert contents(published) == {"1.json": "other"}


def test_a_file_is_never_there_in_part(published: CheckpointFiles, engine: Engine) -> None:
    published.folder.mkdir(parents=True)
    (published.folder / ".cut-short").write_text("half")
    (published.folder / "notes.json").write_text("not ours")

    assert publish(engine, published) == 0
    assert published.read(1) is None


def test_the_command_reads_the_files_wherever_they_are(
    app: Flask, engine: Engine, three: list[str], published: CheckpointFiles, site_of: str
) -> None:
    runner = app.test_cli_runner()
    publish(engine, published)

    for source in ([], [str(published.folder)], [site_of]):
        done = runner.invoke(args=["pledges", "verify", *source])
        assert done.exit_code == 0, done.output
        assert "3 checkpoints" in done.output
        assert "9 in checkpoints, 0 since; shown: 9" in done.output


def test_the_command_says_which_file_is_missing_or_was_changed(
    app: Flask, engine: Engine, three: list[str], published: CheckpointFiles
) -> None:
    runner = app.test_cli_runner()
    publish(engine, published)
    second = published.folder / "2.json"

    second.write_text(three[1].replace(",3,3]", ",3,4]"))
    changed = runner.invoke(args=["pledges", "verify"])
    second.unlink()
    missing = runner.invoke(args=["pledges", "verify"])
    nowhere = runner.invoke(args=["pledges", "verify", "http://127.0.0.1:9"])

    for done in (changed, missing, nowhere):
        assert done.exit_code == 1
    assert "checkpoint 2 is not what was sealed" in changed.output
    assert "checkpoint 2 is missing" in missing.output
    assert "cannot be reached" in nowhere.output
