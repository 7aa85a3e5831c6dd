"""Nothing grows past the house's budgets: they are there to make one look for the missing noun.

Lines of a file are all its lines. Lines of a function are those of its body, from the first
statement after the docstring to the last line, comments and blank lines in between included;
decorators and the signature do not count, since long lists of options are no logic.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.whole_app.house import ROOT, texts_of_tracked_files, tracked

MODULE, ROUTE, FUNCTION = 300, 20, 25
COMPLEXITY = 8
TEMPLATE, JAVASCRIPT, TEST_FILE = 120, 200, 400

Function = ast.FunctionDef | ast.AsyncFunctionDef


def budget_of(path: Path) -> int | None:
    """Return how many lines a file may have; None for a kind that has no budget."""
    if path.parts[0] == "tests" and path.suffix in {".py", ".mjs"}:
        return TEST_FILE
    if path.parts[0] == "templates":
        return TEMPLATE
    return {".py": MODULE, ".js": JAVASCRIPT, ".mjs": JAVASCRIPT}.get(path.suffix)


def test_no_file_is_longer_than_its_kind_may_be() -> None:
    lengths = {path: len(text.splitlines()) for path, text in texts_of_tracked_files().items()}
    over = [
        f"{path} has {length} lines of {budget}"
        for path, length in lengths.items()
        if (budget := budget_of(path)) is not None and length > budget
    ]

    assert not over, "\n".join(over)


def test_no_function_is_longer_than_it_may_be() -> None:
    over = [
        f"{path}:{function.lineno} {function.name} has {lines_of(function)} lines of {budget}"
        for path in tracked(".py")
        for function in functions_in(path)
        if lines_of(function) > (budget := ROUTE if is_route(function) else FUNCTION)
    ]

    assert not over, "\n".join(over)


def test_no_function_is_more_complex_than_it_may_be() -> None:
    files = [str(path) for path in tracked(".py")]
    limit = f"lint.mccabe.max-complexity={COMPLEXITY}"
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select=C901"]
    done = subprocess.run(
        [*ruff, "--ignore-noqa", f"--config={limit}", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def functions_in(path: Path) -> Iterator[Function]:
    """Yield every function of a module, those inside others too."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, Function):
            yield node


def lines_of(function: Function) -> int:
    """Return the lines of a function's body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def is_route(function: Function) -> bool:
    """Tell whether a function answers an address: `@blueprint.get("/…")` and its like."""
    calls = [each.func for each in function.decorator_list if isinstance(each, ast.Call)]
    names = {each.attr for each in calls if isinstance(each, ast.Attribute)}
    return bool(names & {"get", "post", "route"})


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("def f():\n    return 1\n", 1),
        ('def f():\n    """Say."""\n', 0),
        ('def f():\n    """Say."""\n\n    a = 1\n\n    return a\n', 3),
        ("@decorated(\n    1,\n)\ndef f(\n    a,\n    b,\n):\n    return a\n", 1),
    ],
)
def test_lines_of_a_function_are_those_of_its_body(source: str, lines: int) -> None:
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)

    assert lines_of(function) == lines
