"""The application: its routes, its errors, its description."""

import asyncio
from pathlib import Path

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from api import desks
from api.answers import answer_with_problems
from api.dependencies import Dependencies
from api.documentation import describe_problems, name_roles
from api.documentation_page import documentation_page
from api.middleware import BoundedBody, NobodyYet, SafeAnswers
from api.observed import Observed
from api.processes import Workflows
from api.routes import (
    accesses,
    account_pages,
    accounts,
    applications,
    assets,
    attachments,
    back_office_acts,
    bank,
    calendars,
    cards,
    chargebacks,
    client_acts,
    clients,
    colleagues,
    commands,
    contests,
    declarations,
    documents,
    erasures,
    export,
    health,
    histories,
    holds,
    invariants,
    ledger,
    me,
    my_consents,
    my_identities,
    my_messages,
    my_payee,
    my_sign_ins,
    my_time,
    opening,
    payees,
    payment_links,
    payments,
    payouts,
    prices,
    queue,
    refunds,
    refused_mails,
    reversals,
    reviews,
    second_factor_pages,
    second_factors,
    sign_in,
    sign_in_pages,
    sign_in_with,
    sign_up,
    sign_up_pages,
    slots,
    statements,
    tariffs,
    technician_acts,
    technicians,
    texts,
    tickets,
    webhooks,
    withdrawal,
)
from api.temporal import Temporal
from api.turnstile import Turnstile

ROUTERS = (
    sign_in.router,
    sign_in_pages.router,
    second_factor_pages.router,
    second_factors.router,
    sign_up.router,
    sign_up_pages.router,
    sign_in_with.router,
    slots.router,
    holds.router,
    cards.router,
    attachments.router,
    opening.router,
    tickets.router,
    documents.router,
    texts.router,
    client_acts.router,
    withdrawal.router,
    technician_acts.router,
    back_office_acts.router,
    commands.router,
    reviews.router,
    payments.router,
    payment_links.router,
    refunds.router,
    chargebacks.router,
    calendars.router,
    me.router,
    my_consents.router,
    my_messages.router,
    my_time.router,
    my_payee.router,
    my_sign_ins.router,
    my_identities.router,
    export.router,
    account_pages.router,
    clients.router,
    applications.router,
    colleagues.router,
    erasures.router,
    technicians.router,
    payees.router,
    queue.router,
    refused_mails.router,
    prices.router,
    payouts.router,
    contests.router,
    statements.router,
    reversals.router,
    bank.router,
    tariffs.router,
    ledger.router,
    accounts.router,
    declarations.router,
    invariants.router,
    accesses.router,
    histories.router,
    webhooks.router,
    health.router,
    assets.router,
    *desks.ROUTERS,
)

# A decoded image takes up to 160 MB, twice that while it is turned: the others wait.
DECODED_AT_ONCE = 2

# Its spans have whole addresses in them, with tokens, and belong to whatever trace a stranger names. See
# `api/observed.py`.
UNSEEN_BY_THE_FRAMEWORK: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}

DESCRIPTION = """
Remote IT support: a client books a slot, a technician calls and takes over the screen, reports, is reviewed;
the client is billed by duration and technicians are paid every month.

Errors are `application/problem+json` with a stable `code` and a French `detail`. Every command carries an
`Idempotency-Key`: sent again with the same key, it is answered without being done again. Times are ISO 8601
with their offset; amounts are integer euro cents.

Who signs in by a link of a mail has a cookie, with which a request that changes something must come from our
own pages. Frontends exchange it for tokens (`POST /v1/tokens`).

A free text with a card number, an IBAN or a password in it is refused before it is kept, field by field
(`text_with_card_number`, `text_with_iban`, `text_with_password`); a report or a review also with a telephone
number, a mail address or a link to a messenger (`text_with_phone_number`, `text_with_mail_address`,
`text_with_messenger_link`).
"""


def create_app(dependencies: Dependencies, swagger_ui: Path | None = None) -> FastAPI:
    """The API on its collaborators. It starts even when none of them answers yet. `swagger_ui` is the folder
    of the files of its documentation page; without, there is only the description, `/openapi.json`."""
    app = FastAPI(
        title="OmeaSupport",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=UNSEEN_BY_THE_FRAMEWORK,
    )
    work_with(app, dependencies)
    answer_with_problems(app)
    app.add_middleware(NobodyYet)
    app.add_middleware(BoundedBody)
    app.add_middleware(SafeAnswers, by_https=dependencies.public_url.startswith("https://"))
    app.add_middleware(Observed)
    name_roles(ROUTERS)
    for router in ROUTERS:
        app.include_router(router)
    describe_problems(app)
    if swagger_ui is not None:
        app.include_router(documentation_page(swagger_ui))
    return app


def work_with(app: FastAPI, dependencies: Dependencies) -> None:
    """Give the application these collaborators, and all else that it keeps between requests anew."""
    app.state.dependencies = dependencies
    app.state.workflows = Workflows(
        Temporal(dependencies.temporal), dependencies.task_queue, dependencies.public_url
    )
    app.state.room_to_decode = asyncio.Semaphore(DECODED_AT_ONCE)
    app.state.turnstile = Turnstile()
    app.state.exports = Turnstile(at_once=1)
