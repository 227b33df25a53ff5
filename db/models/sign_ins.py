"""Who is signed in, by which secrets, and the links that lead there. Secrets are kept as fingerprints."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, generated_id, instant, recorded, uuid
from domain.second_factors import SecondFactor


class SignInLink(Base):
    """A link that was asked for. One for an address that nobody has is a row like any other, without a
    person: asking costs the same and counts the same.

    `mail_mark` and `network_mark` tell askings apart for the limits (`domain.sign_ins.mark`); `browser_hash`
    is of the secret in the browser that asked.
    """

    __tablename__ = "sign_in_links"
    __table_args__ = (
        Index(None, "mail_mark", "asked_at"),
        Index(None, "network_mark", "asked_at"),
    )

    id: Mapped[generated_id]
    person_id: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"), index=True)
    mail_mark: Mapped[str] = mapped_column(String(64))
    network_mark: Mapped[str] = mapped_column(String(64))
    browser_hash: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[instant]
    used_at: Mapped[instant | None]


class SignIn(Base):
    """A browser in which a person is signed in. `secret_hash` is of its cookie; `device` is what the browser
    says of itself, so that people recognise their own. How long it lasts depends on the role. One of the team
    is good for nothing unless it says how and when the second factor was shown."""

    __tablename__ = "sign_ins"
    __table_args__ = (
        CheckConstraint("(second_factor IS NULL) = (second_factor_at IS NULL)", "second_factor_at_some_time"),
    )

    id: Mapped[generated_id]
    person_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(200))
    began_at: Mapped[instant]
    seen_at: Mapped[instant]
    revoked_at: Mapped[instant | None]
    second_factor: Mapped[SecondFactor | None] = mapped_column(enum_of(SecondFactor, "second_factor"))
    second_factor_at: Mapped[instant | None]
    recorded_at: Mapped[recorded]


class RefreshToken(Base):
    """Good for one exchange. One that comes again after it was used was stolen, or its successor was."""

    __tablename__ = "refresh_tokens"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    sign_in_id: Mapped[uuid] = mapped_column(ForeignKey("sign_ins.id", ondelete="CASCADE"), index=True)
    issued_at: Mapped[instant]
    used_at: Mapped[instant | None]
