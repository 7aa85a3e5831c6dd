"""All the set-up of a clone, each step done only when what it depends on has changed."""

from collections.abc import Mapping

from dev.environment import build_environment, is_production
from dev.front_end import Node, ensure_front_end
from dev.locks import one_at_a_time
from dev.pdf_libraries import ensure_pdf_libraries
from dev.programs import run_logged
from dev.project import Project, fingerprint_of
from dev.python_environment import ensure_python_environment
from dev.terminal import progress


def set_up_code(project: Project) -> Node:
    """Bring everything up to date that needs no database."""
    waiting = "Waiting for another set-up in this folder to finish"
    with one_at_a_time(project, "set-up", waiting):
        ensure_python_environment(project, "production" if is_production() else "development")
        ensure_pdf_libraries(project)
        node = ensure_front_end(project)
        _compile_language(project)
    return node


def set_up_database(project: Project, env: Mapping[str, str]) -> None:
    """Bring the database's tables up to date and fill it; safe to repeat."""
    steps = (
        ("Bringing the database's tables up to date", ["database", "upgrade"]),
        ("Filling the database with moments, places and, in development, demonstrations", ["seed"]),
    )
    with one_at_a_time(project, "database-set-up", "Waiting for another set-up of the database"):
        for message, command in steps:
            with progress(message):
                run_logged(
                    [project.python, "-m", "flask", *command],
                    log=project.log("database"), cwd=project.root, env=env,
                    failure=f"{message} failed",
                )  # fmt: skip


def _compile_language(project: Project) -> None:
    catalogs = [*(project.root / "webapp").rglob("*.po")]
    compiled = all(catalog.with_suffix(".mo").is_file() for catalog in catalogs)
    fingerprint = fingerprint_of(catalogs)
    if not catalogs or (compiled and project.is_done("language", fingerprint)):
        return
    with progress("Compiling the Welsh texts"):
        run_logged(
            [project.python, "-m", "flask", "language", "compile"],
            log=project.log("language"), cwd=project.root, env=build_environment(project),
            failure="The Welsh texts could not be compiled",
        )  # fmt: skip
    project.mark_done("language", fingerprint)
