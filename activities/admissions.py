"""Coming in: the mails about it, and the end of what is over."""

from temporalio import activity

from activities.gateways.mail import Mail
from activities.post import Contents, Envelope, Post, mail_refused
from activities.wording.letters import Letters
from db.engine import Sessions
from db.reads.admissions import find_application, sign_up_to_tell
from db.reads.people import active_person
from db.stores import admissions
from domain.admissions import AdmissionLetter, AdmissionLetterRequest, ForgetAdmissions


class AdmissionActivities:
    """`sender` is the address mails come from; `public_url` and `link_key` are the letters'."""

    def __init__(self, database: Sessions, mail: Mail, sender: str, public_url: str, link_key: bytes) -> None:
        self._database = database
        self._post = Post(database, mail, sender)
        self._letters = Letters(public_url, link_key)

    @activity.defn
    async def send_admission_letter(self, request: AdmissionLetterRequest) -> None:
        """One mail, or none when there is nobody any more to be told. Sent once, as `notify` does. Raises
        `MailUnavailable` to be tried again later, `ApplicationError` of type `mail_refused` for an address
        that its server will never take."""
        match request.kind:
            case AdmissionLetter.SIGN_UP:
                told = await self._of_sign_up(request)
            case AdmissionLetter.CLIENT_ADDED:
                told = await self._of_client(request)
            case (
                AdmissionLetter.APPLICATION_RECEIVED
                | AdmissionLetter.APPLICATION_ACCEPTED
                | AdmissionLetter.APPLICATION_REFUSED
            ):
                told = await self._of_application(request)
        if told is None:
            return
        envelope, contents = told

        async def write() -> Contents:
            return contents

        refused = await self._post.send_once(envelope, write)
        if refused is not None:
            raise mail_refused(str(refused.code))

    @activity.defn
    async def forget_admissions(self, message: ForgetAdmissions) -> int:
        """Delete what is over; how many rows."""
        async with self._database.begin() as session:
            return await admissions.forget(session, message.at)

    async def _of_sign_up(self, request: AdmissionLetterRequest) -> tuple[Envelope, Contents] | None:
        async with self._database() as session:
            told = await sign_up_to_tell(session, request.id)
        if told is None:
            return None
        return _envelope(request, told.mail), Contents(self._letters.write_of_sign_up(told))

    async def _of_client(self, request: AdmissionLetterRequest) -> tuple[Envelope, Contents] | None:
        async with self._database() as session:
            client = await active_person(session, request.id)
        if client is None:
            return None
        letter = self._letters.write_of_client_added(client.name)
        return _envelope(request, client.mail, client.id), Contents(letter)

    async def _of_application(self, request: AdmissionLetterRequest) -> tuple[Envelope, Contents] | None:
        async with self._database() as session:
            found = await find_application(session, request.id)
        if found is None:
            return None
        match request.kind:
            case AdmissionLetter.APPLICATION_ACCEPTED:
                letter = self._letters.write_of_accepted_application(found.name)
            case AdmissionLetter.APPLICATION_REFUSED:
                letter = self._letters.write_of_refused_application(found.name, found.reason or "")
            case _:
                letter = self._letters.write_of_received_application()
        return _envelope(request, found.mail, found.technician_id), Contents(letter)


def _envelope(request: AdmissionLetterRequest, to: str, recipient_id: str | None = None) -> Envelope:
    return Envelope(f"{request.kind}:{request.id}", request.kind, to, recipient_id=recipient_id)
