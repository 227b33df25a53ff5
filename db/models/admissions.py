"""Who asks to come in, and what they agreed to."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, generated_id, instant, recorded, uuid
from domain.admissions import AcceptedText


class SignUp(Base):
    """A stranger who wants an account. There is no person yet: their link makes one. It goes the night after
    it has expired, used or not.

    `mail_mark` and `network_mark` tell askings apart for the limits (`domain.sign_ins.mark`); `browser_hash`
    is of the secret in the browser that asked; `terms` and `privacy` are the versions that were shown there.
    """

    __tablename__ = "sign_ups"
    __table_args__ = (
        Index(None, "mail_mark", "asked_at"),
        Index(None, "network_mark", "asked_at"),
    )

    id: Mapped[generated_id]
    name: Mapped[str] = mapped_column(String(120))
    mail: Mapped[str] = mapped_column(String(254))
    terms: Mapped[str] = mapped_column(String(32))
    privacy: Mapped[str] = mapped_column(String(32))
    mail_mark: Mapped[str] = mapped_column(String(64))
    network_mark: Mapped[str] = mapped_column(String(64))
    browser_hash: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[instant]
    used_at: Mapped[instant | None]


class Application(Base):
    """A stranger who would be a technician: what they say they can do, by skill and level. Decided once, by
    acceptance, which makes a technician, or by refusal, which has a reason. It goes a year after that."""

    __tablename__ = "applications"
    __table_args__ = (
        Index(None, "mail_mark", "asked_at"),
        Index(None, "network_mark", "asked_at"),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL) "
            "AND num_nonnulls(technician_id, reason) = num_nonnulls(decided_at)",
            "decided_once",
        ),
    )

    id: Mapped[generated_id]
    name: Mapped[str] = mapped_column(String(120))
    mail: Mapped[str] = mapped_column(String(254))
    skills: Mapped[dict[str, int]] = mapped_column(JSONB)
    text: Mapped[str] = mapped_column(String(4000))
    privacy: Mapped[str] = mapped_column(String(32))
    mail_mark: Mapped[str] = mapped_column(String(64))
    network_mark: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[instant]
    decided_at: Mapped[instant | None]
    decided_by: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"))
    technician_id: Mapped[uuid | None] = mapped_column(ForeignKey("technicians.id"))
    reason: Mapped[str | None] = mapped_column(String(2000))


class AcceptanceOfText(Base):
    """That a client accepted a version of a text, or was shown it. `recorded_by` is the client, or whoever of
    the team had them on the phone."""

    __tablename__ = "accepted_texts"

    person_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), primary_key=True)
    text: Mapped[AcceptedText] = mapped_column(enum_of(AcceptedText, "text"), primary_key=True)
    version: Mapped[str] = mapped_column(String(32), primary_key=True)
    accepted_at: Mapped[instant]
    recorded_by: Mapped[uuid] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[recorded]
