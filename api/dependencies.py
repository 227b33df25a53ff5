"""What the API works with. `deploy` builds it; nothing here reads the environment."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request
from temporalio.client import Client

from api.oidc.provider import Provider
from api.processes import Workflows
from api.sealing import Seals
from db.engine import Sessions
from domain.dac7 import SellerYear
from domain.deadlines import Deadlines
from domain.declared_years import DeclaredYear, NamedFile
from domain.documents import Company
from domain.opening_hours import OpeningHours
from domain.own_data import OwnData
from domain.slots import SlotRules


class WebhookNotice(Protocol):
    """A notice of the payment provider, found genuine, reduced to ids."""

    @property
    def id(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def subject(self) -> dict[str, str]: ...


class YearlyPapers(Protocol):
    """What makes the files of a year's declaration; `activities/exports/yearly_papers.py`."""

    def declaration(self, declared: DeclaredYear, sequence: int) -> NamedFile: ...
    def statement(self, declared: DeclaredYear, one: SellerYear) -> NamedFile: ...


@dataclass(frozen=True)
class Dependencies:
    """`sessions` connect with the API's own role.

    `temporal` is a connected client, or what connects one: then the API starts without Temporal, and finds
    it again once it is there. `verify_webhook` takes the raw body and the signature header, and answers None
    unless the provider signed them. `is_bank_message` tells whether a body is a message of our bank that can
    be read; it takes its time. `seals` keep the secrets of the team's authenticators. `clock` answers the
    business time, timezone-aware. `session_log` tells whether there is a log of remote control to measure
    sessions by, `sends_sms` whether any SMS are sent. `siren` is the company's, by which the accountant's
    file is named. `providers` are those by which people may sign in, by issuer's key, in the order of the
    page. `temporal_ui` is the address of our namespace in the Temporal UI. `company` answers for what is kept
    of people; `own_data_pdf` sets that on pages, and takes its time. `leaving` is set once the process is to
    end: what only listens ends at once.
    """

    sessions: Sessions
    temporal: Client | Callable[[], Awaitable[Client]]
    task_queue: str
    clock: Callable[[], datetime]
    deadlines: Deadlines
    hours: OpeningHours
    slot_rules: SlotRules
    token_key: bytes
    seals: Seals
    verify_webhook: Callable[[bytes, str], WebhookNotice | None]
    is_bank_message: Callable[[bytes], bool]
    public_url: str
    yearly_papers: YearlyPapers
    company: Company
    own_data_pdf: Callable[[OwnData], bytes]
    session_log: bool = False
    sends_sms: bool = False
    siren: str | None = None
    providers: Mapping[str, Provider] = field(default_factory=dict)
    temporal_ui: str | None = None
    leaving: asyncio.Event = field(default_factory=asyncio.Event)


def given(request: Request) -> Dependencies:
    dependencies: Dependencies = request.app.state.dependencies
    return dependencies


def given_workflows(request: Request) -> Workflows:
    workflows: Workflows = request.app.state.workflows
    return workflows


Given = Annotated[Dependencies, Depends(given)]
GivenWorkflows = Annotated[Workflows, Depends(given_workflows)]
