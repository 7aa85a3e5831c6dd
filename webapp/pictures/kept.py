"""A picture that was sent with a mistake beside it: kept, so that nobody has to send it twice.

Its files are in the store; a signed hidden field says which, for the one event it was sent for.
"""

from webapp.pictures.actions import StoredPicture
from webapp.signed_links import read, sign
from webapp.storage import MediaStore

PURPOSE = "kept-picture"


def sign_kept(secret_key: str, public_id: str, stored: StoredPicture) -> str:
    """Return the hidden field’s text."""
    subject = f"{public_id}-{stored.key}-{stored.width}-{stored.height}"
    return sign(secret_key, PURPOSE, subject)


def read_kept(
    secret_key: str, store: MediaStore, public_id: str, text: str
) -> StoredPicture | None:
    """Return the picture that the field names; None where it is none of ours or is gone by now."""
    subject = read(secret_key, PURPOSE, text) if text else None
    if subject is None:
        return None
    event, key, width, height = subject.split("-")
    stored = StoredPicture(key, int(width), int(height))
    file = store.open(stored.name)
    if event != public_id or file is None:
        return None
    file.close()
    return stored
