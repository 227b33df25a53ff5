"""What people say with the acts they do."""

from typing import Annotated

from pydantic import ConfigDict, Field

from api.consent_text import CURRENT_VERSION
from api.formats import (
    AnydeskId,
    AttachmentIds,
    Body,
    Comment,
    DeclaredMinutes,
    Id,
    Instant,
    LongText,
    Minutes,
    Reason,
    ReportText,
    SaidCode,
    SpokenNumber,
    Stars,
    WebAddress,
)
from domain.duration import LONGEST_DECLARED_MINUTES
from domain.refunds import RefundKind
from domain.rulings import LARGEST_NUMBER_OF_REWORKS, GainKind, RulingKind

RuledMinutes = Annotated[int, Field(ge=1, le=LONGEST_DECLARED_MINUTES, examples=[30])]
Version = Annotated[str, Field(max_length=32)]


class Reschedule(Body):
    """`express_request` is needed for a start within 14 days of the order, unless that had it already."""

    start: Instant
    express_request: bool = False

    model_config = ConfigDict(json_schema_extra={"examples": [{"start": "2026-11-25T14:00:00+01:00"}]})


class WithReason(Body):
    """The reason is optional."""

    reason: Reason | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Je serai en déplacement ce jour-là."}]}
    )


class Withdraw(Body):
    """`statement_version` is that of the statement that was shown to confirm."""

    statement_version: Version

    model_config = ConfigDict(json_schema_extra={"examples": [{"statement_version": "2026-11"}]})


class Consent(Body):
    anydesk_id: AnydeskId
    text_version: Version

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"anydesk_id": "123 456 789", "text_version": CURRENT_VERSION}]}
    )


class Extend(Body):
    ceiling_minutes: Minutes

    model_config = ConfigDict(json_schema_extra={"examples": [{"ceiling_minutes": 90}]})


class Review(Body):
    """`satisfied` accepts a report under review; without it the review is an opinion that may be changed."""

    stars: Stars
    comment: Comment | None = None
    satisfied: bool = True

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"stars": 5, "comment": "Très patient, tout remarche."}]}
    )


class Dispute(Body):
    reason: Reason
    attachments: AttachmentIds = Field(default_factory=list)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "L’imprimante ne marche toujours pas."}]}
    )


class Start(Body):
    """`ticket_number` as the client read it aloud, `code` as the client said it."""

    ticket_number: SpokenNumber
    code: SaidCode

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ticket_number": "0000 0420", "code": "2958"}]}
    )


class Report(Body):
    text: ReportText
    declared_minutes: DeclaredMinutes
    attachments: AttachmentIds = Field(default_factory=list)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "Canal Wi-Fi changé, répéteur replacé dans le couloir.", "declared_minutes": 25}
            ]
        }
    )


class Incident(Body):
    text: LongText

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Le client refuse de fermer sa page bancaire."}]}
    )


class Reassign(Body):
    """To the fairest other technician, if none is named."""

    reason: Reason
    technician_id: Id | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Le client demande un autre technicien."}]}
    )


class Pay(Body):
    """`return_url` is where the bank's page sends the client who has to confirm there; our own page, if not
    given."""

    return_url: WebAddress | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"return_url": "https://omea.example/demandes/00000420"}]}
    )


class WriteOff(Body):
    reason: Reason

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Client parti sans adresse, trois rappels sans réponse."}]}
    )


class RefundAsked(Body):
    """Screenshots may say more than words."""

    reason: Reason
    attachments: AttachmentIds = Field(default_factory=list)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "La panne est revenue le soir même, à l’identique."}]}
    )


class GainAsked(Body):
    """`minutes` only with `reduced`."""

    session: Annotated[int, Field(ge=1, le=1 + LARGEST_NUMBER_OF_REWORKS)]
    kind: Annotated[GainKind, Field(strict=False)]
    minutes: RuledMinutes | None = None


class Ruling(Body):
    """`minutes` only with `reduce`; `start`, and a technician if one is wanted, only with `rework`. One entry
    of `gains` for each session that has begun and is not ruled yet."""

    kind: Annotated[RulingKind, Field(strict=False)]
    reason: Reason
    minutes: RuledMinutes | None = None
    gains: Annotated[list[GainAsked], Field(default_factory=list, max_length=1 + LARGEST_NUMBER_OF_REWORKS)]
    start: Instant | None = None
    technician_id: Id | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "reduce",
                    "reason": "Dix minutes d’attente du fait du technicien.",
                    "minutes": 15,
                    "gains": [{"session": 1, "kind": "full"}],
                }
            ]
        }
    )


class RefundRuling(Body):
    """`minutes`, with `partial` only, are what stays billed. One entry of `gains` for each session whose
    technician still earns something of it."""

    kind: Annotated[RefundKind, Field(strict=False)]
    reason: Reason
    minutes: RuledMinutes | None = None
    gains: Annotated[list[GainAsked], Field(default_factory=list, max_length=1 + LARGEST_NUMBER_OF_REWORKS)]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "partial",
                    "reason": "Le second quart d’heure a servi à réparer une erreur du technicien.",
                    "minutes": 15,
                    "gains": [{"session": 1, "kind": "reduced", "minutes": 15}],
                }
            ]
        }
    )


class RefundSettled(Body):
    reason: Reason

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Viré le 12 janvier 2027 sur le compte du client."}]}
    )
