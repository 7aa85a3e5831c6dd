"""The commands behind `make`, and how each of them ends."""

import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from dev import backup, checks, lockfiles, production, reset, site
from dev.browser import find_chromium
from dev.database import database_in_use
from dev.environment import is_production, site_environment, tool_environment
from dev.ports import HOST, chosen_port
from dev.programs import run_in_foreground, short
from dev.project import Project
from dev.set_up import set_up_code, set_up_database
from dev.stop import Stop
from dev.terminal import say


def set_up(project: Project) -> None:
    """Do the set-up that needs no database."""
    set_up_code(project)


def upgrade(project: Project) -> None:
    """Bring the tables up to date with the code, and fill in what new code brings."""
    set_up_code(project)
    with database_in_use(project) as urls:
        set_up_database(project, site_environment(project, urls))


def worker(project: Project) -> int:
    """Run the worker alone, on the terminal."""
    return _run_on_the_database(project, ["-m", "flask", "worker"])


def shell(project: Project) -> int:
    """Open a Python shell inside the site."""
    return _run_on_the_database(project, ["-m", "flask", "shell"])


def bench(project: Project) -> int:
    """Run the benchmarks that ARGS names, or all."""
    arguments = os.environ.get("ARGS", "").split()
    return _run_on_the_database(project, ["-m", "bench", *arguments])


def places(project: Project) -> int:
    """Fetch and load the official files of places: those that ARGS names, or all."""
    arguments = os.environ.get("ARGS", "").split()
    return _run_on_the_database(project, ["-m", "flask", "places", "fetch", *arguments])


def screenshot(project: Project) -> int:
    """Take the README's picture from the site that “make run” serves."""
    set_up_code(project)
    port = chosen_port()
    if not site.is_healthy(port):
        raise Stop(f"No site answers at port {port}: start it with “make run” first.")
    env = tool_environment(project) | {"CHROMIUM": find_chromium(project)}
    address = f"http://{HOST}:{port}/"
    picture = project.root / "docs" / "images" / "home.webp"
    command = [project.python, "-m", "dev.screenshot", address, picture]
    return run_in_foreground(command, project.root, env)


def database(project: Project) -> None:
    """Keep the database alone up, until Ctrl-C, and say its addresses."""
    with database_in_use(project) as urls:
        say(f"export DATABASE_URL='{urls.site}'")
        say(f"export MIGRATIONS_DATABASE_URL='{urls.migrations or urls.site}'")
        if urls.tests:
            say(f"export TEST_DATABASE_URL='{urls.tests}'")
        say("The database is up until Ctrl-C.")
        signal.pause()


def _run_on_the_database(project: Project, arguments: list[str]) -> int:
    set_up_code(project)
    with database_in_use(project) as urls:
        env = site_environment(project, urls)
        if not is_production():
            # A real site's tables change only when somebody says so, with “make upgrade”.
            set_up_database(project, env)
        if urls.tests:
            # Some benchmarks make a database of their own.
            env.setdefault("TEST_DATABASE_URL", urls.tests)
        return run_in_foreground([project.python, *arguments], project.root, env)


COMMANDS: dict[str, Callable[[Project], int | None]] = {
    "run": site.run,
    "stop": reset.stop,
    "reset": reset.reset,
    "set-up": set_up,
    "upgrade": upgrade,
    "test": checks.test,
    "soak": checks.soak,
    "lint": checks.lint,
    "format": checks.format_code,
    "bench": bench,
    "places": places,
    "screenshot": screenshot,
    "worker": worker,
    "shell": shell,
    "database": database,
    "serve-production": production.serve,
    "backup": backup.back_up,
    "restore": backup.restore,
    "lock": lockfiles.lock,
}


def main(arguments: list[str]) -> int:
    """Run the command that is named and return its exit code."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        say(f"Commands: {', '.join(COMMANDS)}. “make” says what they do.")
        return 2
    # Being told to end, by whatever way, is like Ctrl-C: everything is put away in order.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    project = Project(Path(__file__).resolve().parent.parent)
    return end_with_a_sentence(COMMANDS[arguments[0]], project)


def end_with_a_sentence(command: Callable[[Project], int | None], project: Project) -> int:
    """Run a command; whatever goes wrong ends in one sentence, never in a traceback."""
    try:
        return command(project) or 0
    except Stop as stop:
        return _fail(str(stop))
    except KeyboardInterrupt:
        say("Stopped.")
        return 0 if command is site.run else 130
    except OSError as error:
        if (sentence := _about(error)) is not None:
            return _fail(sentence)
        return _fail_unexpectedly(project, error)
    except Exception as error:
        return _fail_unexpectedly(project, error)


def _about(error: OSError) -> str | None:
    name = error.filename or "a file"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "The disk is full: free some space and try again."
    if error.errno == errno.EROFS:
        return f"This folder cannot be written to ({name}): clone to another place."
    if error.errno in {errno.EACCES, errno.EPERM}:
        return (
            f"You may not use {name}: it belongs to somebody else, perhaps since make was run as "
            "root before; run make as then, or clone afresh."
        )
    return None


def _fail_unexpectedly(project: Project, error: Exception) -> int:
    try:
        log = project.log("make")
        with log.open("a") as file:
            traceback.print_exception(error, file=file)
        where = f"the details are in {short(log)}"
    except OSError:
        where = "its log could not be written"
    return _fail(f"Something unforeseen happened ({type(error).__name__}: {error}); {where}.")


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return 1
