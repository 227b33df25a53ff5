"""The messages that go out, each once."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, instant, recorded, ticket_number, uuid


class Notification(Base):
    """One message to one person about one event; `key` lets none be sent twice. `channel` is `mail` or `sms`.

    `refused_code` is the SMTP reply by which a mail was refused for good; `refused_at` when that was first,
    or, after `sent_at`, when it came back; `begun_at` when an SMS was handed over, as long as nobody knows
    whether it has gone."""

    __tablename__ = "notifications"
    __table_args__ = (
        CheckConstraint("(refused_at IS NULL) = (refused_code IS NULL)", "refused_by_a_code"),
        Index(
            "ix_notifications_refused",
            "recipient_id",
            "refused_at",
            postgresql_where=text("refused_at IS NOT NULL"),
        ),
    )

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    ticket: Mapped[ticket_number | None] = mapped_column(ForeignKey("tickets.number"), index=True)
    """Null for what is not about one ticket."""
    kind: Mapped[str] = mapped_column(String(32))
    recipient_id: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"))
    """Null for the back office's shared mailbox."""
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    channel: Mapped[str] = mapped_column(String(8), server_default="mail")
    begun_at: Mapped[instant | None]
    sent_at: Mapped[instant | None]
    refused_at: Mapped[instant | None]
    refused_code: Mapped[int | None] = mapped_column(SmallInteger)
    recorded_at: Mapped[recorded]


class MailNote(Base):
    """One of the back office has seen to a person whose mails were refused, up to the one of `until`."""

    __tablename__ = "mail_notes"

    person_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), primary_key=True)
    until: Mapped[instant] = mapped_column(primary_key=True)
    noted_by: Mapped[uuid] = mapped_column(ForeignKey("people.id"))
    noted_at: Mapped[recorded]


class MessagePreferences(Base):
    """What a person has chosen; without a row, everything by mail and by SMS. `phone` (E.164) is where SMS go
    instead of the number given with a request; technicians give none otherwise."""

    __tablename__ = "message_preferences"

    person_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), primary_key=True)
    sms: Mapped[bool]
    reminders: Mapped[bool]
    phone: Mapped[str | None] = mapped_column(String(20))
    chosen_at: Mapped[instant]
