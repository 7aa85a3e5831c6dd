"""`make run`: database, worker and site together, until Ctrl-C or `make stop`."""

import http.client
import json
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import ExitStack

from dev.database import database_in_use
from dev.environment import is_production, site_environment
from dev.ports import HOST, chosen_port, ensure_free
from dev.programs import end_process, reason_in, short
from dev.project import Project
from dev.running import Running, only_run
from dev.set_up import set_up_code, set_up_database
from dev.stop import Stop
from dev.terminal import progress, say

SECONDS_TO_ANSWER = 60

WELCOME = """
Moment Map is at {address}

What to try first:
  - Find what's on: type a town, such as Rochdale, into the box on the home page.
  - Open an event and press “I'm in”: the number goes up.
  - Sign in with any e-mail address and list an event; the code arrives at {address}/dev/mail

Ctrl-C or “make stop” ends it. Logs: {logs}
"""


def run(project: Project) -> None:
    """Set everything up and serve the site until told to stop."""
    if is_production():
        raise Stop(
            "“make run” is for development: use “make serve-production”, or unset ENVIRONMENT."
        )
    port = chosen_port()
    address = f"http://localhost:{port}"
    with only_run(project, address) as running:
        ensure_free(port)
        set_up_code(project)
        with database_in_use(project) as urls:
            env = site_environment(project, urls, port)
            set_up_database(project, env)
            ensure_free(port)
            with ExitStack() as programs:
                site = _start_both(project, running, env, port, programs)
                _wait_until_it_answers(project, site, port)
                logs = short(project.log("site")), short(project.log("worker"))
                say(WELCOME.format(address=address, logs=" and ".join(logs)))
                _wait_for_an_end(project, site)


def _start_both(
    project: Project, running: Running, env: Mapping[str, str], port: int, programs: ExitStack
) -> dict[str, subprocess.Popen]:
    serve = ["run", "--host", HOST, "--port", str(port), "--no-debugger", "--no-reload"]
    started = {}
    # Stopped in the opposite order: first the site, so that no request waits for the worker.
    for name, arguments in (("worker", ["worker"]), ("site", serve)):
        process = _start(project, name, arguments, env)
        programs.callback(end_process, process)
        running.add_child(process.pid)
        started[name] = process
    programs.callback(_say_that_we_stop)
    return started


def _say_that_we_stop() -> None:
    # From here on a second Ctrl-C would only leave half of it running.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    say("\nStopping the site, the worker and the database.")


def _start(
    project: Project, name: str, arguments: list[str], env: Mapping[str, str]
) -> subprocess.Popen:
    with project.log(name).open("wb") as log:
        return subprocess.Popen(
            [str(project.python), "-m", "flask", *arguments],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            cwd=project.root, env=env, start_new_session=True,
        )  # fmt: skip


def _wait_until_it_answers(
    project: Project, programs: Mapping[str, subprocess.Popen], port: int
) -> None:
    until = time.monotonic() + SECONDS_TO_ANSWER
    with progress("Starting the site and its worker"):
        while (health := _health(port))[0] != 200:
            if health[1]:
                raise Stop(f"The site does not call itself ready. {health[1][0]}")
            _ensure_alive(project, programs)
            if time.monotonic() > until:
                raise Stop(
                    f"The site has not answered within {SECONDS_TO_ANSWER} seconds: "
                    f"see {short(project.log('site'))}."
                )
            time.sleep(0.2)


def is_healthy(port: int) -> bool:
    """Tell whether the site answers that it is well."""
    return _health(port)[0] == 200


def _health(port: int) -> tuple[int, list[str]]:
    """Return how the site answers, 0 where it does not, and why it does not call itself ready."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        answer = connection.getresponse()
        said = json.loads(answer.read()) if "json" in answer.headers.get_content_type() else {}
        return answer.status, said.get("reasons", [])
    except (OSError, ValueError, http.client.HTTPException):
        return 0, []
    finally:
        connection.close()


def _wait_for_an_end(project: Project, programs: Mapping[str, subprocess.Popen]) -> None:
    while True:
        time.sleep(0.5)
        _ensure_alive(project, programs)


def _ensure_alive(project: Project, programs: Mapping[str, subprocess.Popen]) -> None:
    for name, process in programs.items():
        if process.poll() is not None:
            log = project.log(name)
            raise Stop(f"The {name} has ended by itself: {reason_in(log)} (more in {short(log)}).")
