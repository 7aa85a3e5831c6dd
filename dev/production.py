"""`make serve-production`: the real server, behind a proxy that does TLS."""

import os
from pathlib import Path

from dev.database import check_server, given_urls
from dev.environment import is_production, site_environment
from dev.programs import run_logged
from dev.project import Project
from dev.set_up import set_up_code
from dev.stop import Stop
from dev.terminal import progress, say

REQUIRED = ("SECRET_KEY", "SITE_URL", "DATABASE_URL")

# For whoever turns the access log on: as usual, but without the query, where people type where they
# live, the page that they come from, which has one too, and their browser.
ACCESS_FORMAT = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(B)s'


def serve(project: Project) -> None:
    """Become the real server; never returns."""
    check_settings()
    set_up_code(project)
    check_server(project, given_urls())
    env = site_environment(project, given_urls())
    _compress(project, env)
    bind = os.environ.get("BIND") or "127.0.0.1:8000"
    workers, threads = workers_and_threads()
    say(f"Serving on {bind} with {workers} workers of {threads} threads.")
    os.chdir(project.root)
    command = [str(project.python), "-m", "gunicorn", *gunicorn_options(bind, workers, threads)]
    os.execve(command[0], command, env)  # noqa: S606 -- the program is the project’s own server


def gunicorn_options(bind: str, workers: int, threads: int) -> list[str]:
    """Return what follows “gunicorn” on its command line, where nothing can overrule it."""
    options = [
        "--no-control-socket", "--worker-class", "gthread", "--workers", str(workers),
        "--threads", str(threads), "--bind", bind, "--timeout", "30", "--graceful-timeout", "20",
        "--logger-class", "webapp.server_log.ServerLog", "--access-logformat", ACCESS_FORMAT,
    ]  # fmt: skip
    if Path("/dev/shm").is_dir():  # noqa: S108 - the heartbeat must not wait for a disk
        options += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108 -- as above
    return [*options, "webapp.app:create_served_app()"]


def workers_and_threads() -> tuple[int, int]:
    """Return how many processes serve pages, and how many threads each has.

    A thread costs little and mostly waits: for the disk, together with all who pledge just then.
    """
    return _count("WEB_WORKERS", (os.cpu_count() or 1) + 1), _count("WEB_THREADS", 32)


def check_settings() -> None:
    """Stop with a sentence unless the settings are those of a real site."""
    if not is_production():
        raise Stop(
            "“make serve-production” needs ENVIRONMENT=production; for development use “make run”."
        )
    for name in REQUIRED:
        if not os.environ.get(name):
            raise Stop(f"{name} is not set, and a real site needs it: see docs/deploy.md.")


def _count(name: str, usual: int) -> int:
    text = os.environ.get(name) or str(usual)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 256:
        raise Stop(f"{name} must be a number from 1 to 256, and it is “{text}”.")
    return int(text)


def _compress(project: Project, env: dict[str, str]) -> None:
    # Once, before the start, so that no request waits for it.
    with progress("Compressing static files"):
        run_logged(
            [project.python, "-m", "whitenoise.compress", "--quiet", project.root / "static"],
            log=project.log("front-end"), cwd=project.root, env=env,
            failure="The static files could not be compressed",
        )  # fmt: skip
