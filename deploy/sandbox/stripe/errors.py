"""Refusals, in the shape and with the codes that Stripe gives them."""

from typing import Any

StripeObject = dict[str, Any]

DOCUMENTATION = "https://docs.stripe.com/error-codes"


class StripeError(Exception):
    """An answer that is not a success. The transaction it happened in is undone."""

    status = 400
    type = "invalid_request_error"
    # Whether the endpoint had begun: only then does the idempotency key remember the answer.
    remembered = True

    def __init__(self, message: str, *, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.param = param

    def body(self) -> StripeObject:
        error: StripeObject = {"message": self.message, "type": self.type}
        if self.code is not None:
            error |= {"code": self.code, "doc_url": f"{DOCUMENTATION}#{self.code.replace('_', '-')}"}
        if self.param is not None:
            error["param"] = self.param
        return {"error": error}


class RequestRefused(StripeError):
    """Well formed, but the objects are not in a state that allows it."""


class IntentRefused(RequestRefused):
    """The intent is not in a state that allows it; the answer shows the intent, as Stripe's does."""

    def __init__(self, intent: StripeObject, message: str, param: str | None = None) -> None:
        super().__init__(message, code=f"{intent['object']}_unexpected_state", param=param)
        self.intent = intent

    def body(self) -> StripeObject:
        body = super().body()
        body["error"][self.intent["object"]] = self.intent
        return body


class InvalidParameter(StripeError):
    """Refused before anything began: the same idempotency key may be used for the corrected request."""

    remembered = False


class NotFound(StripeError):
    status = 404
    remembered = False


class Unauthorized(StripeError):
    status = 401
    remembered = False


class IdempotencyMismatch(StripeError):
    type = "idempotency_error"
    remembered = False


class KeyInUse(StripeError):
    status = 409
    remembered = False


class LockTimeout(StripeError):
    """Another request on the same object took too long: nothing was done."""

    status = 429
    remembered = False


class TooManyRequests(StripeError):
    """Beyond the rate limit: nothing was done."""

    status = 429
    remembered = False


class BreakdownOfStripe(StripeError):
    status = 500
    type = "api_error"


class CardRefused(StripeError):
    """The card was refused: 402. What the attempt changed (intent, charge, events) is kept."""

    status = 402
    type = "card_error"

    def __init__(self, error: StripeObject) -> None:
        super().__init__(error["message"], code=error.get("code"), param=error.get("param"))
        self.error = error

    def body(self) -> StripeObject:
        return {"error": self.error}


def no_such(kind: str, id_: str, param: str = "id") -> NotFound:
    return NotFound(f"No such {kind}: '{id_}'", code="resource_missing", param=param)


def missing_parameter(param: str) -> InvalidParameter:
    return InvalidParameter(f"Missing required param: {param}.", code="parameter_missing", param=param)


def unknown_parameter(param: str) -> InvalidParameter:
    return InvalidParameter(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def unexpected_state(intent: StripeObject, message: str, param: str | None = None) -> IntentRefused:
    return IntentRefused(intent, f"{message} {intent['status']}.", param)
