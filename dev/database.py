"""The site's database: the server that DATABASE_URL names, or the private cluster."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.cluster import Cluster
from dev.cluster_place import choose_place, cluster_account, find_place
from dev.locks import lock_of, one_at_a_time
from dev.postgres_programs import find_programs, installed
from dev.project import Project
from dev.stop import Stop
from dev.terminal import progress

DATABASE = "moment_map"
OWNER = "moment_owner"
SITE = "moment_site"
# A database with the extensions in it, from which the site's is copied.
TEMPLATE = "moment_template"
EXTENSIONS = ("postgis", "pg_trgm")


@dataclass(frozen=True)
class DatabaseUrls:
    """The addresses that the site, its migrations and the tests connect to."""

    site: str
    migrations: str | None = None
    tests: str | None = None


@contextmanager
def database_in_use(project: Project) -> Iterator[DatabaseUrls]:
    """Make the site's database ready, and keep it up for as long as the block runs."""
    if os.environ.get("DATABASE_URL"):
        urls = given_urls()
        check_server(project, urls)
        yield urls
        return
    with cluster_in_use(project) as cluster:
        yield urls_of(cluster)


def given_urls() -> DatabaseUrls:
    """Return the addresses that the person has set."""
    migrations = os.environ.get("MIGRATIONS_DATABASE_URL") or None
    return DatabaseUrls(os.environ["DATABASE_URL"], migrations)


def check_server(project: Project, urls: DatabaseUrls) -> None:
    """Stop with a sentence unless the person's server is one that the site can use."""
    # In .venv, because the driver is there.
    env = os.environ | {"DATABASE_URL": urls.site}
    env["MIGRATIONS_DATABASE_URL"] = urls.migrations or urls.site
    done = subprocess.run(
        [project.python, "-m", "dev.server_check"], env=env,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=project.root,
    )  # fmt: skip
    if done.returncode:
        raise Stop(done.stdout.strip() or "DATABASE_URL could not be checked.")


@contextmanager
def cluster_in_use(project: Project) -> Iterator[Cluster]:
    """Start the private cluster unless it is up; stop it afterwards unless another needs it."""
    users = lock_of(project, "cluster-users")
    try:
        users.share()
        yield ready_cluster(project)
    finally:
        if users.try_to_take():
            _stop_cluster(project)
        users.close()


def stop_unused_cluster(project: Project) -> bool:
    """Stop the private cluster unless a command is using it; tell whether it is down."""
    users = lock_of(project, "cluster-users")
    try:
        is_unused = users.try_to_take()
        if is_unused:
            _stop_cluster(project)
        return is_unused
    finally:
        users.close()


def _stop_cluster(project: Project) -> None:
    cluster = existing_cluster(project)
    if cluster is not None:
        cluster.stop()


def ready_cluster(project: Project) -> Cluster:
    """Return the private cluster, made if need be, running and furnished."""
    with one_at_a_time(project, "cluster-start"):
        place, account = choose_place(project)
        programs = find_programs(project, major_in(place / "data" / "PG_VERSION"))
        cluster = Cluster(place, programs, account)
        if cluster.is_running():
            furnish(cluster)
            return cluster
        is_new = not cluster.is_made()
        with progress("Making the private database" if is_new else "Starting the database"):
            cluster.create()
            cluster.start()
            furnish(cluster)
    return cluster


def existing_cluster(project: Project) -> Cluster | None:
    """Return the private cluster if this clone has one and its programs are here."""
    place = find_place(project)
    if place is None:
        return None
    major = major_in(place / "data" / "PG_VERSION")
    for programs in installed():
        if programs.major == major:
            return Cluster(place, programs, cluster_account(place))
    return None


def major_in(version_file: Path) -> int | None:
    """Return the major version of PostgreSQL that made a data folder."""
    return int(version_file.read_text()) if version_file.is_file() else None


def urls_of(cluster: Cluster) -> DatabaseUrls:
    """Return the addresses in the private cluster."""
    return DatabaseUrls(
        site=cluster.url(SITE, DATABASE),
        migrations=cluster.url(OWNER, DATABASE),
        tests=cluster.url("postgres", "postgres"),
    )


def furnish(cluster: Cluster) -> None:
    """Make the two roles and the databases in a running cluster, where they are missing."""
    databases = cluster.ask("SELECT datname FROM pg_database").split()
    for role in sorted({OWNER, SITE} - set(cluster.ask("SELECT rolname FROM pg_roles").split())):
        cluster.ask(f"CREATE ROLE {role} LOGIN")
    if TEMPLATE not in databases:
        _make_template(cluster)
    if DATABASE not in databases:
        cluster.ask(f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE {TEMPLATE}")


def _make_template(cluster: Cluster) -> None:
    # Made under another name first, so that one that was interrupted is never taken for whole.
    half_made = f"{TEMPLATE}_being_made"
    cluster.ask(f"DROP DATABASE IF EXISTS {half_made}")
    cluster.ask(f"CREATE DATABASE {half_made}")
    for extension in EXTENSIONS:
        cluster.ask(f"CREATE EXTENSION {extension}", half_made)
    # PostgreSQL 14 lets everybody make tables in the schema public, later ones only its owner.
    cluster.ask("REVOKE CREATE ON SCHEMA public FROM PUBLIC", half_made)
    cluster.ask(f"GRANT ALL ON SCHEMA public TO {OWNER}", half_made)
    cluster.ask(f"ALTER DATABASE {half_made} RENAME TO {TEMPLATE}")
    cluster.ask(f"ALTER DATABASE {TEMPLATE} IS_TEMPLATE true")
