"""A form whose sign-in has ended while it was filled in: what was typed comes back, to be sent once more.

It comes back on the page itself and is kept nowhere else. Only a form of ours does: another site's would
become one of our pages, which whoever then signs in might send.
"""

from http import HTTPStatus

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.cross_site import is_ours
from api.dependencies import Dependencies
from api.error_pages import wants_page
from api.pages import form_page

# The field that every form of a desk has: sent again, it is the same command.
KEY = "key"


async def kept_form(request: Request) -> HTMLResponse | None:
    """None for what is no form of ours. Raises `HTTPException` for a body that cannot be read."""
    given: Dependencies = request.app.state.dependencies
    if request.method != "POST" or not wants_page(request.scope) or not is_ours(request, given.public_url):
        return None
    async with request.form() as form:
        sent = form.multi_items()
        # A browser sends a file that nobody has chosen as one without a name.
        files = {name for name, value in sent if not isinstance(value, str) and value.filename}
    fields = [(name, value) for name, value in sent if isinstance(value, str)]
    if KEY not in dict(fields):
        return None
    query = request.url.query
    return form_page(
        "desk/signed_out.html.j2",
        HTTPStatus.UNAUTHORIZED,
        desk=None,
        action=f"{request.url.path}?{query}" if query else request.url.path,
        fields=fields,
        # What somebody has written, and not what a button or a list says.
        written=[value for _, value in fields if " " in value.strip()],
        files=sorted(files),
    )
