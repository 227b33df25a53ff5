"""What a dispute is answered with, and the limits that Stripe puts on it."""

from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import InvalidParameter, StripeObject
from deploy.sandbox.stripe.evidence_fields import EVIDENCE_FILES, EVIDENCE_TEXTS

# https://docs.stripe.com/disputes/responding
MAXIMUM_CHARACTERS = 150_000
MAXIMUM_CHARACTERS_OF_A_FIELD = 20_000
MAXIMUM_BYTES_OF_ALL_FILES = 4_500_000


def empty_evidence() -> StripeObject:
    return dict.fromkeys(sorted((*EVIDENCE_FILES, *EVIDENCE_TEXTS))) | {"enhanced_evidence": {}}


def merged(call: Call, current: StripeObject) -> StripeObject:
    """The evidence with what this request adds or replaces. Raises `InvalidParameter`."""
    given = call.get("evidence", {})
    for name in given:
        if name not in EVIDENCE_FILES and name not in EVIDENCE_TEXTS:
            raise InvalidParameter(
                f"The sandbox does not simulate the evidence {name}.",
                code="sandbox_not_simulated",
                param=f"evidence[{name}]",
            )
    evidence: StripeObject = current | given
    _require_short(evidence)
    _require_files(call, evidence)
    return evidence


def is_empty(evidence: StripeObject) -> bool:
    return not any(evidence.values())


def _require_short(evidence: StripeObject) -> None:
    texts = {name: evidence[name] or "" for name in EVIDENCE_TEXTS}
    for name, text in texts.items():
        if len(text) > MAXIMUM_CHARACTERS_OF_A_FIELD:
            raise InvalidParameter(
                f"Invalid string: must be at most {MAXIMUM_CHARACTERS_OF_A_FIELD} characters",
                code="parameter_invalid_string",
                param=f"evidence[{name}]",
            )
    if sum(map(len, texts.values())) > MAXIMUM_CHARACTERS:
        raise InvalidParameter(
            f"The combined character count of all evidence fields is limited to {MAXIMUM_CHARACTERS:,}.",
            param="evidence",
        )


def _require_files(call: Call, evidence: StripeObject) -> None:
    size = 0
    for name in EVIDENCE_FILES:
        if evidence[name] is None:
            continue
        file = call.store.find("file", evidence[name])
        if file is None:
            raise InvalidParameter(
                f"No such file upload: '{evidence[name]}'",
                code="resource_missing",
                param=f"evidence[{name}]",
            )
        size += file["size"]
    if size > MAXIMUM_BYTES_OF_ALL_FILES:
        raise InvalidParameter(
            "The combined size of all evidence files is limited to 4.5 MB.", param="evidence"
        )
