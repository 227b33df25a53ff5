"""The steps of a ticket that write to the database: each one transaction, journalled, safe to repeat."""

from temporalio import activity

from activities.failures import refusals
from db.engine import Sessions
from db.reads import availability
from db.stores.tickets import (
    appointment,
    booking,
    disputes,
    endings,
    placing,
    reports,
    reviews,
    rulings,
    sessions,
)
from domain.ticket_steps import (
    Act,
    Book,
    Booked,
    ChangeStatus,
    Close,
    EndSession,
    Extend,
    Extended,
    FileReport,
    FindTechnician,
    Found,
    RecordConsent,
    RecordReason,
    RecordReview,
    Resume,
    StartChecked,
    StartSession,
    Suspend,
    SuspendWithoutDispute,
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
    async def find_technician(self, message: FindTechnician) -> Found:
        async with self._database.begin() as session:
            return await placing.find_technician(session, message)

    @activity.defn
    async def technician_can_keep(self, ticket: str) -> bool:
        async with self._database() as session:
            return await availability.technician_can_keep(session, ticket)

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
    async def record_reason(self, message: RecordReason) -> None:
        async with self._database.begin() as session:
            await appointment.record_reason(session, message)

    @activity.defn
    async def start_session(self, message: StartSession) -> StartChecked:
        async with self._database.begin() as session:
            return await sessions.start_session(session, message)

    @activity.defn
    async def extend(self, message: Extend) -> Extended:
        async with self._database.begin() as session:
            return await sessions.extend(session, message)

    @activity.defn
    async def end_session(self, message: EndSession) -> None:
        async with self._database.begin() as session:
            await sessions.end_session(session, message)

    @activity.defn
    async def file_report(self, message: FileReport) -> None:
        async with self._database.begin() as session:
            await reports.file_report(session, message)

    @activity.defn
    async def record_review(self, message: RecordReview) -> None:
        async with self._database.begin() as session:
            await reviews.record_review(session, message)

    @activity.defn
    async def suspend(self, message: Suspend) -> None:
        with refusals():
            async with self._database.begin() as session:
                await disputes.suspend(session, message)

    @activity.defn
    async def suspend_without_dispute(self, message: SuspendWithoutDispute) -> None:
        async with self._database.begin() as session:
            await disputes.suspend_without_dispute(session, message)

    @activity.defn
    async def take_over(self, act: Act) -> None:
        async with self._database.begin() as session:
            await disputes.take_over(session, act)

    @activity.defn
    async def resume(self, message: Resume) -> None:
        async with self._database.begin() as session:
            await rulings.resume(session, message)

    @activity.defn
    async def close(self, message: Close) -> None:
        async with self._database.begin() as session:
            await endings.close(session, message)

    @activity.defn
    async def change_status(self, message: ChangeStatus) -> None:
        async with self._database.begin() as session:
            await endings.change_status(session, message)
