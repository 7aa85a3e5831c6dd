"""Where events really are.

Only what places an event may import this module: an import rule sees to it. `Event` has no
relationship to it, so that no page, feed or export can load an exact place by following one.
"""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from geo.cells import Cell
from geo.points import Point
from geo.shapes import from_element
from webapp.database import Base, PointColumn, inside_uk


class ExactPlace(Base):
    """The exact place of one event.

    `precision_metres` is more than 0 where only the town or the postcode is known; `postcode` is the
    full one that the host typed, without its space.
    """

    __tablename__ = "event_exact_place"
    __table_args__ = (
        inside_uk("point"),
        CheckConstraint("precision_metres >= 0", name="precision_not_negative"),
    )

    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    point: Mapped[PointColumn]
    precision_metres: Mapped[int]
    postcode: Mapped[str | None]
    # The square that a home was shown as first, which stays while the home is inside it.
    cell: Mapped[str | None]

    @property
    def position(self) -> Point:
        """Its point, as a validated pair."""
        return from_element(self.point)

    @property
    def shown_as(self) -> Cell | None:
        """The square that it was shown as; None where it was shown otherwise."""
        return Cell.parse(self.cell) if self.cell else None
