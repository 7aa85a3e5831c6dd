import os
import sys
import time
from pathlib import Path

import pytest

from dev.browser import find_chromium
from dev.front_end import parse_node_major
from dev.lockfiles import ensure_no_address
from dev.locks import FileLock, one_at_a_time
from dev.programs import answer_of, command_of, end_process, is_taken, reason_in, run_logged
from dev.project import Project
from dev.stop import Stop
from dev.terminal import confirm, progress

ROOT = Path(__file__).parents[2]


def test_a_program_that_fails_is_a_sentence_with_its_last_line(project: Project):
    command = [sys.executable, "-c", "print('first'); print('The reason.'); raise SystemExit(3)"]
    with pytest.raises(Stop, match=r"^It failed: The reason \(more in .*try\.log\)\.$"):
        run_logged(command, log=project.log("try"), failure="It failed")


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("x\nERROR: [Errno 28] No space left on device\nx", "the disk is full"),
        ("npm error code ENOTFOUND\nnpm error more", "no connection to the internet"),
        ("W: Temporary failure resolving 'mirror'\n", "no connection to the internet"),
        ("ERROR:  no such table\nHINT:  look again\n", "ERROR:  no such table"),
        ("", "it gave no reason"),
        ("one\ntwo.\n\n", "two"),
    ],
)
def test_known_troubles_are_told_in_plain_words(output: str, reason: str, project: Project):
    project.log("try").write_text(output)
    assert reason_in(project.log("try")).startswith(reason)


def test_what_an_earlier_program_said_is_no_reason(project: Project):
    log = project.log("try")
    log.write_text("No space left on device\n")
    with pytest.raises(Stop, match="it gave no reason"):
        run_logged([sys.executable, "-c", "raise SystemExit(1)"], log=log, failure="It failed")


def test_a_program_that_does_not_exist_has_no_answer():
    assert answer_of(["no-such-program"]) is None
    assert answer_of(["false"]) is None
    assert answer_of(["echo", "yes"]) == "yes"


def test_ending_a_program_that_has_ended_is_fine():
    import subprocess  # noqa: PLC0415 -- read by the program that the test starts

    process = subprocess.Popen(["true"], start_new_session=True)
    process.wait()
    end_process(process)


def test_a_process_is_known_by_its_command():
    assert "pytest" in (command_of(os.getpid()) or "") or command_of(os.getpid())
    assert is_taken(os.getpid())
    assert is_taken(1)


def test_a_question_that_nobody_can_answer_stops(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("YES", raising=False)
    with pytest.raises(Stop, match="Delete it all\\? Nobody is here to answer: add YES=1"):
        confirm("Delete it all?")
    monkeypatch.setenv("YES", "1")
    confirm("Delete it all?")


def test_what_takes_long_says_for_how_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("dev.terminal.SECONDS_BETWEEN_LINES", 0.2)
    with progress("Fetching"):
        time.sleep(0.5)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Fetching"
    assert lines[1].startswith("  still at it after")
    assert lines[-1].startswith("  took")


def test_a_lock_is_had_by_one_or_shared_by_many(tmp_path: Path):
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    first.share()
    second.share()
    assert not first.try_to_take()
    second.close()
    assert first.try_to_take()
    first.close()


def test_a_block_is_free_again_after_an_error(project: Project):
    with pytest.raises(ValueError, match="x"), one_at_a_time(project, "try"):
        raise ValueError("x")
    with one_at_a_time(project, "try", "never said"):
        pass


@pytest.mark.parametrize(
    ("version", "major"), [("v20.20.2", 20), ("v8.0.0", 8), ("", 0), ("20.1", 0)]
)
def test_the_version_of_node_is_read(version: str, major: int):
    assert parse_node_major(version) == major


def test_a_browser_that_does_not_start_is_said(project: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    with pytest.raises(Stop, match="CHROMIUM is set to “/no/such/browser”"):
        find_chromium(project)


@pytest.mark.parametrize("name", ["development", "production", "node"])
def test_our_lock_files_name_no_package_index(name: str):
    ensure_no_address(ROOT / "requirements" / f"{name}.txt")


@pytest.mark.parametrize("line", ["--index-url https://example.org", "x @ https://example.org/x"])
def test_a_lock_file_that_names_a_package_index_is_refused(line: str, tmp_path: Path):
    file = tmp_path / "lock.txt"
    file.write_text(f"flask==3.1.3\n{line}\n")
    with pytest.raises(Stop, match="names a package index"):
        ensure_no_address(file)
