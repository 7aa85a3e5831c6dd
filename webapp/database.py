"""What all tables share: the base class, column types and how times are kept.

Every time is timezone-aware and stored in UTC; every point is WGS84 (SRID 4326), x = longitude.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, DateTime, Enum, Identity, MetaData, func
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import Text, UserDefinedType

from geo.bounds import UK_BOX

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

PointColumn = Annotated[
    WKBElement, mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
]
OptionalPointColumn = Annotated[
    WKBElement | None, mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
]
PrimaryKey = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
CreatedAt = Annotated[datetime, mapped_column(server_default=func.now())]


class Base(DeclarativeBase):
    """The declarative base of all tables."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads a plain class attribute
        str: Text,
        datetime: DateTime(timezone=True),
        int: BigInteger,
    }


class TransactionId(UserDefinedType[int]):
    """PostgreSQL’s xid8: the number of a transaction, in the order in which they began."""

    cache_ok = True

    def get_col_spec(self, **_kw: object) -> str:
        """Return the type’s name in SQL."""
        return "xid8"


def inside_uk(column: str) -> CheckConstraint:
    """Return the constraint that a point column is finite and inside the United Kingdom’s box.

    A comparison with NaN or Infinity fails BETWEEN in PostgreSQL, so one expression covers both.
    """
    box = UK_BOX
    return CheckConstraint(
        f"NOT ST_IsEmpty({column}) AND ST_X({column}) BETWEEN {box.west} AND {box.east} "
        f"AND ST_Y({column}) BETWEEN {box.south} AND {box.north}",
        name=f"{column}_in_uk",
    )


def closed_set(values: type[StrEnum], name: str) -> Enum:
    """Return a column type for a closed set: text with a CHECK, so that it can grow."""
    return Enum(
        values,
        native_enum=False,
        create_constraint=True,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )


def utc_now() -> datetime:
    """Return the present moment; the one place that asks the clock."""
    return datetime.now(UTC)


def engine_options(pool_size: int) -> dict[str, Any]:
    """Return options for the site’s engine: deadlines, so that no request waits for ever."""
    return {
        "pool_size": pool_size,
        "max_overflow": 0,
        "pool_timeout": 5,
        "pool_pre_ping": True,
        # What people typed, a postcode or an address, has no place in the log of an error.
        "hide_parameters": True,
        "connect_args": {
            "connect_timeout": 3,
            "options": "-c statement_timeout=10s -c idle_in_transaction_session_timeout=30s"
            " -c timezone=UTC",
        },
    }
