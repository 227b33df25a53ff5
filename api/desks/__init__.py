"""The desks: server-rendered pages in French, one kind for each role. `showing` renders them, `forms` reads
what was typed, `sections` is what each role finds in its menu, `live` tells a page what has changed."""

from api.desks import (
    account,
    back_office,
    client,
    finance,
    help_pages,
    home,
    linked_review,
    messages,
    technician,
)

ROUTERS = (
    home.router,
    help_pages.router,
    account.router,
    messages.router,
    linked_review.router,
    *client.ROUTERS,
    *technician.ROUTERS,
    *back_office.ROUTERS,
    *finance.ROUTERS,
)
