"""Rows for one statement, each column as an array as PostgreSQL writes it.

The driver makes an array of a list too, but asks of each element anew what it is: that took longer than all
else that folding does.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any


def _quoted(value: object) -> str:
    written = str(value).replace("\\", r"\\").replace('"', r"\"")
    return f'"{written}"'


def _bytes(value: bytes) -> str:
    return rf'"\\x{value.hex()}"'


_WRITTEN: dict[str, Callable[[Any], str]] = {
    "bigint": str,
    "smallint": str,
    "boolean": str,
    "uuid": str,
    "date": str,
    "timestamptz": _quoted,
    "text": _quoted,
    "bytea": _bytes,
}


def arrays(types: dict[str, str], rows: Sequence[Sequence[Any]]) -> dict[str, str]:
    """Return the columns of rows, by their names; `types` names them in order, with their types."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(types)
    return {
        name: _array(kind, column)
        for (name, kind), column in zip(types.items(), columns, strict=True)
    }


def unnest(types: dict[str, str]) -> str:
    """Return SQL for a table of what `arrays` gives under the same names."""
    return f"unnest({', '.join(f'CAST(:{name} AS {kind}[])' for name, kind in types.items())})"


def _array(kind: str, values: Iterable[Any]) -> str:
    """Return values of one type, None among them perhaps, for `CAST(:name AS kind[])`."""
    written = _WRITTEN[kind]
    return f"{{{','.join('NULL' if each is None else written(each) for each in values)}}}"
