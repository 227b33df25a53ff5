"""What is said and decided about a suspended ticket, as its page shows it."""

from api.shapes.attachments import AttachmentShown
from api.shapes.common import Labelled, Moment, Named, Shape


class DisputeRaised(Shape):
    reason: str | None
    attachments: list[AttachmentShown]
    raised_at: Moment


class RulingGiven(Shape):
    """`minutes` are those that are billed, where the ruling sets them. `reason` is for the back office."""

    kind: Labelled
    minutes: int | None
    reason: str | None
    ruled_at: Moment


class GainRuled(Shape):
    """What one session earns its technician; `minutes` only where the gain is reduced."""

    session: int
    kind: Labelled
    minutes: int | None


class TakenOver(Shape):
    by: Named
    at: Moment


class IncidentReported(Shape):
    text: str | None
    by: str
    reported_at: Moment
