"""What the card's holder must do next: authenticate on a hosted page."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from deploy.sandbox.stripe.errors import InvalidParameter, StripeObject


def redirect(url: str, intent: StripeObject, return_url: str | None) -> StripeObject:
    """Without a return address Stripe leaves the authentication to its own script in the browser."""
    if return_url is None:
        return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
    page = f"{url}/3ds/{intent['id']}?{urlencode({'client_secret': intent['client_secret']})}"
    return {"redirect_to_url": {"return_url": return_url, "url": page}, "type": "redirect_to_url"}


def address_after(intent: StripeObject, return_url: str, *, succeeded: bool) -> str:
    """The return address with what Stripe adds to it."""
    name = intent["object"]
    added = urlencode(
        {
            name: intent["id"],
            f"{name}_client_secret": intent["client_secret"],
            "redirect_status": "succeeded" if succeeded else "failed",
        }
    )
    parts = urlsplit(return_url)
    return urlunsplit(parts._replace(query=f"{parts.query}&{added}" if parts.query else added))


def require_url(url: str, param: str) -> None:
    parts = urlsplit(url)
    if not parts.scheme or not parts.netloc:
        raise InvalidParameter("Not a valid URL", code="url_invalid", param=param)
