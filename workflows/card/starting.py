"""How the saving of a card is started, and what the Temporal UI shows of it from the first moment."""

from typing import TypedDict

from temporalio.common import SearchAttributePair, TypedSearchAttributes

from domain.cards import CardRequest
from workflows import wording
from workflows.search_attributes import CLIENT_ID


class StartOptions(TypedDict):
    search_attributes: TypedSearchAttributes
    static_summary: str
    static_details: str


def start_options(request: CardRequest) -> StartOptions:
    return StartOptions(
        search_attributes=TypedSearchAttributes([SearchAttributePair(CLIENT_ID, request.client_id)]),
        static_summary=wording.CARD_SUMMARY,
        static_details=wording.CARD_DETAILS,
    )
