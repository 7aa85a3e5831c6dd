import os
import sys
from pathlib import Path

import pytest

from dev.pdf_libraries import can_make_pdfs, ensure_pdf_libraries
from dev.project import Project

# Stand-ins for .venv's Python: what it prints is what a trial on such a machine prints.
WHOLE = "#!/bin/sh\necho whole\n"
NO_FACE = "#!/bin/sh\necho 'no face'\n"
NO_LIBRARY = "#!/bin/sh\necho \"OSError: cannot load library 'libpango-1.0-0'\" >&2\nexit 1\n"


@pytest.fixture
def bare(project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Project:
    """Make a clone on a machine where nothing can be installed."""
    (project.venv / "bin").mkdir(parents=True)
    (project.venv / "pyvenv.cfg").write_text("")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    return project


def _python_is(project: Project, script: str) -> None:
    project.python.write_text(script.replace("#!/bin/sh", f"#!{os.path.realpath('/bin/sh')}"))
    project.python.chmod(0o755)


def test_this_machine_makes_pdfs(project: Project):
    (project.venv / "bin").mkdir(parents=True)
    project.python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    project.python.chmod(0o755)
    assert can_make_pdfs(project)


def test_where_all_is_there_nothing_is_said_and_nothing_tried_again(
    bare: Project, capsys: pytest.CaptureFixture[str]
):
    _python_is(bare, WHOLE)
    ensure_pdf_libraries(bare)
    _python_is(bare, NO_LIBRARY)
    ensure_pdf_libraries(bare)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("script", [NO_FACE, NO_LIBRARY])
def test_where_something_is_missing_a_sentence_says_so_and_the_set_up_goes_on(
    bare: Project, capsys: pytest.CaptureFixture[str], script: str
):
    _python_is(bare, script)
    for _ in range(2):
        ensure_pdf_libraries(bare)
        said = capsys.readouterr().out
        assert said.startswith("Posters can be printed from the browser only; for PDFs, install")
        assert said.count("\n") == 1
    _python_is(bare, WHOLE)
    ensure_pdf_libraries(bare)
    assert capsys.readouterr().out == ""
