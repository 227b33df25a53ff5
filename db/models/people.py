"""People, what technicians can do, and the card that a client saved."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, generated_id, instant, recorded, uuid
from domain.tickets import Role


class Person(Base):
    __tablename__ = "people"
    # People type their address as they like; see `db.reads.people.person_of_mail`.
    __table_args__ = (Index("ix_people_lower_mail", text("lower(mail)")),)

    id: Mapped[generated_id]
    role: Mapped[Role] = mapped_column(enum_of(Role, "role"))
    name: Mapped[str] = mapped_column(String(120))
    mail: Mapped[str] = mapped_column(String(254), unique=True)
    active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[recorded]


class Skill(Base):
    """`required_level` is asked of whoever helps with it, unless a ticket asks for more."""

    __tablename__ = "skills"
    __table_args__ = (CheckConstraint("required_level BETWEEN 1 AND 3", "required_level"),)

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    label: Mapped[str] = mapped_column(String(80))
    required_level: Mapped[int] = mapped_column(SmallInteger, server_default="1")


class Technician(Base):
    """The account of a suspended one is not active, nor is that of one who left. Only who was vetted is given
    clients; those of before there was any vetting were by nobody (`vetted_by`)."""

    __tablename__ = "technicians"
    __table_args__ = (
        CheckConstraint("(suspended_at IS NULL) = (suspended_by IS NULL)", "suspended_by_somebody"),
        CheckConstraint("vetted_by IS NULL OR vetted_at IS NOT NULL", "vetted_by_somebody"),
    )

    id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), primary_key=True)
    account_reference: Mapped[str | None] = mapped_column(String(64), unique=True)
    suspended_at: Mapped[instant | None]
    suspended_by: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"))
    vetted_at: Mapped[instant | None]
    vetted_by: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"))


class TechnicianSkill(Base):
    """`level` is 1 (usual) to 3 (expert)."""

    __tablename__ = "technician_skills"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 3", "level"),)

    technician_id: Mapped[uuid] = mapped_column(ForeignKey("technicians.id"), primary_key=True)
    skill: Mapped[str] = mapped_column(ForeignKey("skills.code"), primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, server_default="1")


class Card(Base):
    """A client at the payment provider: their customer reference, and the card kept there, if any."""

    __tablename__ = "cards"

    client_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), primary_key=True)
    customer_reference: Mapped[str] = mapped_column(String(64), unique=True)
    card_reference: Mapped[str | None] = mapped_column(String(64))
    label: Mapped[str | None] = mapped_column(String(40))
    saved_at: Mapped[instant | None]
