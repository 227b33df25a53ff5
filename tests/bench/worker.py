"""The worker of the bench, a process of its own, so that its memory can be read: as in production, but for
the mail, which nobody reads. Its place is the JSON of its one argument."""

import asyncio
import json
import logging
import sys
from dataclasses import dataclass

from temporalio.client import Client

from activities.gateways.stripe_chargebacks import StripeChargebacks
from activities.gateways.stripe_payments import StripePayments
from db.engine import create_engine, sessions
from deploy.encryption import data_converter
from deploy.releases import begin_with
from deploy.wiring import Collaborators, create_transfer_worker, create_worker
from tests.support.company import A_COMPANY
from tests.support.keys import TOKEN_KEY
from tests.support.mail import SentMail
from tests.support.stripe_sandbox import API_KEY
from tests.support.temporal import BUILD, KEY


@dataclass(frozen=True)
class Place:
    """Where the worker works, and how many transfers a second it may send."""

    address: str
    namespace: str
    task_queue: str
    database_url: str
    stripe_url: str
    per_second: float


async def work(place: Place) -> None:
    client = await Client.connect(
        place.address, namespace=place.namespace, data_converter=data_converter(KEY, "test")
    )
    payments = StripePayments(API_KEY, place.stripe_url)
    given = Collaborators(
        database=sessions(create_engine(place.database_url)),
        payments=payments,
        chargebacks=StripeChargebacks(payments.connection),
        mail=SentMail(),
        sender="OmeaSupport <contact@example.fr>",
        back_office="equipe@example.fr",
        public_url="http://localhost",
        link_key=TOKEN_KEY,
        company=A_COMPANY,
    )
    transfers = create_transfer_worker(
        client, place.task_queue, payments, per_second=place.per_second, build_id=BUILD
    )
    await begin_with(client, place.task_queue, BUILD)
    async with create_worker(client, place.task_queue, given, build_id=BUILD), transfers:
        await asyncio.Event().wait()


if __name__ == "__main__":
    for chatty in ("httpx", "stripe", "factur-x"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    asyncio.run(work(Place(**json.loads(sys.argv[1]))))
