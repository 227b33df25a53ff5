"""What Stripe is told of a technician, so that it may pay them (a `custom` account, in its older word):
all of it at once, or what we know, and the rest by themselves on Stripe's page.

https://docs.stripe.com/connect/required-verification-information, France, individual, transfers only.
"""

from activities.gateways.payments import KnownOfTechnician, ReceivingDetails
from domain.titles import TRADE

# What technicians do, in the classification of card networks: computer maintenance and repair.
MERCHANT_CATEGORY = "7379"


def account_to_complete(technician_id: str) -> dict[str, object]:
    """An account without a dashboard, which we answer for and which only receives transfers.

    A repeated request must be the same to the letter, so nothing here comes from a clock, nor from what may
    be corrected in between.
    """
    return {
        "controller": {
            "fees": {"payer": "application"},
            "losses": {"payments": "application"},
            "requirement_collection": "application",
            "stripe_dashboard": {"type": "none"},
        },
        "capabilities": {"transfers": {"requested": True}},
        "country": "FR",
        "default_currency": "eur",
        "business_profile": {
            "mcc": MERCHANT_CATEGORY,
            "product_description": TRADE,
        },
        "metadata": {"technician": technician_id},
    }


def account_parameters(technician_id: str, details: ReceivingDetails) -> dict[str, object]:
    """The same, complete."""
    return account_to_complete(technician_id) | {
        "email": details.mail,
        "business_type": "individual",
        "individual": {
            "first_name": details.first_name,
            "last_name": details.last_name,
            "email": details.mail,
            "phone": details.phone,
            "dob": {
                "day": details.birth_date.day,
                "month": details.birth_date.month,
                "year": details.birth_date.year,
            },
            "address": {
                "line1": details.street,
                "postal_code": details.postal_code,
                "city": details.city,
                "country": "FR",
            },
        },
        "external_account": {
            "object": "bank_account",
            "country": "FR",
            "currency": "eur",
            "account_number": details.iban,
            "account_holder_name": f"{details.first_name} {details.last_name}",
            "account_holder_type": "individual",
        },
        "tos_acceptance": {
            "date": int(details.terms_accepted_at.timestamp()),
            "ip": details.terms_accepted_from,
        },
    }


def description_of(known: KnownOfTechnician) -> dict[str, object]:
    """What is known, and nothing else: a form that is not said is asked for on the page, and until it is said
    Stripe takes neither a person nor a company."""
    described: dict[str, object] = {"email": known.mail}
    address = {"line1": known.street, "postal_code": known.postal_code, "city": known.city, "country": "FR"}
    owner: dict[str, object] = {"address": address} if None not in address.values() else {}
    if known.is_company is None:
        return described
    if known.is_company:
        owner |= _given(name=known.legal_name, tax_id=known.siren)
        return described | {"business_type": "company", "company": owner}
    owner |= _given(first_name=known.first_name, last_name=known.last_name, email=known.mail)
    if (born := known.birth_date) is not None:
        owner["dob"] = {"day": born.day, "month": born.month, "year": born.year}
    return described | {"business_type": "individual", "individual": owner}


def _given(**texts: str | None) -> dict[str, object]:
    return {name: text for name, text in texts.items() if text is not None}
