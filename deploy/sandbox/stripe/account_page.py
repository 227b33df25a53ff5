"""Stripe's page on which the owner of a connected account gives what it lacks."""

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from deploy.sandbox.stripe import account_links, accounts
from deploy.sandbox.stripe.account_form import FormMistyped, lacking, read_form
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import InvalidParameter, StripeObject
from deploy.sandbox.stripe.hosted_pages import SEE_OTHER, call_of, form_of
from deploy.sandbox.stripe.requirements import due_fields
from deploy.sandbox.stripe.templating import render

LATER = "later"
# The refusals of an update that are about what was typed.
SENTENCES = {"account_number_invalid": "Cet IBAN n’est pas valable. Vérifiez chaque caractère."}


async def account_page(request: Request) -> Response:
    """`/setup/c/{account}/{link}`: fields `visit`, `act` (`send` or `later`) and those of what is missing."""
    form = await form_of(request)
    call, token = call_of(request), request.path_params["link"]
    link = account_links.known(call, request.path_params["account"], token)
    if link is None:
        return render(
            request, "message.html", 404, title="Page introuvable", sentence="Ce lien n’existe pas."
        )
    if request.method == "HEAD":
        # Whoever only looks where a link leads has not followed it.
        return Response()
    account = call.store.find("account", link["account"]) or {}
    if request.method == "GET":
        with call.store.transaction():
            secret = account_links.follow(call, token)
        if secret is None:
            return RedirectResponse(link["refresh_url"], SEE_OTHER)
        return _shown(request, account, secret)
    visit = link["visit"]
    if visit is None or form.get("visit") != visit["secret"] or visit["until"] <= call.now:
        return RedirectResponse(link["refresh_url"], SEE_OTHER)
    if "left" not in visit:
        try:
            _complete(call, account, token, visit, form, request)
        except FormMistyped as mistake:
            return _shown(request, account, visit["secret"], str(mistake), form)
    return RedirectResponse(link["return_url"], SEE_OTHER)


def _complete(
    call: Call,
    account: StripeObject,
    token: str,
    visit: dict[str, Any],
    form: dict[str, str],
    request: Request,
) -> None:
    """As an update by the API, and told as one. Raises `FormMistyped`."""
    ip = request.client.host if request.client else "127.0.0.1"
    asked = lacking(account, due_fields(account))
    update = read_form(form, account, asked, now=call.now, ip=ip, whole=form.get("act") != LATER)
    try:
        with call.store.transaction():
            if update:
                accounts.update(replace(call, ids={"account": account["id"]}, parameters=update))
            account_links.leave(call, token, visit)
    except InvalidParameter as refusal:
        raise FormMistyped(SENTENCES.get(refusal.code or "", refusal.message)) from None


def _shown(
    request: Request,
    account: StripeObject,
    secret: str,
    mistake: str | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    return render(
        request,
        "account.html",
        400 if mistake else 200,
        account=account,
        asked=lacking(account, due_fields(account)),
        visit=secret,
        mistake=mistake,
        typed=typed or {},
    )
