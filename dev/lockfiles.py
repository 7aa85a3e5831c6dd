"""`make lock`: compile setup.cfg into the lock files of requirements/."""

import os
import tempfile
import venv
from pathlib import Path

from dev.programs import run_logged
from dev.project import Project
from dev.stop import Stop
from dev.terminal import progress, say

OLDEST_PYTHON = "3.11"


def lock(project: Project) -> None:
    """Compile every lock file anew; versions move only where setup.cfg or UPGRADE=1 says so."""
    with tempfile.TemporaryDirectory(prefix="moment-map-lock-") as folder:
        python = Path(folder) / "bin" / "python"
        with progress("Fetching uv, which compiles lock files"):
            venv.create(folder, with_pip=True)
            run_logged(
                [python, "-m", "pip", "install", "--quiet", "uv"],
                log=project.log("lock"), failure="uv could not be fetched",
            )  # fmt: skip
        _compile(project, python, "setup.cfg", "development", "--all-extras")
        limits = ("--extra", "data", "--constraints", "requirements/development.txt")
        _compile(project, python, "setup.cfg", "production", *limits)
        _compile(project, python, "requirements/node.in", "node")
    say("requirements/ is compiled: run “make test”, then commit it.")


def _compile(project: Project, python: Path, source: str, name: str, *options: str) -> None:
    target = project.root / "requirements" / f"{name}.txt"
    with progress(f"Compiling requirements/{name}.txt"):
        run_logged(
            [python, "-m", "uv", "pip", "compile", source, "--quiet", "--universal",
             "--generate-hashes", "--no-header", "--python-version", OLDEST_PYTHON,
             "--output-file", target, *options, *_upgrade()],
            log=project.log("lock"), cwd=project.root,
            failure=f"requirements/{name}.txt could not be compiled",
        )  # fmt: skip
    ensure_no_address(target)


def _upgrade() -> list[str]:
    return ["--upgrade"] if os.environ.get("UPGRADE") == "1" else []


def ensure_no_address(file: Path) -> None:
    """Stop where a lock file names a host, which would tie every clone to it."""
    for line in file.read_text().splitlines():
        if "://" in line or line.startswith(("--index", "--extra-index", "--find-links")):
            raise Stop(f"{file.name} names a package index (“{line.strip()}”): do not commit it.")
