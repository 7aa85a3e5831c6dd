"""A site with settings of its own in the test’s process, whose connections end with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from webapp.app import create_app
from webapp.config import Settings
from webapp.extensions import db


@contextmanager
def site_with(settings: Settings, **changes: object) -> Iterator[Flask]:
    """Make a site with some settings changed."""
    app = create_app(settings.model_copy(update=changes))
    yield app
    with app.app_context():
        db.engine.dispose()
