"""Memory is read from what Linux says of processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.memory import children_of_all, family, kilobytes, memory_of_stack

ROLLUP = """55d0-7ffd ---p 00000000 00:00 0                          [rollup]
Rss:              217200 kB
Pss:                9000 kB
Pss_Anon:           4000 kB
Pss_File:           2000 kB
Pss_Shmem:          3000 kB
"""


def test_what_a_process_holds_is_read_by_name():
    assert kilobytes(ROLLUP)["Pss"] == 9000
    assert kilobytes(ROLLUP)["Pss_Shmem"] == 3000


def test_a_family_is_a_process_and_all_that_came_of_it():
    assert family(1, {1: {2, 3}, 3: {4}, 5: {6}}) == {1, 2, 3, 4}


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="there is no /proc here")
def test_the_stack_is_site_worker_and_database():
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    try:
        assert child.pid in family(os.getpid(), children_of_all())
    finally:
        child.communicate(b"\n")


def test_where_it_cannot_be_seen_nothing_is_made_up(engine, monkeypatch):
    monkeypatch.setattr("bench.memory.PROC", Path("/nowhere"))
    with engine.connect() as connection:
        assert memory_of_stack(os.getpid(), os.getpid(), connection) is None


def test_a_database_here_is_found_by_who_answers(engine):
    with engine.connect() as connection:
        memory = memory_of_stack(os.getpid(), os.getpid(), connection)
    # Somebody else’s processes tell nothing.
    assert memory is None or memory.total > memory.site > memory.database > 0
