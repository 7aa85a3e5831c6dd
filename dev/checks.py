"""`make lint`, `make test` and what else looks at the code."""

import json
import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from dev.browser import find_chromium
from dev.database import cluster_in_use, urls_of
from dev.environment import build_environment, tool_environment
from dev.front_end import Node
from dev.programs import run_in_foreground
from dev.project import Project
from dev.set_up import set_up_code
from dev.stop import Stop
from dev.terminal import say

# The tests bring their own settings; a person's must not reach them.
SETTINGS_OF_A_SITE = ("DATABASE_URL", "MIGRATIONS_DATABASE_URL", "ENVIRONMENT", "SITE_URL")


def lint(project: Project) -> None:
    """Look at the code with every tool, all of them even where one finds something."""
    _lint(project, set_up_code(project))


def format_code(project: Project) -> None:
    """Lay the code out and mend what can be mended by itself."""
    set_up_code(project)
    env = tool_environment(project)
    for arguments in (["check", "--fix", "."], ["format", "."]):
        ruff: list[str | Path] = [project.python, "-m", "ruff"]
        run_in_foreground([*ruff, *arguments], project.root, env)


def test(project: Project) -> int:
    """Run all checks and tests; with ARGS only the tests that it names. Return the exit code."""
    return _test(project, {})


def soak(project: Project) -> int:
    """Run the tests with SOAK=1, at which those that have one take their long version."""
    return _test(project, {"SOAK": "1"})


def _test(project: Project, extra: Mapping[str, str]) -> int:
    arguments = shlex.split(os.environ.get("ARGS", ""))
    node = set_up_code(project)
    chromium = find_chromium(project)
    if not arguments:
        _lint(project, node)
        _test_scripts(project, node)
    env = tool_environment(project) | {"CHROMIUM": chromium} | dict(extra)
    for name in SETTINGS_OF_A_SITE:
        env.pop(name, None)
    return _run_pytest(project, env, arguments)


def _run_pytest(project: Project, env: dict[str, str], arguments: list[str]) -> int:
    # The browser's tests share one site: they stay together in one process, and come last in it.
    spread = ["-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder"]
    command: list[str | Path] = [project.python, "-m", "pytest", *spread, *arguments]
    if env.get("TEST_DATABASE_URL"):
        return run_in_foreground(command, project.root, env)
    with cluster_in_use(project) as cluster:
        env["TEST_DATABASE_URL"] = urls_of(cluster).tests or ""
        return run_in_foreground(command, project.root, env)


def _lint(project: Project, node: Node) -> None:
    python, env = project.python, build_environment(project)
    checks: list[tuple[str, Sequence[str | Path], Mapping[str, str]]] = [
        ("ruff check", [python, "-m", "ruff", "check", "."], env),
        ("ruff format", [python, "-m", "ruff", "format", "--check", "."], env),
        ("mypy", [python, "-m", "mypy", "webapp", "geo"], env),
        ("import rules", [project.venv / "bin" / "lint-imports"], env),
        ("Welsh", [python, "-m", "flask", "language", "check"], env),
    ]
    if "lint" in _npm_scripts(project):
        script = [*node.npm, "run", "--silent", "lint"]
        checks.append(("eslint", script, node.environment(project)))
    found = [
        name for name, command, its_env in checks if not _passes(project, name, command, its_env)
    ]
    if found:
        raise Stop(f"Found something to mend: {', '.join(found)} (see above).")


def _test_scripts(project: Project, node: Node) -> None:
    if "test" in _npm_scripts(project):
        script = [*node.npm, "test", "--silent"]
        if not _passes(project, "tests of the scripts", script, node.environment(project)):
            raise Stop("The tests of the scripts found something (see above).")


def _npm_scripts(project: Project) -> Mapping[str, str]:
    return json.loads((project.root / "package.json").read_text()).get("scripts", {})


def _passes(
    project: Project, name: str, command: Sequence[str | Path], env: Mapping[str, str]
) -> bool:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=project.root, env=env, check=False, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    say(f"{name}: {'well' if done.returncode == 0 else 'found something'}")
    if done.returncode:
        say(done.stdout)
    return done.returncode == 0
