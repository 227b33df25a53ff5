"""The headers by which browsers protect those who use our answers, on every one of them.

After OWASP's Secure Headers: an answer is not run, not shown inside another page, not read by another site,
and its address, which may hold a secret, is told to nobody.
"""

from starlette.datastructures import MutableHeaders

# An answer that is no page has nothing to load and nowhere to send. Pages have a policy of their own.
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
NO_DEVICE = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "serial",
        "usb",
    )
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": NO_DEVICE,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ONE_YEAR = 365 * 24 * 3600


def protect(headers: MutableHeaders, path: str, *, by_https: bool) -> None:
    """Adds them; what an answer says of these itself stays. `by_https` tells that the public is told to come
    by https: only then may browsers be told never to come otherwise."""
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", NOTHING)
    if by_https:
        headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
    if path.startswith("/v1"):
        headers.setdefault("Cache-Control", "no-store")
