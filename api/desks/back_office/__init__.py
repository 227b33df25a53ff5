"""The back office's desk: what waits for us, each ticket's case file and what is done to it, the day across
technicians, finding somebody again."""

from api.desks.back_office import (
    calendar,
    case_acts,
    case_file,
    contested,
    on_behalf,
    queues,
    refunds,
    rulings,
    search,
)

ROUTERS = (
    queues.router,
    calendar.router,
    search.router,
    case_file.router,
    case_acts.router,
    on_behalf.router,
    contested.router,
    rulings.router,
    refunds.router,
)
