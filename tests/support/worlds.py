"""Two clients and two technicians: two tickets that they do not share, one that they do. Every value that is
somebody's is told from all others."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

from tests.api.frontend import MORNING
from tests.api.rows import a_session, a_ticket, an_invoice, insert
from tests.support.payments import a_payment
from tests.support.people import a_client, a_person, a_sign_in, a_submission, a_technician
from tests.support.postgres import Database

BEFORE = MORNING - timedelta(days=30)


@dataclass
class World:
    """Tickets: Ada's with Tom, Ben's with Una, and Ada's with Una."""

    ada: str
    ben: str
    tom: str
    una: str
    seen: dict[str, set[str]] = field(default_factory=dict)
    nobodys: set[str] = field(default_factory=set)

    @property
    def people(self) -> list[str]:
        return [self.ada, self.ben, self.tom, self.una]

    @property
    def all_values(self) -> set[str]:
        return set().union(self.nobodys, *self.seen.values())

    def values_of(self, person: str) -> set[str]:
        return self.seen[person]

    def see(self, value: str, *people: str) -> str:
        """Those of them who may see it; nobody for what is the team's."""
        for person in people:
            self.seen.setdefault(person, set()).add(value)
        if not people:
            self.nobodys.add(value)
        return value


def a_world(database: Database) -> World:
    names = ("Ada Quatremer", "Ben Rochebrune", "Tom Valdoisie", "Una Westerloo")
    ada, ben = a_client(database, names[0]), a_client(database, names[1])
    tom, una = a_technician(database, name=names[2]), a_technician(database, name=names[3])
    world = World(ada, ben, tom, una)
    colleague = a_person(database, "back_office", world.see("Odile Dequipe"), world.see("odile@example.fr"))
    # The shared tickets show both their names.
    world.see(names[0], ada, tom, una)
    world.see(names[1], ben, una)
    world.see(names[2], tom, ada)
    world.see(names[3], una, ada, ben)
    for number, person in enumerate(world.people):
        _account(database, world, person, f"{number}1")
    for number, client in enumerate((ada, ben)):
        _client(database, world, client, f"{number}2")
    for number, technician in enumerate((tom, una)):
        _technician(database, world, technician, f"{number}3")
    for number, (client, technician) in enumerate(((ada, tom), (ben, una), (ada, una))):
        _ticket(database, world, client, technician, colleague, f"{number}4")
    return world


def _account(database: Database, world: World, person: str, tag: str) -> None:
    mail = world.see(f"courrier{tag}@example.fr", person)
    database.execute("UPDATE people SET mail = %s WHERE id = %s", mail, person)
    device = world.see(f"Navigateur{tag}", person)
    database.execute(
        "UPDATE sign_ins SET device = %s WHERE id = %s", device, a_sign_in(database, person, MORNING)
    )
    insert(
        database,
        "message_preferences",
        person_id=person,
        sms=True,
        reminders=False,
        phone=world.see(f"+336123{tag}", person),
        chosen_at=BEFORE,
    )
    insert(
        database,
        "notifications",
        key=world.see(f"cle{tag}"),
        kind=world.see(f"mail_kind_{tag}", person),
        recipient_id=person,
        message_id=world.see(f"<message{tag}>"),
        sent_at=BEFORE,
    )
    insert(
        database,
        "sign_in_links",
        person_id=person,
        mail_mark=world.see(f"marque{tag}"),
        network_mark=world.see(f"reseau{tag}"),
        browser_hash=world.see(f"empreinte{tag}"),
        asked_at=BEFORE,
    )


def _client(database: Database, world: World, client: str, tag: str) -> None:
    insert(
        database,
        "cards",
        client_id=client,
        customer_reference=world.see(f"cus_{tag}", client),
        card_reference=world.see(f"pm_{tag}", client),
        label=world.see(f"Visa •••• 99{tag}", client),
        saved_at=BEFORE,
    )


def _technician(database: Database, world: World, technician: str, tag: str) -> None:
    database.execute(
        "UPDATE technicians SET account_reference = %s WHERE id = %s",
        *(world.see(f"acct_{tag}", technician), technician),
    )
    own = {
        "legal_name": f"Entreprise {tag}",
        "siren": f"7000000{tag}",
        "street": f"{tag} rue du Puits",
        "city": f"Ville{tag}",
        "first_name": f"Prenom{tag}",
        "last_name": f"Naissance{tag}",
        "tax_number": f"30000000000{tag}",
        "iban": f"FR14200410100505000{tag}M026",
        "vat_number": f"FR887000000{tag}",
        "account_missing": f"manque_{tag}",
    }
    for column, value in own.items():
        database.execute(
            f"UPDATE payees SET {column} = %s WHERE technician_id = %s",  # columns of ours
            *(world.see(value, technician), technician),
        )
    database.execute(
        "INSERT INTO leaves (technician_id, during, recorded_by) VALUES (%s, tstzrange(%s, %s), %s)",
        *(technician, BEFORE, BEFORE + timedelta(days=int(tag)), technician),
    )


