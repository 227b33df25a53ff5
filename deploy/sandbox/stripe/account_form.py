"""The form of the page that completes an account: whatever the account lacks, in the words of an update."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.sandbox.stripe.errors import StripeObject

KINDS = ("individual", "company")


@dataclass(frozen=True)
class Lacking:
    """What the form asks for. Who has not said yet what they are is asked for both kinds of names."""

    business_type: bool
    names: bool
    company: bool
    bank: bool
    terms: bool

    @property
    def anything(self) -> bool:
        return self != Lacking(False, False, False, False, False)


class FormMistyped(Exception):
    """A French sentence for the person who typed."""


def lacking(account: StripeObject, due: list[str]) -> Lacking:
    """`due` as `requirements.due_fields` names it."""
    undecided = "business_type" in due
    return Lacking(
        business_type=undecided,
        names=any(name.startswith("individual.") for name in due),
        company="company.name" in due or (undecided and not account.get("company", {}).get("name")),
        bank="external_account" in due,
        terms=any(name.startswith("tos_acceptance.") for name in due),
    )


def read_form(
    form: Mapping[str, str], account: StripeObject, asked: Lacking, *, now: int, ip: str, whole: bool
) -> dict[str, Any]:
    """The parameters of an update of the account. Unless the `whole` form is to be filled in, what is left
    empty stays missing. Raises `FormMistyped`."""
    typed = {name: " ".join(text.split()) for name, text in form.items()}
    kind = account["business_type"] or typed.get("business_type")
    if asked.business_type and kind not in KINDS:
        kind = None
        _miss(whole, "Indiquez si vous exercez en nom propre ou en société.")
    update: dict[str, Any] = {"business_type": kind} if asked.business_type and kind else {}
    if kind == "individual" and asked.names:
        names = {name: typed[name] for name in ("first_name", "last_name") if typed.get(name)}
        if len(names) < 2:
            _miss(whole, "Indiquez votre prénom et votre nom.")
        update |= {"individual": names} if names else {}
    if kind == "company" and asked.company:
        if not typed.get("company_name"):
            _miss(whole, "Indiquez la dénomination de votre société.")
        else:
            update["company"] = {"name": typed["company_name"]}
    if asked.bank:
        if not typed.get("iban"):
            _miss(whole, "Indiquez l’IBAN du compte sur lequel recevoir vos gains.")
        else:
            update["external_account"] = _bank_account(typed["iban"])
    if asked.terms:
        if "terms" not in typed:
            _miss(whole, "Acceptez les conditions de service pour recevoir vos gains.")
        else:
            update["tos_acceptance"] = {"date": now, "ip": ip}
    return update


def _miss(whole: bool, sentence: str) -> None:
    if whole:
        raise FormMistyped(sentence)


def _bank_account(iban: str) -> dict[str, str]:
    return {
        "object": "bank_account",
        "country": iban[:2].upper(),
        "currency": "eur",
        "account_number": iban,
    }
