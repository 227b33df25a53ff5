"""What a connected account must still give before it may receive money."""

from deploy.sandbox.stripe.errors import StripeObject


def due_fields(account: StripeObject) -> list[str]:
    """The names of what is missing, in Stripe's notation."""
    due = [] if account["business_type"] else ["business_type"]
    due += [] if account["external_accounts"]["data"] else ["external_account"]
    if account["business_type"] in (None, "individual"):
        individual = account.get("individual", {})
        names = ("first_name", "last_name")
        due += [f"individual.{name}" for name in names if not individual.get(name)]
    elif not account.get("company", {}).get("name"):
        due.append("company.name")
    due += [f"tos_acceptance.{name}" for name in ("date", "ip") if not account["tos_acceptance"][name]]
    return sorted(due)


def account_requirements(due: list[str]) -> StripeObject:
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": due,
        "disabled_reason": "action_required.requested_capabilities" if due else None,
        "errors": [],
        "eventually_due": due,
        "past_due": due,
        "pending_verification": [],
    }
