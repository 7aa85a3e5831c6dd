"""Community groups, their sectors, and who belongs to them."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from geo.names import folded
from webapp.accounts.models import User
from webapp.database import Base, CreatedAt, PrimaryKey, closed_set
from webapp.groups.networks import Network, network_group
from webapp.places.models import Place
from webapp.security import Act

LONGEST_NAME = 120
LONGEST_DESCRIPTION = 2000


class Sector(StrEnum):
    """The part of society that a group stands in; it has exactly one."""

    FAITH = "faith"
    SPORT = "sport"
    SCHOOL = "school"
    CHARITY = "charity"
    BUSINESS = "business"
    COUNCIL = "council"
    ARTS = "arts"
    MEDIA = "media"
    HEALTH = "health"
    UNION = "union"
    OTHER = "other"


class MemberRole(StrEnum):
    """What a member may do: owners manage the group, editors its events."""

    OWNER = "owner"
    EDITOR = "editor"


class Standing(StrEnum):
    """How far the campaign trusts a group: events of a trusted one go live at once."""

    UNVERIFIED = "unverified"
    TRUSTED = "trusted"


class SizeBand(StrEnum):
    """About how many people belong to a group."""

    HANDFUL = "1-9"
    DOZENS = "10-49"
    HUNDREDS = "50-249"
    LARGE = "250-and-more"


class Group(Base):
    """A community group or member organisation that hosts events."""

    __tablename__ = "community_group"
    __table_args__ = (
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug_is_plain"),
        CheckConstraint("name <> ''", name="name_not_empty"),
        Index(
            "ix_community_group_trigrams",
            "folded_name",
            postgresql_using="gin",
            postgresql_ops={"folded_name": "gin_trgm_ops"},
        ),
    )

    id: Mapped[PrimaryKey]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    # What names are compared by; follows the name by itself.
    folded_name: Mapped[str] = mapped_column(default="", server_default="", deferred=True)
    sector: Mapped[Sector] = mapped_column(closed_set(Sector, "sector"))
    description: Mapped[str] = mapped_column(default="", server_default="")
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    website: Mapped[str | None]
    # Where messages go; never shown. Without one they go to the owners.
    contact_email: Mapped[str | None] = mapped_column(deferred=True)
    # For staff alone, where the organiser has no e-mail; then a helper acts for the group.
    contact_phone: Mapped[str | None] = mapped_column(deferred=True)
    helper_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    size_band: Mapped[SizeBand | None] = mapped_column(closed_set(SizeBand, "size_band"))
    works_with: Mapped[str] = mapped_column(default="", server_default="")
    standing: Mapped[Standing] = mapped_column(
        closed_set(Standing, "standing"),
        default=Standing.UNVERIFIED,
        server_default=Standing.UNVERIFIED.value,
    )
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[CreatedAt]

    place: Mapped[Place | None] = relationship()
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="group", cascade="all, delete-orphan", passive_deletes=True
    )

    networks: Mapped[list[Network]] = relationship(
        secondary=network_group, back_populates="groups", order_by=(Network.name, Network.id)
    )

    @validates("name")
    def _fold(self, _key: str, name: str) -> str:
        self.folded_name = folded(name)
        return name

    @property
    def is_trusted(self) -> bool:
        """Whether its events go live without review."""
        return self.standing is Standing.TRUSTED

    def role_of(self, user: User) -> MemberRole | None:
        """Return what a person is in this group, or None for somebody else."""
        held = (each.role for each in self.memberships if each.user_id == user.id)
        return next(held, None)

    def permits(self, act: Act, user: Any) -> bool:
        """Tell whether a person may do this; `user` is None for somebody not signed in."""
        if act is Act.SEE:
            return True
        if user is None:
            return False
        role = self.role_of(user)
        if user.is_staff or role is MemberRole.OWNER:
            return True
        return act is Act.EDIT and (role is not None or self.is_coordinated_by(user))

    def is_coordinated_by(self, user: User) -> bool:
        """Tell whether a person coordinates a network that holds this group."""
        return any(network.is_coordinated_by(user) for network in self.networks)


class Membership(Base):
    """One person’s place in a group."""

    __tablename__ = "membership"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(
        ForeignKey("community_group.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[MemberRole] = mapped_column(closed_set(MemberRole, "role"))
    created_at: Mapped[CreatedAt]

    user: Mapped[User] = relationship()
    group: Mapped[Group] = relationship(back_populates="memberships")

    def permits(self, act: Act, user: Any) -> bool:
        """Tell whether a person may do this: owners see and change it, members see their own."""
        if user is None:
            return False
        if act is Act.SEE and user.id == self.user_id:
            return True
        return self.group.permits(Act.MANAGE, user)
