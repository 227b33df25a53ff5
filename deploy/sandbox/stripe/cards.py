"""Stripe's test cards: what each one does when it is saved and when it is charged.

https://docs.stripe.com/testing. A number is known only for the time of a request: what is kept is the
brand, the last four digits and the behaviour.
"""

from dataclasses import dataclass
from enum import StrEnum

from deploy.sandbox.stripe.errors import StripeObject


class Authentication(StrEnum):
    """When the card's bank asks for 3-D Secure."""

    NEVER = "never"
    # Once: when it is saved, or for a payment with a card that was not saved so.
    UNLESS_SET_UP = "unless_set_up"
    ALWAYS = "always"
    # The holder is there, whatever was done before; a payment without the holder passes.
    ON_SESSION = "on_session"


@dataclass(frozen=True)
class Decline:
    code: str
    decline_code: str
    message: str
    advice_code: str = "try_again_later"
    param: str | None = None


GENERIC = Decline("card_declined", "generic_decline", "Your card was declined.")
INSUFFICIENT_FUNDS = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
LOST = Decline("card_declined", "lost_card", "Your card was declined.", "do_not_try_again")
STOLEN = Decline("card_declined", "stolen_card", "Your card was declined.", "do_not_try_again")
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.", "confirm_card_data", "exp_month")
INCORRECT_CVC = Decline(
    "incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.", "confirm_card_data", "cvc"
)
PROCESSING_ERROR = Decline(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)
AUTHENTICATION_REQUIRED = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
    "confirm_card_data",
)


@dataclass(frozen=True)
class Contest:
    """The dispute that the card's holder opens right after the charge."""

    reason: str
    inquiry: bool = False


class RefundCourse(StrEnum):
    """What becomes of a refund to the card."""

    AT_ONCE = "at_once"
    PENDING_FIRST = "pending_first"
    FAILS_LATER = "fails_later"


@dataclass(frozen=True)
class TestCard:
    """`refused_at_setup` also refuses the charge, unless `refused_at_charge` says otherwise."""

    name: str
    number: str
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    refused_at_setup: Decline | None = None
    refused_at_charge: Decline | None = None
    authentication: Authentication = Authentication.NEVER
    settles_at_once: bool = False
    contest: Contest | None = None
    refund: RefundCourse = RefundCourse.AT_ONCE

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def charge_refusal(self) -> Decline | None:
        return self.refused_at_charge or self.refused_at_setup


def _refused(name: str, number: str, decline: Decline) -> TestCard:
    return TestCard(name, number, refused_at_setup=decline)


CARDS: tuple[TestCard, ...] = (
    TestCard("pm_card_visa", "4242424242424242"),
    TestCard("pm_card_visa_debit", "4000056655665556", funding="debit"),
    TestCard("pm_card_mastercard", "5555555555554444", brand="mastercard"),
    TestCard("pm_card_mastercard_debit", "5200828282828210", brand="mastercard", funding="debit"),
    TestCard("pm_card_amex", "378282246310005", brand="amex"),
    TestCard("pm_card_fr", "4000002500000003", country="FR"),
    TestCard("pm_card_bypassPending", "4000000000000077", settles_at_once=True),
    _refused("pm_card_visa_chargeDeclined", "4000000000000002", GENERIC),
    _refused("pm_card_visa_chargeDeclinedInsufficientFunds", "4000000000009995", INSUFFICIENT_FUNDS),
    _refused("pm_card_visa_chargeDeclinedLostCard", "4000000000009987", LOST),
    _refused("pm_card_visa_chargeDeclinedStolenCard", "4000000000009979", STOLEN),
    _refused("pm_card_chargeDeclinedExpiredCard", "4000000000000069", EXPIRED),
    _refused("pm_card_chargeDeclinedIncorrectCvc", "4000000000000127", INCORRECT_CVC),
    _refused("pm_card_chargeDeclinedProcessingError", "4000000000000119", PROCESSING_ERROR),
    TestCard("pm_card_chargeCustomerFail", "4000000000000341", refused_at_charge=GENERIC),
    TestCard(
        "pm_card_authenticationRequiredOnSetup",
        "4000002500003155",
        authentication=Authentication.UNLESS_SET_UP,
    ),
    TestCard("pm_card_authenticationRequired", "4000002760003184", authentication=Authentication.ALWAYS),
    TestCard("pm_card_threeDSecure2Required", "4000000000003220", authentication=Authentication.ALWAYS),
    TestCard(
        "pm_card_authenticationRequiredSetupForOffSession",
        "4000003800000446",
        authentication=Authentication.ON_SESSION,
    ),
    TestCard(
        "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
        "4000008260003178",
        refused_at_charge=INSUFFICIENT_FUNDS,
        authentication=Authentication.UNLESS_SET_UP,
    ),
    TestCard("pm_card_createDispute", "4000000000000259", contest=Contest("fraudulent")),
    TestCard(
        "pm_card_createDisputeProductNotReceived",
        "4000000000002685",
        contest=Contest("product_not_received"),
    ),
    TestCard("pm_card_createDisputeInquiry", "4000000000001976", contest=Contest("fraudulent", inquiry=True)),
    TestCard("pm_card_pendingRefund", "4000000000007726", refund=RefundCourse.PENDING_FIRST),
    TestCard("pm_card_refundFail", "4000000000005126", refund=RefundCourse.FAILS_LATER),
)

BY_NAME = {card.name: card for card in CARDS}
BY_NUMBER = {card.number: card for card in CARDS}


def card_error(decline: Decline) -> StripeObject:
    """The part of a card error that an intent keeps as its last error."""
    error: StripeObject = {
        "advice_code": decline.advice_code,
        "code": decline.code,
        "decline_code": decline.decline_code,
        "doc_url": f"https://docs.stripe.com/error-codes#{decline.code.replace('_', '-')}",
        "message": decline.message,
        "type": "card_error",
    }
    if decline.param is not None:
        error["param"] = decline.param
    return error
