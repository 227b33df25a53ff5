"""Column types and the declarative base shared by all tables."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from sqlalchemy import BigInteger, DateTime, Enum, MetaData, String, Uuid, text
from sqlalchemy.orm import DeclarativeBase, mapped_column

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONVENTION)


def enum_of(kind: type[StrEnum], name: str) -> Enum:
    """Text with a check made from the enum's values."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


# A key made by the database itself (UUIDv7, so that keys sort by time).
generated_id = Annotated[
    str, mapped_column(Uuid(as_uuid=False), primary_key=True, server_default=text("uuidv7()"))
]
uuid = Annotated[str, mapped_column(Uuid(as_uuid=False))]
instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
# A technical stamp: when the row was written. Business times come from the workflow.
recorded = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=text("now()"))]
cents = Annotated[int, mapped_column(BigInteger)]
ticket_number = Annotated[str, mapped_column(String(8))]
