import os
import shutil
import subprocess
import time

import psycopg
import pytest

from dev.cluster import Cluster
from dev.programs import command_of
from dev.stop import Stop


def test_a_cluster_starts_answers_and_stops(cluster: Cluster):
    cluster.create()
    assert not cluster.is_running()
    cluster.start()
    cluster.start()
    assert cluster.ask("SELECT 1 + 1") == "2"
    cluster.stop()
    assert not cluster.is_running()
    cluster.stop()


def test_it_listens_on_its_socket_alone_and_knows_welsh_letters(furnished: Cluster):
    assert furnished.ask("SHOW listen_addresses") == ""
    assert furnished.ask("SHOW fsync") == "on"
    assert furnished.ask("SELECT lower('ŴŶ')") == "ŵŷ"
    assert furnished.socket.stat().st_mode & 0o077 == 0


def test_it_never_runs_as_root(furnished: Cluster):
    assert (furnished.data / "PG_VERSION").stat().st_uid != 0


def test_it_has_both_roles_and_the_extensions(furnished: Cluster):
    with psycopg.connect(furnished.url("moment_owner", "moment_map")) as owner:
        owner.execute("CREATE TABLE made_by_owner (id integer)")
        owner.rollback()
    with psycopg.connect(furnished.url("moment_site", "moment_map")) as site:
        assert site.execute("SELECT similarity('a', 'a')").fetchone() == (1,)
        assert site.execute("SELECT postgis_lib_version()").fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            site.execute("CREATE TABLE made_by_site (id integer)")


def test_a_half_made_data_folder_is_made_anew(cluster: Cluster):
    cluster.data.mkdir()
    (cluster.data / "PG_VERSION").write_text("15\n")
    shutil.chown(cluster.data, cluster.account.uid, cluster.account.gid)
    cluster.create()
    assert cluster.is_made()


def test_it_starts_after_its_server_was_killed(cluster: Cluster):
    cluster.create()
    cluster.start()
    pid = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, 9)
    while command_of(pid):
        time.sleep(0.05)
    cluster.start()
    assert cluster.ask("SELECT 1") == "1"


def test_it_starts_when_its_number_was_given_to_another_program(cluster: Cluster):
    cluster.create()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        pid_file = cluster.data / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{cluster.data}\n1700000000\n5432\n\n\n0 0\n")
        shutil.chown(pid_file, cluster.account.uid, cluster.account.gid)
        cluster.start()
        assert cluster.ask("SELECT 1") == "1"
    finally:
        stranger.kill()
        stranger.wait()


def test_a_copy_of_a_running_cluster_leaves_the_other_server_alone(
    cluster: Cluster, furnished: Cluster
):
    shutil.copytree(furnished.data, cluster.data)
    for path in (cluster.data, *cluster.data.rglob("*")):
        shutil.chown(path, cluster.account.uid, cluster.account.gid)
    cluster.stop()
    assert furnished.is_running()


def test_a_server_that_cannot_start_says_why(cluster: Cluster):
    cluster.create()
    with (cluster.data / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(Stop, match=r"did not start: .*no_such_setting|contains errors"):
        cluster.start()


def test_refused_sql_says_why(furnished: Cluster):
    with pytest.raises(Stop, match="does not exist"):
        furnished.ask("SELECT nothing")
