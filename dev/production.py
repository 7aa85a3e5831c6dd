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


def serve(project: Project) -> None:
    """Become the real server; never returns."""
    check_settings()
    set_up_code(project)
    check_server(project, given_urls())
    env = site_environment(project, given_urls())
    _compress(project, env)
    bind = os.environ.get("BIND") or "127.0.0.1:8000"
    workers = _count("WEB_WORKERS", (os.cpu_count() or 1) + 1)
    threads = _count("WEB_THREADS", 8)
    say(f"Serving on {bind} with {workers} workers of {threads} threads.")
    command = [
        str(project.python), "-m", "gunicorn", "--no-control-socket",
        "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads),
        "--bind", bind, "--timeout", "30", "--graceful-timeout", "20",
    ]  # fmt: skip
    if Path("/dev/shm").is_dir():  # noqa: S108 - the heartbeat must not wait for a disk
        command += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    os.chdir(project.root)
    os.execve(command[0], [*command, "webapp.app:create_app()"], env)  # noqa: S606


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
