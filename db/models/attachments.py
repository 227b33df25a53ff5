"""Screenshots that people add to what they write."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, generated_id, instant, uuid


class ImageType(StrEnum):
    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"


class Attachment(Base):
    """An image, as re-encoded by the API. Erasable, like the submission that it belongs to.

    `submission_id` is null until it is attached; what is still null after a day is deleted. `content` is read
    only by who asks for it.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", "dimensions"),
        CheckConstraint("size_bytes = octet_length(content)", "size"),
        Index(
            "ix_attachments_author_id_recorded_at",
            "author_id",
            "recorded_at",
            postgresql_where=text("submission_id IS NULL"),
        ),
    )

    id: Mapped[generated_id]
    author_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"))
    submission_id: Mapped[uuid | None] = mapped_column(ForeignKey("submissions.id"), index=True)
    content_type: Mapped[ImageType] = mapped_column(enum_of(ImageType, "content_type"))
    width: Mapped[int]
    height: Mapped[int]
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    recorded_at: Mapped[instant]
