"""What Stripe is told of a technician, so that it may pay them (a `custom` account, in its older word).

https://docs.stripe.com/connect/required-verification-information, France, individual, transfers only.
"""

from activities.gateways.payments import ReceivingDetails

# What technicians do, in the classification of card networks: computer maintenance and repair.
MERCHANT_CATEGORY = "7379"


def account_parameters(technician_id: str, details: ReceivingDetails) -> dict[str, object]:
    """An account without a dashboard, which we answer for and which only receives transfers.

    A repeated request must be the same to the letter, so nothing here comes from a clock.
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
        "email": details.mail,
        "business_type": "individual",
        "business_profile": {
            "mcc": MERCHANT_CATEGORY,
            "product_description": "Dépannage informatique à distance",
        },
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
        "metadata": {"technician": technician_id},
    }
