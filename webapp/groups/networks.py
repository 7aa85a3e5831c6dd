"""Networks: organisations whose groups take part, and the people who coordinate them."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Index, Table, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import User
from webapp.database import Base, CreatedAt, PrimaryKey
from webapp.security import Act

if TYPE_CHECKING:
    from webapp.groups.models import Group

network_group = Table(
    "network_group",
    Base.metadata,
    Column("network_id", ForeignKey("network.id", ondelete="CASCADE"), primary_key=True),
    Column("group_id", ForeignKey("community_group.id", ondelete="CASCADE"), primary_key=True),
    Column("joined_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("ix_network_group_group_id", "group_id"),
)

network_coordinator = Table(
    "network_coordinator",
    Base.metadata,
    Column("network_id", ForeignKey("network.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_network_coordinator_user_id", "user_id"),
)


class Network(Base):
    """An organisation whose groups take part: scouts, a union, a supermarket, a council."""

    __tablename__ = "network"
    __table_args__ = (
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug_is_plain"),
        CheckConstraint("name <> ''", name="name_not_empty"),
    )

    id: Mapped[PrimaryKey]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[CreatedAt]

    coordinators: Mapped[list[User]] = relationship(
        secondary=network_coordinator, order_by=(User.email, User.id)
    )
    groups: Mapped[list["Group"]] = relationship(secondary=network_group, back_populates="networks")

    def is_coordinated_by(self, user: User) -> bool:
        """Tell whether a person coordinates this network."""
        return any(each.id == user.id for each in self.coordinators)

    def permits(self, act: Act, user: Any) -> bool:  # noqa: ARG002 -- all acts alike
        """Tell whether a person may do this: coordinators and staff everything, others nothing."""
        return user is not None and (user.is_staff or self.is_coordinated_by(user))