def _ticket(database: Database, world: World, client: str, technician: str, colleague: str, tag: str) -> None:
    at = MORNING - timedelta(days=10 + int(tag))
    number = a_ticket(database, client, technician, status="closed", start=at, opened_at=at)
    world.see(number, client, technician)
    both = (client, technician)
    request = a_submission(
        database,
        client,
        "request",
        description=world.see(f"Panne{tag} de la box", *both),
        phone=world.see(f"+336000000{tag}", client),
    )
    database.execute("UPDATE tickets SET request_id = %s WHERE number = %s", request, number)
    a_session(database, number, technician, at, at + timedelta(minutes=25))
    given = a_submission(database, client, "anydesk_id", anydesk_id=world.see(f"7770000{tag}", client))
    insert(
        database,
        "consents",
        ticket=number,
        session=1,
        sequence=0,
        text_version="2026-11",
        submission_id=given,
        given_at=at,
    )
    told = a_submission(database, technician, "report", text=world.see(f"Remede{tag} pose", *both))
    insert(
        database,
        "reports",
        ticket=number,
        session=1,
        submission_id=told,
        declared_minutes=25,
        measured_minutes=24,
        billed_slices=2,
        credible=True,
        filed_at=at,
    )
    for place, words in enumerate(("premier", "second"), 1):
        comment = a_submission(database, client, "review", comment=world.see(f"Avis{tag}{words}", *both))
        insert(
            database,
            "reviews",
            ticket=number,
            number=place,
            stars=place,
            submission_id=comment,
            given_at=at,
        )
    reason = a_submission(database, client, "dispute", reason=world.see(f"Deception{tag}", client))
    insert(database, "disputes", ticket=number, number=1, submission_id=reason, raised_at=at)
    why = a_submission(database, colleague, "ruling", reason=world.see(f"Note{tag} de lequipe"))
    insert(
        database,
        "rulings",
        ticket=number,
        number=1,
        kind="bill",
        submission_id=why,
        ruled_by=colleague,
        ruled_at=at,
    )
    incident = a_submission(database, technician, "incident", text=world.see(f"Incident{tag}", technician))
    database.execute(
        "INSERT INTO journal (ticket, key, at, actor_id, actor_role, act, before, after, details) "
        "VALUES (%s, %s, %s, %s, 'technician', 'incident', 'scheduled', 'scheduled', %s)",
        *(number, world.see(f"jeton{tag}"), at, technician, json.dumps({"submission": incident})),
    )
    _money(database, world, client, technician, number, tag)


def _money(database: Database, world: World, client: str, technician: str, ticket: str, tag: str) -> None:
    at = MORNING - timedelta(days=5)
    invoice = world.see(f"F2026-9000{tag}", client)
    an_invoice(database, ticket, client, invoice, at)
    insert(
        database,
        "payments",
        invoice=invoice,
        intent=world.see(f"pi_{tag}", client),
        status="paid",
        collected_cents=3000,
        paid_at=at,
    )
    insert(
        database,
        "payment_attempts",
        invoice=invoice,
        attempt=1,
        refusal=world.see(f"refus_{tag}", client),
        tried_at=at,
    )
    claim = a_submission(database, client, "refund", reason=world.see(f"Rendez{tag}", client))
    insert(
        database,
        "refund_cases",
        invoice=invoice,
        n=1,
        ticket=ticket,
        status="open",
        submission_id=claim,
        opened_by=client,
        opened_at=at,
    )
    insert(
        database,
        "chargebacks",
        reference=world.see(f"du_{tag}", client),
        invoice=invoice,
        ticket=ticket,
        status="won",
        is_inquiry=False,
        reason=world.see(f"motif_{tag}", client),
        amount_cents=3000,
        opened_at=at,
        closed_at=at,
    )
    [(gain,)] = database.rows(
        "INSERT INTO gains (ticket, session, technician_id, slices, amount_cents, month, accepted_at, act) "
        "VALUES (%s, 1, %s, 2, 1600, '2026-11', %s, 'accept') RETURNING id::text",
        *(ticket, technician, at),
    )
    a_payment(database, technician, at, [str(gain)], cents=1600)
    [(key, number)] = database.rows(
        "SELECT key, number FROM statements WHERE technician_id = %s ORDER BY sequence DESC LIMIT 1",
        technician,
    )
    world.see(str(number), technician)
    insert(
        database,
        "bank_orders",
        reference=world.see(f"OMEA-{tag}", technician),
        payout=key,
        attempt=1,
        name=world.see(f"Titulaire{tag}", technician),
        iban=world.see(f"FR7630006000011234567{tag}", technician),
        amount_cents=1600,
        state="waiting",
        ordered_at=at,
    )
    contest = a_submission(database, technician, "contest", text=world.see(f"Manque{tag}", technician))
    insert(database, "statement_contests", statement=number, submission_id=contest, asked_at=at)
