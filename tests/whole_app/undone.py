"""Undo what one request did, so that the next one finds the world whole."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """Take back all that is written meanwhile on a connection whose transaction goes on."""
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
