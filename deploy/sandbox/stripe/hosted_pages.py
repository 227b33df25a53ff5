"""Pages of Stripe's that a customer sees: saving a card, and 3-D Secure."""

import hmac
import time
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from deploy.sandbox.stripe import checkout, confirmations, french, payment_methods, setup_intents
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.card_form import CardMistyped, TypedCard, read_card
from deploy.sandbox.stripe.errors import CardRefused, StripeObject
from deploy.sandbox.stripe.execution import Sandbox
from deploy.sandbox.stripe.identifiers import new_id
from deploy.sandbox.stripe.next_actions import address_after
from deploy.sandbox.stripe.templating import render

SEE_OTHER = 303
FAILED = "fail"


async def card_page(request: Request) -> Response:
    """`/c/pay/{session}`: fields `card_number`, `expiry` (MM/AA) and `cvc`."""
    form = await form_of(request)
    call = call_of(request)
    session = call.store.find("checkout.session", request.path_params["session"])
    if session is None:
        return render(
            request, "message.html", 404, title="Page introuvable", sentence="Ce lien n’existe pas."
        )
    if session["status"] == "open" and session["expires_at"] <= call.now:
        checkout.expire_overdue(call.store, call.url)
        session |= {"status": "expired"}
    if session["status"] != "open":
        return _closed(request, session)
    if request.method == "GET":
        return _card_form(request, call, session)
    try:
        typed = read_card(form, call.now)
    except CardMistyped as mistake:
        return _card_form(request, call, session, str(mistake))
    return _save_card(request, call, session, typed)


async def authentication_page(request: Request) -> Response:
    """`/3ds/{intent}`: field `outcome`, `complete` or `fail`."""
    form = await form_of(request)
    call = call_of(request)
    intent = _intent(call, request)
    if intent is None:
        return render(
            request, "message.html", 404, title="Page introuvable", sentence="Ce lien n’existe pas."
        )
    if intent["status"] != "requires_action":
        sentence = (
            "Ce paiement a été annulé. Vous pouvez fermer cette page."
            if intent["status"] == "canceled"
            else "Cette authentification est déjà terminée. Vous pouvez fermer cette page."
        )
        return render(request, "message.html", title="Authentification", sentence=sentence)
    if request.method == "GET":
        return render(request, "authentication.html", intent=intent)
    with call.store.transaction():
        address = _authenticate(call, intent, succeeded=form.get("outcome") != FAILED)
    return RedirectResponse(address, SEE_OTHER)


def _card_form(request: Request, call: Call, session: StripeObject, mistake: str | None = None) -> Response:
    intent = call.store.find("setup_intent", session["setup_intent"]) or {}
    refusal = mistake or french.refusal(intent.get("last_setup_error"))
    status = 400 if mistake else 200
    return render(request, "card.html", status, session=session, refusal=refusal)


def _closed(request: Request, session: StripeObject) -> Response:
    if session["status"] == "complete":
        sentence = "Votre carte est enregistrée. Vous pouvez fermer cette page."
        return render(request, "message.html", title="C’est fait", sentence=sentence)
    sentence = "Ce lien a expiré. Demandez-en un nouveau à OmeaSupport."
    return render(request, "message.html", 410, title="Lien expiré", sentence=sentence)


def _save_card(request: Request, call: Call, session: StripeObject, typed: TypedCard) -> Response:
    with call.store.transaction():
        intent = call.store.find("setup_intent", session["setup_intent"]) or {}
        payment_method = payment_methods.new_payment_method(call, typed.card, expiry=typed.expiry)
        intent["customer"] = checkout.customer_for(call, session, intent)
        try:
            setup_intents.set_up(call, intent, payment_method, _page_of(call, session))
        except CardRefused as refusal:
            sentence = french.refusal(refusal.error)
            return render(request, "card.html", 402, session=session, refusal=sentence)
        if intent["status"] == "requires_action":
            return RedirectResponse(intent["next_action"]["redirect_to_url"]["url"], SEE_OTHER)
        checkout.complete(call, session, intent)
    return RedirectResponse(checkout.success_address(session), SEE_OTHER)


def _authenticate(call: Call, intent: StripeObject, *, succeeded: bool) -> str:
    """Carries on with what waited for the holder. Returns where the holder goes next."""
    return_url = intent["next_action"]["redirect_to_url"]["return_url"]
    payment_method = call.store.find("payment_method", intent["payment_method"]) or {}
    try:
        if intent["object"] == "setup_intent":
            _finish_set_up(call, intent, payment_method, succeeded=succeeded)
        elif succeeded:
            confirmations.attempt(call, intent, payment_method, authenticated=True)
        else:
            confirmations.refuse_authentication(call, intent, payment_method)
    except CardRefused:
        succeeded = False
    if session := _session_of(call, intent):
        if not succeeded:
            return _page_of(call, session)
        return checkout.success_address(checkout.complete(call, session, intent))
    return address_after(intent, return_url, succeeded=succeeded)


def _finish_set_up(
    call: Call, intent: StripeObject, payment_method: StripeObject, *, succeeded: bool
) -> None:
    if succeeded:
        setup_intents.succeed(call, intent, payment_method)
    else:
        setup_intents.refuse_authentication(call, intent, payment_method)


def _session_of(call: Call, intent: StripeObject) -> StripeObject | None:
    sessions = call.store.select("checkout.session", setup_intent=intent["id"], status="open")
    return sessions[0] if sessions else None


def _page_of(call: Call, session: StripeObject) -> str:
    return f"{call.url}/c/pay/{session['id']}"


def _intent(call: Call, request: Request) -> StripeObject | None:
    """The intent of the address, if its secret is there too: the link is for its holder."""
    id_ = request.path_params["intent"]
    intent = call.store.find("payment_intent", id_) or call.store.find("setup_intent", id_)
    secret = request.query_params.get("client_secret", "")
    if intent is None or not hmac.compare_digest(secret.encode(), intent["client_secret"].encode()):
        return None
    return intent


def call_of(request: Request) -> Call:
    sandbox: Sandbox = request.app.state.sandbox
    return Call(sandbox.store, int(time.time()), sandbox.url, request_id=new_id("req"))


async def form_of(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True))
