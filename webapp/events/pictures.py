"""The picture of an event: WebP files at up to three widths, kept in the media store."""

import secrets

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.database import Base, CreatedAt

# The widths that files have; a narrower picture is not enlarged, so its largest has its own width.
WIDTHS = (480, 960, 1600)
KEY_BYTES = 16


def new_key() -> str:
    """Return a name for a picture’s files.

    The files are public, those of a draft or of a hidden event too, so nobody may guess a name:
    128 random bits.
    """
    return secrets.token_hex(KEY_BYTES)


def widths_of(width: int) -> tuple[int, ...]:
    """Return the widths of a picture’s files, the largest last."""
    largest = min(width, WIDTHS[-1])
    return (*(each for each in WIDTHS if each < largest), largest)


def file_name(key: str, width: int) -> str:
    """Return what the store calls one of a picture’s files."""
    return f"{key}-{width}.webp"


class Picture(Base):
    """The one picture of an event; `key` names its files, `width` and `height` the largest of them.

    A copy of an event refers to the same files, so they are deleted only with their last picture.
    """

    __tablename__ = "event_picture"
    __table_args__ = (
        CheckConstraint("key ~ '^[0-9a-f]{32}$'", name="key_is_plain"),
        CheckConstraint("alternative_text <> ''", name="has_alternative_text"),
    )

    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    key: Mapped[str] = mapped_column(index=True)
    width: Mapped[int]
    height: Mapped[int]
    alternative_text: Mapped[str]
    created_at: Mapped[CreatedAt]

    @property
    def name(self) -> str:
        """The largest of its files."""
        return file_name(self.key, self.width)

    @property
    def files(self) -> tuple[tuple[str, int], ...]:
        """Its files with their widths, the largest last."""
        return tuple((file_name(self.key, width), width) for width in widths_of(self.width))


def picture_of(session: Session, event_id: int) -> Picture | None:
    """Return the picture of an event, if it has one."""
    return session.get(Picture, event_id)


def copy_picture(session: Session, from_id: int, to_id: int) -> None:
    """Give an event the picture of another, on the same files; nothing where that has none."""
    found = picture_of(session, from_id)
    if found is not None:
        session.add(
            Picture(
                event_id=to_id,
                key=found.key,
                width=found.width,
                height=found.height,
                alternative_text=found.alternative_text,
            )
        )
