"""The tests’ own names: all processes that share the tests must find the same ones, in one order."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def name(item: pytest.Item) -> str:
    """Return the name of a test without its group, which is added where processes share the tests."""
    group = item.get_closest_marker("xdist_group")
    return item.nodeid.removesuffix(f"@{group.args[0]}") if group else item.nodeid


def test_neither_the_time_nor_the_order_of_a_set_is_in_the_name_of_a_test(
    request: pytest.FixtureRequest,
) -> None:
    here = [name(item) for item in request.session.items]
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *request.config.args],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "42"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    wanted = set(here)
    assert [line for line in found if line in wanted] == here
