"""People, what technicians can do, and the card that a client saved."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, generated_id, instant, recorded, uuid
from domain.tickets import Role


class Person(Base):
    __tablename__ = "people"

    id: Mapped[generated_id]
    role: Mapped[Role] = mapped_column(enum_of(Role, "role"))
    name: Mapped[str] = mapped_column(String(120))
    mail: Mapped[str] = mapped_column(String(254), unique=True)
    active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[recorded]


class Skill(Base):
    __tablename__ = "skills"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    label: Mapped[str] = mapped_column(String(80))


class Technician(Base):
    __tablename__ = "technicians"

    id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), primary_key=True)
    account_reference: Mapped[str | None] = mapped_column(String(64), unique=True)


class TechnicianSkill(Base):
    __tablename__ = "technician_skills"

    technician_id: Mapped[uuid] = mapped_column(ForeignKey("technicians.id"), primary_key=True)
    skill: Mapped[str] = mapped_column(ForeignKey("skills.code"), primary_key=True)


class Card(Base):
    """A client at the payment provider: their customer reference, and the card kept there, if any."""

    __tablename__ = "cards"

    client_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), primary_key=True)
    customer_reference: Mapped[str] = mapped_column(String(64), unique=True)
    card_reference: Mapped[str | None] = mapped_column(String(64))
    label: Mapped[str | None] = mapped_column(String(40))
    saved_at: Mapped[instant | None]
