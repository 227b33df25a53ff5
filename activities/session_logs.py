"""The length of a session by the log of remote control, and the evidence of it."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.gateways.session_log import SessionLog, SessionLogRefused
from db.engine import Sessions
from db.stores.tickets import session_logs
from domain.session_log import ReadSessionLog, SessionLogRead, evidence_window, logged_minutes


class SessionLogActivities:
    """`log` is None where no log is kept: nothing is then read, and nothing proved."""

    def __init__(self, database: Sessions, log: SessionLog | None) -> None:
        self._database = database
        self._log = log

    @activity.defn
    async def read_session_log(self, message: ReadSessionLog) -> SessionLogRead:
        """Read the log, keep what it tells of the session, and measure by all that is kept.

        Safe to repeat: what was read before is kept once. Raises `SessionLogUnavailable`, to be tried
        again, and `ApplicationError` of type `session_log_refused`, not to be.
        """
        if self._log is None:
            return SessionLogRead(None)
        act = message.act
        async with self._database.begin() as session:
            stamped = await session_logs.find_stamped(session, act.ticket, message.session)
        if stamped is None:
            return SessionLogRead(None)
        window = evidence_window(stamped.started_at, stamped.ended_at, message.minute, now=act.at)
        # No connection to the database is held meanwhile: a log that hangs must not use them up.
        try:
            logged = await self._log.logged(stamped.anydesk_id, *window)
        except SessionLogRefused as refused:
            activity.logger.error("the session log refuses us: %s", refused)
            raise ApplicationError(str(refused), type="session_log_refused", non_retryable=True) from None
        async with self._database.begin() as session:
            await session_logs.record(session, act.ticket, message.session, logged, act.at)
            kept = await session_logs.intervals(session, act.ticket, message.session)
        minutes = logged_minutes(kept, stamped.started_at, stamped.ended_at, message.minute, now=act.at)
        return SessionLogRead(minutes)
