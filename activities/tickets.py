"""The steps of a ticket that write to the database: each one transaction, journalled, safe to repeat."""

from temporalio import activity

from activities.failures import refusals
from db.engine import Sessions
from db.stores.tickets import appointment, booking, disputes, endings, reports, sessions
from domain.ticket_steps import (
    Act,
    Book,
    Booked,
    ChangeStatus,
    EndSession,
    FileReport,
    RecordConsent,
    StartChecked,
    StartSession,
    Suspend,
)


class TicketActivities:
    def __init__(self, database: Sessions) -> None:
        self._database = database

    @activity.defn
    async def book(self, message: Book) -> Booked:
        with refusals():
            async with self._database.begin() as session:
                return await booking.book(session, message)

    @activity.defn
    async def acknowledge(self, act: Act) -> None:
        async with self._database.begin() as session:
            await appointment.acknowledge(session, act)

    @activity.defn
    async def record_call(self, act: Act) -> None:
        async with self._database.begin() as session:
            await appointment.record_call(session, act)

    @activity.defn
    async def record_consent(self, message: RecordConsent) -> None:
        async with self._database.begin() as session:
            await appointment.record_consent(session, message)

    @activity.defn
    async def start_session(self, message: StartSession) -> StartChecked:
        async with self._database.begin() as session:
            return await sessions.start_session(session, message)

    @activity.defn
    async def end_session(self, message: EndSession) -> None:
        async with self._database.begin() as session:
            await sessions.end_session(session, message)

    @activity.defn
    async def file_report(self, message: FileReport) -> None:
        async with self._database.begin() as session:
            await reports.file_report(session, message)

    @activity.defn
    async def suspend(self, message: Suspend) -> None:
        async with self._database.begin() as session:
            await disputes.suspend(session, message)

    @activity.defn
    async def change_status(self, message: ChangeStatus) -> None:
        async with self._database.begin() as session:
            await endings.change_status(session, message)
