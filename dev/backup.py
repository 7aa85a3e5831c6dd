"""`make backup` and `make restore FILE=…`: the whole database in one file, pictures in another."""

import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from dev.database import DatabaseUrls, database_in_use
from dev.environment import site_environment
from dev.media import back_up_pictures, pictures_beside, restore_pictures
from dev.postgres_programs import installed
from dev.programs import end_process, reason_in, run_logged, short
from dev.project import Project
from dev.running import is_running
from dev.set_up import set_up_code, set_up_database
from dev.stop import Stop
from dev.terminal import confirm, progress, say

# What belongs to the extensions and to the server's administrator, and is there already.
NOT_OURS = ("EXTENSION", "SCHEMA - public", "spatial_ref_sys")

# With a day’s key anybody could tell the addresses from their codes, and it is to be gone after a week.
# A restored site makes itself another.
KEYS_STAY = "--exclude-table-data=bucket_salt"

# All the commands are made before the first is run, for a name cannot be told of what is gone.
DROP_EVERYTHING = """
DO $$
DECLARE
  command text;
  commands text[] := ARRAY(
    SELECT format('DROP %s IF EXISTS %s CASCADE', CASE relkind
             WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
             WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass)
      FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
       AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid
         AND (deptype = 'e' OR relkind = 'S' AND deptype IN ('a', 'i')))
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure)
      FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    UNION ALL
    SELECT format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype)
      FROM pg_type
     WHERE typnamespace = 'public'::regnamespace AND (typtype IN ('e', 'd', 'r')
       OR (typtype = 'c' AND typrelid IN (SELECT oid FROM pg_class WHERE relkind = 'c')))
       AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_type.oid AND deptype = 'e'));
BEGIN
  SET LOCAL client_min_messages = warning;
  FOREACH command IN ARRAY commands LOOP
    EXECUTE command;
  END LOOP;
END $$;
"""


def back_up(project: Project) -> None:
    """Write the whole database to a file with the time in its name, and the pictures beside it."""
    set_up_code(project)
    folder = Path(os.environ.get("BACKUP_FOLDER") or project.root / "backups")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"moment-map-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}.dump"
    with database_in_use(project) as urls:
        write_backup(project, urls, file)
    back_up_pictures(project, file)
    for each in (file, pictures_beside(file)):
        say(f"Written: {short(each)} ({each.stat().st_size / 1e6:.1f} MB).")


def write_backup(project: Project, urls: DatabaseUrls, file: Path) -> None:
    """Write a database to a file, which is there only once it is whole."""
    unfinished = file.with_suffix(".unfinished")
    # People's addresses are in it.
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    url, env = _owner(urls)
    try:
        with progress("Writing the database to a file"):
            run_logged(
                [_program("pg_dump"), "--format=custom", KEYS_STAY, "--file", unfinished, url],
                log=project.log("backup"), failure="The backup failed", env=env,
            )  # fmt: skip
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)


def restore(project: Project) -> None:
    """Replace everything in the database by what a backup holds, wholly or not at all."""
    file = _file_to_restore(project)
    if is_running(project):
        raise Stop("The site is running from this folder: end it with “make stop”, then restore.")
    confirm(f"Replace everything in the database by what is in {short(file)}?")
    set_up_code(project)
    with database_in_use(project) as urls:
        with progress("Restoring the database from the backup"):
            replace_database(project, urls, file)
        set_up_database(project, site_environment(project, urls))
    restored = restore_pictures(project, file)
    say(f"The database is as it was in {short(file)}.")
    if restored:
        say(f"Files of pictures that were missing and are back: {restored}.")


def _file_to_restore(project: Project) -> Path:
    name = os.environ.get("FILE")
    if not name:
        raise Stop("Name the backup to restore, as in “make restore FILE=backups/….dump”.")
    file = (project.root / name).resolve()
    if not file.is_file():
        raise Stop(f"There is no file {name}: look in backups/ for one.")
    return file


def replace_database(project: Project, urls: DatabaseUrls, file: Path) -> None:
    """Put a backup in a database's place, in one transaction that ends once it is all read."""
    log = project.log("restore")
    wanted = _ours_in(project, file)
    url, env = _owner(urls)
    with log.open("wb") as output:
        psql = subprocess.Popen(
            [_program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", url],
            stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, env=env,
            start_new_session=True,
        )  # fmt: skip
        reader = subprocess.Popen(
            [_program("pg_restore"), "--no-owner", "--no-acl", "--file=-", "--use-list", wanted, file],
            stdout=subprocess.PIPE, stderr=output, start_new_session=True,
        )  # fmt: skip
        try:
            is_whole = _feed(psql, reader)
        finally:
            end_process(reader)
            end_process(psql)
    if psql.returncode or not is_whole:
        raise Stop(
            f"The backup could not be restored, and the database is as it was: {reason_in(log)} "
            f"(more in {short(log)})."
        )


def _feed(psql: subprocess.Popen, reader: subprocess.Popen) -> bool:
    if psql.stdin is None or reader.stdout is None:
        return False
    try:
        psql.stdin.write(f"BEGIN;\n{DROP_EVERYTHING}".encode())
        shutil.copyfileobj(reader.stdout, psql.stdin)
        is_whole = reader.wait() == 0
        if is_whole:
            psql.stdin.write(b"\nCOMMIT;\n")
        psql.stdin.close()
    except BrokenPipeError:
        is_whole = False
    psql.wait()
    return is_whole


def _ours_in(project: Project, file: Path) -> Path:
    """Write the list of what to restore: everything but what the server has already."""
    listed = subprocess.run(
        [_program("pg_restore"), "--list", file], capture_output=True, text=True, check=False
    )
    if listed.returncode:
        raise Stop(f"{short(file)} is not a backup made by “make backup”.")
    lines = [line for line in listed.stdout.splitlines() if not any(n in line for n in NOT_OURS)]
    wanted = project.local / "restore.list"
    wanted.write_text("\n".join(lines) + "\n")
    return wanted


def _owner(urls: DatabaseUrls) -> tuple[str, dict[str, str]]:
    """Return the owner's address without its password, and an environment that holds that."""
    parts = urlsplit(urls.migrations or urls.site)
    user, _, host = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    env = dict(os.environ)
    if password:
        # Arguments can be read by everybody on the machine.
        env["PGPASSWORD"] = unquote(password)
    plain = parts._replace(scheme="postgresql", netloc=f"{name}@{host}" if name else host)
    return urlunsplit(plain), env


def _program(name: str) -> str:
    newest = max(installed(), key=lambda programs: programs.major, default=None)
    path = newest.path(name) if newest else shutil.which(name)
    if path is None:
        raise Stop(f"{name} is missing: install PostgreSQL's client programs.")
    return str(path)
