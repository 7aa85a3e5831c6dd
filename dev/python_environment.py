"""The virtual environment .venv, from the lock file with hashes."""

import importlib.util
import shutil
import sys
from pathlib import Path

from dev import system_packages
from dev.programs import answer_of, run_logged
from dev.project import Project, fingerprint_of
from dev.stop import Stop
from dev.terminal import progress

BYTES_NEEDED = 1_500_000_000


def ensure_python_environment(project: Project, lock: str) -> None:
    """Make .venv hold what a lock file says, unless it does already."""
    if not _is_sound(project):
        _make(project)
    if not _holds(project, lock):
        _install_lock(project, lock)
    if lock == "development":
        _install_project(project)


def install_requirements(project: Project, lock: Path, message: str, failure: str) -> None:
    """Install what a lock file with hashes names into .venv."""
    with progress(message):
        run_logged(
            [*_pip(project), "--require-hashes", "-r", lock],
            log=project.log("python-packages"), failure=failure, cwd=project.root,
        )  # fmt: skip


def _lock_file(project: Project, lock: str) -> Path:
    return project.root / "requirements" / f"{lock}.txt"


def _fingerprint(project: Project, lock: str) -> str:
    # The folder's path is part of it, since a virtual environment cannot be moved.
    return fingerprint_of([_lock_file(project, lock)], str(project.root))


def _holds(project: Project, lock: str) -> bool:
    # Development's packages include production's, so either will do for production.
    fitting = {lock, "development"}
    return any(project.is_done("python", _fingerprint(project, each)) for each in fitting)


def _is_sound(project: Project) -> bool:
    if not (project.venv / "pyvenv.cfg").is_file() or not project.python.exists():
        return False
    asked = "import sys; print(*sys.version_info[:2], sys.prefix)"
    answer = answer_of([project.python, "-c", asked])
    ours = f"{sys.version_info[0]} {sys.version_info[1]} {project.venv}"
    return answer == ours


def _make(project: Project) -> None:
    free = shutil.disk_usage(project.root).free
    if free < BYTES_NEEDED:
        raise Stop(
            f"The disk has {free / 1e9:.1f} GB left and the set-up needs "
            f"{BYTES_NEEDED / 1e9:.1f} GB: free some space and try again."
        )
    _ensure_venv_module(project)
    with progress("Making the virtual environment .venv"):
        run_logged(
            [sys.executable, "-m", "venv", "--clear", project.venv],
            log=project.log("python-packages"), failure="The folder .venv could not be made",
        )  # fmt: skip


def _ensure_venv_module(project: Project) -> None:
    if importlib.util.find_spec("ensurepip"):
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if not system_packages.can_install():
        raise Stop(
            f"This Python cannot make virtual environments: install “{package}” "
            "(on Debian or Ubuntu: “sudo apt-get install python3-venv”)."
        )
    system_packages.install(project, [package], "virtual environments for Python")


def _install_lock(project: Project, lock: str) -> None:
    install_requirements(
        project, _lock_file(project, lock),
        "Installing Python packages into .venv (about a minute the first time)",
        "The Python packages could not be installed",
    )  # fmt: skip
    project.mark_done("python", _fingerprint(project, lock))


def _install_project(project: Project) -> None:
    metadata = [project.root / "setup.cfg", project.root / "pyproject.toml"]
    fingerprint = fingerprint_of([*metadata, project.venv / "pyvenv.cfg"])
    if project.is_done("project", fingerprint):
        return
    with progress("Installing Moment Map itself into .venv, as a link to this folder"):
        run_logged(
            [*_pip(project), "--no-deps", "--no-build-isolation", "--editable", project.root],
            log=project.log("python-packages"), cwd=project.root,
            failure="Moment Map could not be installed into .venv",
        )  # fmt: skip
    project.mark_done("project", fingerprint)


def _pip(project: Project) -> list[str | Path]:
    return [
        project.python, "-m", "pip", "install", "--quiet", "--no-input",
        "--disable-pip-version-check", "--progress-bar=off", "--root-user-action=ignore",
    ]  # fmt: skip
