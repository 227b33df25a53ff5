"""Whether a request comes from our own pages. What a browser adds by itself (a cookie) must not let another
site act in a person's name: https://owasp.org/www-community/attacks/csrf; by which headers one sees it: the
W3C's Fetch Metadata, and https://words.filippo.io/csrf/.
"""

from urllib.parse import urlsplit

from fastapi import Request

from api.codes import ApiCode
from api.errors import Problem

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def refuse_unless_ours(request: Request, public_url: str) -> None:
    """For what a cookie signs: a request that changes something must prove where it comes from. Raises
    `Problem(CROSS_SITE_REQUEST)`."""
    if request.method not in SAFE and not is_ours(request, public_url):
        raise Problem(ApiCode.CROSS_SITE_REQUEST)


def refuse_other_sites(request: Request, public_url: str) -> None:
    """For what nobody has signed in for: programs say nothing and are let in, browsers always say. Raises
    `Problem(CROSS_SITE_REQUEST)`."""
    says = "sec-fetch-site" in request.headers or "origin" in request.headers
    if says and not is_ours(request, public_url):
        raise Problem(ApiCode.CROSS_SITE_REQUEST)


def is_ours(request: Request, public_url: str) -> bool:
    """Whether a page of ours asks. `Sec-Fetch-Site` comes first: a script cannot set it. Browsers of before
    2023 have only `Origin`."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    ours = urlsplit(public_url)
    return request.headers.get("origin") == f"{ours.scheme}://{ours.netloc}"
