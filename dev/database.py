"""The site's database: the server that DATABASE_URL names, or the private cluster."""

from dataclasses import dataclass

from dev.cluster import Cluster

DATABASE = "moment_map"
OWNER = "moment_owner"
SITE = "moment_site"
# A database with the extensions in it, from which the site's is copied, and tests make theirs.
TEMPLATE = "moment_template"
EXTENSIONS = ("postgis", "pg_trgm", "unaccent")


@dataclass(frozen=True)
class DatabaseUrls:
    """The addresses that the site, its migrations and the tests connect to."""

    site: str
    migrations: str
    tests: str | None = None


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
