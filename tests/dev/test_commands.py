import os
import subprocess
import sys
from pathlib import Path

import pytest

from dev.commands import COMMANDS, end_with_a_sentence, main
from dev.project import Project
from dev.stop import Stop

ROOT = Path(__file__).parents[2]


def _raising(error: BaseException):
    def command(project: Project) -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Stop("The port is taken."), "The port is taken.\n"),
        (OSError(28, "No space left on device"), "The disk is full: free some space"),
        (PermissionError(13, "denied", "/x/y"), "You may not use /x/y: it belongs to"),
        (OSError(30, "read-only", "/x"), "This folder cannot be written to"),
        (
            ZeroDivisionError("x"),
            "Something unforeseen happened (ZeroDivisionError: x); the details",
        ),
        (OSError(5, "Input/output error"), "Something unforeseen happened (OSError:"),
    ],
)
def test_every_failure_is_one_sentence(
    error: Exception, sentence: str, project: Project, capsys: pytest.CaptureFixture[str]
):
    assert end_with_a_sentence(_raising(error), project) == 1
    said = capsys.readouterr()
    assert said.err.startswith(sentence)
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.out + said.err


def test_the_log_keeps_what_the_sentence_leaves_out(project: Project):
    end_with_a_sentence(_raising(ZeroDivisionError("x")), project)
    assert "Traceback" in project.log("make").read_text()


def test_ctrl_c_is_no_failure_of_the_program(project: Project, capsys: pytest.CaptureFixture[str]):
    assert end_with_a_sentence(_raising(KeyboardInterrupt()), project) == 130
    assert capsys.readouterr().out == "Stopped.\n"


def test_an_unknown_command_is_answered_with_the_known_ones(capsys: pytest.CaptureFixture[str]):
    assert main(["fly"]) == 2
    assert "serve-production" in capsys.readouterr().out


@pytest.mark.parametrize("version", [(3, 6, 9), (3, 10, 2)])
def test_an_old_python_gets_a_sentence(version: tuple[int, ...], tmp_path: Path):
    script = (
        f"import sys, runpy; sys.version_info = {version!r}; sys.argv = ['dev', 'run']; "
        "runpy.run_path('dev/__main__.py', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("Moment Map needs Python 3.11 or newer and this is Python 3.")
    assert done.stderr.count("\n") == 1


def _make(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=ROOT, env=os.environ | env, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_make_alone_prints_help_in_groups_that_name_every_command():
    said = _make().stdout
    assert said.count(":\n") == 3
    for command in COMMANDS:
        assert f"  make {command} " in said


def test_every_command_can_be_made():
    for command in COMMANDS:
        assert f"-m dev {command}" in _make("--dry-run", command).stdout


def test_a_machine_without_python_gets_a_sentence():
    done = _make("run", "PYTHON=no-such-python")
    assert "Moment Map needs Python 3.11 or newer: install it" in done.stdout


def test_an_impossible_port_ends_make_run_at_once():
    done = _make("run", "PORT=abc")
    assert done.stderr.startswith("PORT must be a number from 1 to 65535, and it is “abc”.\n")


def test_the_real_server_refuses_what_is_no_real_site():
    env = {"ENVIRONMENT": "development"}
    assert "needs ENVIRONMENT=production" in _make("serve-production", **env).stderr
    env = {"ENVIRONMENT": "production", "SECRET_KEY": "", "SITE_URL": "x", "DATABASE_URL": "x"}
    assert "SECRET_KEY is not set" in _make("serve-production", **env).stderr
    assert "“make run” is for development" in _make("run", **env).stderr


def test_restore_needs_a_file_that_exists():
    assert "Name the backup to restore" in _make("restore", FILE="").stderr
    assert "There is no file nothing.dump" in _make("restore", "FILE=nothing.dump").stderr
