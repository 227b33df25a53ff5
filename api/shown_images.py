"""Images, as what they are attached to shows them."""

from api.shapes.attachments import AttachmentShown
from db.models.attachments import Attachment
from db.reads.ticket_file import TicketFile


def attachment_shown(attachment: Attachment) -> AttachmentShown:
    return AttachmentShown(
        id=attachment.id,
        content_type=attachment.content_type,
        bytes=attachment.size_bytes,
        width=attachment.width,
        height=attachment.height,
    )


def images_of(file: TicketFile, submission_id: str, text: str) -> list[AttachmentShown]:
    """Images go with the text that they illustrate: once it is erased they are not shown either."""
    if file.text(submission_id, text) is None:
        return []
    return [attachment_shown(one) for one in file.attachments.get(submission_id, [])]
