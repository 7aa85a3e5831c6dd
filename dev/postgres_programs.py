"""Finding PostgreSQL's programs and PostGIS on this machine, installing them where allowed."""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dev import system_packages
from dev.programs import answer_of
from dev.project import Project
from dev.stop import Stop
from dev.terminal import say

OLDEST_MAJOR = 14

HOW_TO_INSTALL = (
    "install it with "
    "“sudo apt-get install postgresql postgresql-{major}-postgis-3” on Debian or Ubuntu, "
    "“sudo dnf install postgresql-server postgresql-contrib postgis” on Fedora, "
    "“brew install postgresql@17 postgis” on macOS, "
    "or set DATABASE_URL to a server that has it"
)


@dataclass(frozen=True)
class PostgresPrograms:
    """One installation of PostgreSQL."""

    folder: Path
    major: int
    has_postgis: bool

    def path(self, name: str) -> Path:
        """Return the path of one of its programs."""
        return self.folder / name


def parse_major(version: str) -> int | None:
    """Read the major version from what `postgres --version` prints."""
    found = re.search(r"\(PostgreSQL\)\s+(\d+)", version)
    return int(found[1]) if found else None


def look_in(folder: Path) -> PostgresPrograms | None:
    """Describe the installation whose programs are in a folder, if there is a whole one."""
    if not all((folder / name).is_file() for name in ("postgres", "initdb", "pg_ctl", "psql")):
        return None
    major = parse_major(answer_of([folder / "postgres", "--version"]) or "")
    if major is None or major < OLDEST_MAJOR:
        return None
    return PostgresPrograms(folder, major, _has_postgis(folder, major))


def _has_postgis(folder: Path, major: int) -> bool:
    share = answer_of([folder / "pg_config", "--sharedir"])
    shares = [Path(share)] if share else []
    shares += [
        Path(f"/usr/share/postgresql/{major}"),
        folder.parent / "share" / "postgresql",
        folder.parent / "share" / f"postgresql@{major}",
        folder.parent / "share",
        Path("/usr/share/pgsql"),
    ]
    described = any((share / "extension" / "postgis.control").is_file() for share in shares)
    return described and _has_library(folder)


def _has_library(folder: Path) -> bool:
    """Tell whether PostGIS's library is there too: Debian packs it apart from what describes it."""
    answer = answer_of([folder / "pg_config", "--pkglibdir"])
    places = [Path(answer)] if answer else []
    places += [
        folder.parent / "lib",
        folder.parent / "lib" / "postgresql",
        Path("/usr/lib64/pgsql"),
    ]
    # A folder that has PostgreSQL's own libraries; where none is found, the description must do.
    known = [place for place in places if any(place.glob("plpgsql.*"))]
    return not known or any(any(place.glob("postgis-3.*")) for place in known)


def candidate_folders() -> list[Path]:
    """Return the folders where PostgreSQL's programs may be: Debian's, Homebrew's, PATH's."""
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    for homebrew in (Path("/opt/homebrew/opt"), Path("/usr/local/opt")):
        folders += [*homebrew.glob("postgresql@*/bin"), homebrew / "postgresql" / "bin"]
    on_path = shutil.which("postgres") or shutil.which("pg_ctl")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return folders


def installed(folders: Iterable[Path] | None = None) -> list[PostgresPrograms]:
    """Return every installation of PostgreSQL here, those with PostGIS first, then the newest."""
    found = (look_in(folder) for folder in (folders or candidate_folders()))
    return sorted(
        (programs for programs in found if programs),
        key=lambda programs: (programs.has_postgis, programs.major),
        reverse=True,
    )


def find_programs(project: Project, made_by: int | None) -> PostgresPrograms:
    """Return PostgreSQL with PostGIS, of the major version that made the cluster where it exists."""
    found = [programs for programs in installed() if programs.has_postgis]
    if not found:
        found = [_install(project)]
    if made_by is None:
        return found[0]
    fitting = [programs for programs in found if programs.major == made_by]
    if fitting:
        return fitting[0]
    raise Stop(
        f"The private database of this clone was made by PostgreSQL {made_by}, and this machine "
        f"has PostGIS only for PostgreSQL {found[0].major}: install PostgreSQL {made_by} with "
        "PostGIS, or start afresh with “make reset”, which deletes the local data."
    )


def _install(project: Project) -> PostgresPrograms:
    here = [programs.major for programs in installed()]
    if system_packages.can_install():
        _install_from_debian(project, here)
        found = [programs for programs in installed() if programs.has_postgis]
        if found:
            return found[0]
    what = "PostgreSQL is here but PostGIS is missing" if here else "PostgreSQL is missing"
    raise Stop(f"{what}: {HOW_TO_INSTALL.format(major=here[0] if here else 17)}.")


def _install_from_debian(project: Project, here: list[int]) -> None:
    offered = [m for m in system_packages.postgis_majors(project) if m >= OLDEST_MAJOR]
    usable = [major for major in offered if major in here] or offered
    if not usable:
        return
    major = usable[0]
    packages = [f"postgresql-{major}", f"postgresql-{major}-postgis-3"]
    if major not in here:
        say(
            "Debian's PostgreSQL makes a database server of its own as it is installed; "
            "Moment Map does not use that one."
        )
    system_packages.install(project, packages, "the database, as this machine has none with maps")
