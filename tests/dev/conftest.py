"""Clones in folders of their own, and clusters that are nobody else's."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.cluster import Cluster
from dev.cluster_place import cluster_account
from dev.database import furnish
from dev.postgres_programs import PostgresPrograms, installed
from dev.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / ".local").mkdir()
    return Project(tmp_path)


@pytest.fixture(scope="session")
def programs() -> PostgresPrograms:
    return installed()[0]


@pytest.fixture
def place(programs: PostgresPrograms) -> Iterator[Path]:
    """Make a folder as the cluster's user has it: short, its own, closed to others."""
    yield from _place()


def _place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="mm-", dir="/tmp"))
    account = cluster_account(None)
    shutil.chown(folder, account.uid, account.gid)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def cluster(place: Path, programs: PostgresPrograms) -> Iterator[Cluster]:
    """Name a cluster that is not made yet."""
    cluster = Cluster(place, programs, cluster_account(None))
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def furnished(programs: PostgresPrograms) -> Iterator[Cluster]:
    """Start a cluster with roles and databases, for the tests of one module."""
    folders = _place()
    cluster = Cluster(next(folders), programs, cluster_account(None))
    cluster.create()
    cluster.start()
    furnish(cluster)
    yield cluster
    cluster.stop()
    next(folders, None)
