"""Who people are at others who vouch for them."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, generated_id, instant, uuid


class PersonIdentity(Base):
    """`issuer` is the issuer's identifier (its address), `subject` what it calls the person: together they
    never change and are nobody else's. Neither is a mail address, which may change hands."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[generated_id]
    person_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[instant]
    used_at: Mapped[instant | None]
