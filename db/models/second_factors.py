"""The team's second factor: each one's authenticator, their recovery codes, and who is half signed in."""

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, generated_id, instant, uuid


class Authenticator(Base):
    """What makes a person's codes. `sealed` is its secret, encrypted under the key `key_id`; `last_step` the
    step of 30 s of the last code accepted, none of which or before counts again."""

    __tablename__ = "authenticators"

    person_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(12))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger)
    confirmed_at: Mapped[instant]


class RecoveryCode(Base):
    """Good once, in the place of a code. They come with the authenticator and go with it."""

    __tablename__ = "recovery_codes"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[uuid] = mapped_column(
        ForeignKey("authenticators.person_id", ondelete="CASCADE"), index=True
    )
    used_at: Mapped[instant | None]


class PendingSignIn(Base):
    """A browser in which somebody has shown the first factor. `secret_hash` is of its cookie. With an offer
    (a sealed secret) they are to enrol that one; without, to show a code of the one they have."""

    __tablename__ = "pending_sign_ins"

    id: Mapped[generated_id]
    person_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    began_at: Mapped[instant]
    used_at: Mapped[instant | None]
    offer_key_id: Mapped[str | None] = mapped_column(String(12))
    offer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class WrongCode(Base):
    """That somebody typed one, and when; never what was typed."""

    __tablename__ = "wrong_codes"
    __table_args__ = (Index(None, "person_id", "at"),)

    id: Mapped[generated_id]
    person_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"))
    at: Mapped[instant]
