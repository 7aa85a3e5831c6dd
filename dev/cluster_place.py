"""Where the private cluster lives: .local/postgres, or a short private folder elsewhere.

The cluster's user must be able to enter the folder, and the path of a Unix socket has a limit.
"""

import os
import pwd
import re
import secrets
from pathlib import Path

from dev.programs import Account, answer_of
from dev.project import Project
from dev.stop import Stop
from dev.terminal import say

# sockaddr_un has room for 108 bytes on Linux and 104 on macOS, with the closing zero.
LONGEST_SOCKET_PATH = 103
SOCKET_NAME = ".s.PGSQL.5432"
ELSEWHERE = Path("/var/tmp")  # noqa: S108 - survives a reboot; the folder in it is ours alone


def socket_fits(folder: Path) -> bool:
    """Tell whether PostgreSQL can listen in a folder: short enough, and no odd characters."""
    path = folder / "socket" / SOCKET_NAME
    # Commas, quotes and blanks have a meaning in the server's list of socket folders.
    plain = re.fullmatch(r"[\w/.@+=-]+", str(path)) is not None
    return plain and len(os.fsencode(path)) <= LONGEST_SOCKET_PATH


def can_enter(account: Account, folder: Path) -> bool:
    """Tell whether a user can go into a folder, which root's own rights would hide."""
    return answer_of(["/bin/sh", "-c", 'cd "$1"', "sh", folder], account=account) is not None


def cluster_account(place: Path | None) -> Account:
    """Return the ordinary user who runs the cluster: the owner of what exists, never root."""
    if os.geteuid() != 0:
        return Account.current()
    if place is not None and (owner := place.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(user.pw_uid, user.pw_gid)
    raise Stop(
        "PostgreSQL does not run as root and this machine has no user “postgres” or “nobody”: "
        "run make as an ordinary user."
    )


def find_place(project: Project) -> Path | None:
    """Return the folder of the cluster that this clone has already, if any."""
    noted = _noted_place(project)
    if noted is not None:
        return noted
    inside = project.local / "postgres"
    return inside if inside.is_dir() else None


def choose_place(project: Project) -> tuple[Path, Account]:
    """Return the folder for the cluster, made where it is missing, and the user who owns it."""
    place = find_place(project)
    account = cluster_account(place)
    if place is not None:
        _check_owner(place, account)
        if socket_fits(place) and can_enter(account, place):
            return place, account
        say(f"The database in {place} cannot be used from there any more; it is left as it is.")
    inside = project.local / "postgres"
    project.local.mkdir(exist_ok=True)
    if place is None and socket_fits(inside) and can_enter(account, project.local):
        return _make(inside, account), account
    return _make_elsewhere(project, account), account


def _check_owner(place: Path, account: Account) -> None:
    owner = place.stat().st_uid
    if owner != account.uid:
        try:
            name = pwd.getpwuid(owner).pw_name
        except KeyError:
            name = f"number {owner}"
        raise Stop(
            f"The private database in {place} belongs to the user {name}, as make was run by "
            "somebody else (perhaps root) before: run make as then, or clone afresh."
        )


def _make(place: Path, account: Account) -> Path:
    place.mkdir(mode=0o700)
    if account.uid != os.geteuid():
        os.chown(place, account.uid, account.gid)
    return place


def _make_elsewhere(project: Project, account: Account) -> Path:
    place = _make(ELSEWHERE / f"moment-map-{secrets.token_hex(4)}", account)
    (place / "belongs-to").write_text(str(project.root))
    _note(project).write_text(str(place))
    say(f"The database goes to {place}, as its user or its socket cannot be in this folder.")
    return place


def _note(project: Project) -> Path:
    return project.local / "postgres-folder"


def _noted_place(project: Project) -> Path | None:
    if not _note(project).is_file():
        return None
    place = Path(_note(project).read_text().strip())
    sign = place / "belongs-to"
    if not sign.is_file():
        return None
    owner = Path(sign.read_text().strip())
    if owner != project.root:
        if owner.exists():
            # This clone is a copy of another one, which goes on using that database.
            return None
        sign.write_text(str(project.root))
    return place
