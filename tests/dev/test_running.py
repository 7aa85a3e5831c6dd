import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dev.ports import chosen_port, ensure_free
from dev.programs import command_of
from dev.project import Project
from dev.running import is_running, only_run, stop_run
from dev.stop import Stop

ROOT = Path(__file__).parents[2]

# The start of a `make run` that has got as far as its lock.
RUN = """
import sys, time
from pathlib import Path
from dev.project import Project
from dev.running import only_run
with only_run(Project(Path(sys.argv[1])), "http://localhost:5999"):
    print("up", flush=True)
    time.sleep(60)
"""


def _another_run(project: Project) -> subprocess.Popen:
    run = subprocess.Popen(
        [sys.executable, "-c", f"#  -m dev\n{RUN}", project.root],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert run.stdout is not None
    assert run.stdout.readline() == "up\n"
    return run


def test_two_runs_at_once_are_refused_with_the_address_of_the_other(project: Project):
    other = _another_run(project)
    try:
        assert is_running(project)
        with pytest.raises(Stop, match=r"running already .* http://localhost:5999"):
            only_run(project, "http://localhost:5000").__enter__()
    finally:
        assert stop_run(project) == "http://localhost:5999"
        assert other.wait(10) != 0
    assert not is_running(project)


def test_after_a_run_was_killed_the_next_may_start(project: Project):
    other = _another_run(project)
    other.kill()
    other.wait()
    with only_run(project, "http://localhost:5000"):
        assert os.getpid() > 0


def test_stopping_where_nothing_runs_is_fine(project: Project):
    assert stop_run(project) is None


def test_what_a_killed_run_left_behind_is_ended(project: Project):
    python = project.venv / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to("/bin/sleep")
    leftover = subprocess.Popen([python, "60"], start_new_session=True)
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    note = f'{{"pid": 1, "children": [{leftover.pid}, {stranger.pid}]}}'
    (project.local / "locks").mkdir()
    (project.local / "locks" / "run").write_text(note)
    try:
        stop_run(project)
        assert leftover.wait(5) == -signal.SIGTERM
        assert command_of(stranger.pid)
    finally:
        for process in (leftover, stranger):
            process.kill()
            process.wait()


def test_a_port_that_is_taken_is_said():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(Stop, match=rf"Port {port} is in use .* PORT=5000"):
            ensure_free(port)
    ensure_free(port)


@pytest.mark.parametrize("text", ["abc", "0", "65536", "-1", "80 80", "５０００"])
def test_a_port_that_is_no_port_is_said(text: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(Stop, match="PORT must be a number"):
        chosen_port()


def test_the_usual_port_is_5000(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PORT", raising=False)
    assert chosen_port() == 5000
    monkeypatch.setenv("PORT", "8000")
    assert chosen_port() == 8000


def test_a_run_is_waited_for_until_it_has_put_everything_away(project: Project):
    slow = RUN.replace("time.sleep(60)", "time.sleep(60)\n    ").replace(
        "import sys, time",
        "import sys, time, signal\nsignal.signal(15, lambda *_: (time.sleep(1), sys.exit(0)))",
    )
    run = subprocess.Popen(
        [sys.executable, "-c", f"#  -m dev\n{slow}", project.root],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert run.stdout is not None
    run.stdout.readline()
    before = time.monotonic()
    stop_run(project)
    assert time.monotonic() - before > 0.9
    assert run.wait(5) == 0
