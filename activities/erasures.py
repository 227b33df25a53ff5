"""The steps of an erasure: asked, withdrawn, done, told; and the provider's customer."""

from temporalio import activity

from activities.failures import refusals
from activities.gateways.mail import Mail
from activities.gateways.payments import Payments
from activities.post import Contents, Envelope, Post, mail_refused
from activities.wording.letters import Letters
from db.engine import Sessions
from db.stores import erasures
from domain.erasures import (
    Erase,
    ErasureMail,
    ErasureOpened,
    ErasureRequest,
    OfErasure,
    Settled,
    TellOfErasure,
    WithdrawErasure,
)


class ErasureActivities:
    """`sender` is the address mails come from, `back_office` the team's shared mailbox; `public_url` and
    `link_key` are the letters'. Every step is safe to repeat."""

    def __init__(
        self,
        database: Sessions,
        provider: Payments,
        mail: Mail,
        sender: str,
        back_office: str,
        public_url: str,
        link_key: bytes,
    ) -> None:
        self._database = database
        self._provider = provider
        self._post = Post(database, mail, sender)
        self._back_office = back_office
        self._letters = Letters(public_url, link_key)

    @activity.defn
    async def open_erasure(self, message: ErasureRequest) -> ErasureOpened:
        with refusals():
            async with self._database.begin() as session:
                return ErasureOpened(await erasures.open_erasure(session, message))

    @activity.defn
    async def withdraw_erasure(self, message: WithdrawErasure) -> None:
        with refusals():
            async with self._database.begin() as session:
                await erasures.withdraw(session, message)

    @activity.defn
    async def erase_person(self, message: Erase) -> Settled:
        """All of it in one transaction, or nothing, and then what it waits for."""
        async with self._database.begin() as session:
            return Settled(await erasures.erase(session, message))

    @activity.defn
    async def forget_customer(self, message: OfErasure) -> None:
        """At the payment provider, with the card kept there. What was paid stays in its books, as in ours."""
        async with self._database.begin() as session:
            customer = await erasures.customer_to_forget(session, message.key)
        if customer is None:
            return
        await self._provider.delete_customer(customer)
        async with self._database.begin() as session:
            await erasures.customer_forgotten(session, message.key)

    @activity.defn
    async def tell_of_erasure(self, message: TellOfErasure) -> None:
        """One mail, sent once. Raises `MailUnavailable` to be tried again later."""
        async with self._database.begin() as session:
            told = await erasures.to_tell(session, message.key, message.mail)
        if told is None:
            return

        async def written() -> Contents:
            return Contents(self._letters.write_of_erasure(message.mail, told))

        kind = message.mail.value
        to, person = (
            (self._back_office, None) if message.mail is ErasureMail.FAILED else (told.mail, told.person_id)
        )
        envelope = Envelope(f"{kind}:{told.id}", kind, to, recipient_id=person)
        refused = await self._post.send_once(envelope, written)
        if refused is not None:
            raise mail_refused(str(refused.code))

    @activity.defn
    async def forget_address(self, message: OfErasure) -> None:
        """Where the certificate went, or could not go."""
        async with self._database.begin() as session:
            await erasures.forget_address(session, message.key)
