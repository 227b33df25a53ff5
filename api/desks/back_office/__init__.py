"""The back office's desk: what waits for us, each ticket's case file and what is done to it, the day across
technicians, people, finding somebody again."""

from api.desks.back_office import (
    applications,
    calendar,
    case_acts,
    case_file,
    colleagues,
    contested,
    free_session,
    on_behalf,
    opening,
    people,
    people_erasures,
    people_file,
    people_new,
    people_technicians,
    queues,
    refunds,
    rulings,
    search,
)

ROUTERS = (
    queues.router,
    calendar.router,
    people.router,
    # Before those whose path has an id there.
    people_new.router,
    people_file.router,
    opening.router,
    people_technicians.router,
    people_erasures.router,
    colleagues.router,
    applications.router,
    search.router,
    case_file.router,
    case_acts.router,
    on_behalf.router,
    contested.router,
    rulings.router,
    free_session.router,
    refunds.router,
)
