"""Giving an event a picture and taking it away; files are written before their row is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.events.life import lock_event, note_edit
from webapp.events.models import Event
from webapp.events.pictures import Picture, file_name, new_key
from webapp.pictures.conversion import Converted
from webapp.storage import MediaStore


@dataclass(frozen=True)
class StoredPicture:
    """A picture whose files are in the store; `width` and `height` are those of the largest."""

    key: str
    width: int
    height: int

    @property
    def name(self) -> str:
        """The largest of its files."""
        return file_name(self.key, self.width)


def store_picture(store: MediaStore, converted: Converted) -> StoredPicture:
    """Write a picture’s files; until an event has it, the nightly job may take them away again."""
    key = new_key()
    for width, content in converted.files.items():
        store.save(file_name(key, width), content)
    return StoredPicture(key, converted.width, converted.height)


def give_picture(
    session: Session,
    event: Event,
    stored: StoredPicture | None,
    alternative_text: str,
    *,
    by: User,
    now: datetime,
) -> str | None:
    """Set an event’s picture, or only its text where none is given; return the key it had before."""
    lock_event(session, event)
    picture = _as_it_is(session, event)
    before = (picture.key, picture.alternative_text) if picture else (None, None)
    if picture is None:
        if stored is None:
            msg = "an event without a picture needs one"
            raise ValueError(msg)
        picture = Picture(event_id=event.id)
        session.add(picture)
    picture.alternative_text = alternative_text
    if stored is not None:
        picture.key, picture.width, picture.height = stored.key, stored.width, stored.height
    if (picture.key, alternative_text) != before:
        changes: dict[str, list[str | None]] = {"picture": [before[1], alternative_text]}
        note_edit(session, event, by, now, changes)
    return before[0]


def remove_picture(session: Session, event: Event, *, by: User, now: datetime) -> str | None:
    """Take an event’s picture away; return the key of its files, None where it has none."""
    lock_event(session, event)
    picture = _as_it_is(session, event)
    if picture is None:
        return None
    session.delete(picture)
    note_edit(session, event, by, now, {"picture": [picture.alternative_text, None]})
    return picture.key


def forget_files(session: Session, store: MediaStore, key: str | None) -> None:
    """Delete the files of a key that no event’s picture has any more.

    To be called after the commit that let go of it: what is rolled back still needs its files.
    """
    if key is None:
        return
    is_used = session.execute(select(Picture.key).where(Picture.key == key).limit(1)).first()
    if is_used is None:
        store.delete_key(key)


def _as_it_is(session: Session, event: Event) -> Picture | None:
    """Return the picture as the database has it, once the event is locked."""
    return session.get(Picture, event.id, populate_existing=True)
