"""The people of the demonstration: three clients, two technicians, the back office and finance."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from activities.gateways.payments import ReceivingDetails
from domain.tickets import Role


@dataclass(frozen=True)
class DemoPerson:
    role: Role
    name: str
    mail: str
    skills: tuple[str, ...] = ()
    details: ReceivingDetails | None = None
    siren: str | None = None
    tax_number: str | None = None


def _details(first: str, last: str, mail: str, phone: str, born: date, iban: str) -> ReceivingDetails:
    return ReceivingDetails(
        first_name=first,
        last_name=last,
        mail=mail,
        phone=phone,
        birth_date=born,
        street="12 rue des Lilas",
        postal_code="69003",
        city="Lyon",
        iban=iban,
        terms_accepted_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
        terms_accepted_from="192.0.2.10",
    )


PEOPLE = (
    DemoPerson(Role.CLIENT, "Claire Petit", "claire.petit@example.fr"),
    DemoPerson(Role.CLIENT, "Marcel Dubois", "marcel.dubois@example.fr"),
    DemoPerson(Role.CLIENT, "Aïcha Benali", "aicha.benali@example.fr"),
    DemoPerson(
        Role.TECHNICIAN,
        "Thomas Leroy",
        "thomas.leroy@example.fr",
        ("internet", "printer", "software"),
        _details(
            "Thomas",
            "Leroy",
            "thomas.leroy@example.fr",
            "+33612345601",
            date(1990, 4, 12),
            "FR1420041010050500013M02606",
        ),
        # Nobody's: no SIREN begins with 000, and no tax number with so many.
        siren="000000018",
        tax_number="0000000001001",
    ),
    DemoPerson(
        Role.TECHNICIAN,
        "Sarah Cohen",
        "sarah.cohen@example.fr",
        ("mail", "security", "software"),
        _details(
            "Sarah",
            "Cohen",
            "sarah.cohen@example.fr",
            "+33612345602",
            date(1987, 9, 30),
            "FR7630006000011234567890189",
        ),
        siren="000000026",
        tax_number="0000000002002",
    ),
    DemoPerson(Role.BACK_OFFICE, "Nadia Ferrand", "nadia.ferrand@example.fr"),
    DemoPerson(Role.FINANCE, "Hugues Vasseur", "hugues.vasseur@example.fr"),
)
