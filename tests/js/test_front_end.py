"""The front end’s own tests, run by Node as part of the whole."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_scripts_of_the_pages_pass_their_tests() -> None:
    beside_python = str(Path(sys.executable).parent)
    node = shutil.which("node", path=os.pathsep.join([os.environ.get("PATH", ""), beside_python]))
    assert node, "Node is missing: make test sets it up"
    files = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.mjs"))
    ran = subprocess.run(
        [node, "--test", *files], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-1000:]
