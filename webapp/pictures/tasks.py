"""What the worker does for pictures, by the clock."""

from datetime import timedelta

from flask import current_app

from webapp.database import utc_now
from webapp.extensions import db
from webapp.jobs import queue
from webapp.pictures.actions import forget_files
from webapp.storage import MediaStore

# Longer than anybody takes to word what a picture shows, after its files are there.
UNUSED_FOR = timedelta(days=1)


@queue.periodic(cron="41 3 * * *")
@queue.task(name="forget_unused_pictures")
def forget_unused_pictures(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Delete the files of pictures that no event has: of deleted events, and of nobody’s yet."""
    store = MediaStore(current_app.config["SETTINGS"].media_folder)
    for key in store.keys_before(utc_now() - UNUSED_FOR):
        forget_files(db.session, store, key)
    db.session.rollback()
