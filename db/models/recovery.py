"""What was done after a restore to make the stores agree again. Append-only."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, generated_id, instant, recorded


class RecoveryAct(Base):
    """One difference that was repaired (`kind`, `subject`, `detail` as it was named) or, with the kind
    `reconciled`, the end of a repair that left none. `reason` is what the operator gave for it all."""

    __tablename__ = "recovery_acts"
    __table_args__ = (Index("ix_recovery_acts_kind", "kind", "at"),)

    id: Mapped[generated_id]
    at: Mapped[instant]
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(120))
    detail: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(500))
    recorded_at: Mapped[recorded]
