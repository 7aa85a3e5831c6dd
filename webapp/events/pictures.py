"""The picture of an event: WebP files at three widths, kept in the media store."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, CreatedAt

WIDTHS = (480, 960, 1600)


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
