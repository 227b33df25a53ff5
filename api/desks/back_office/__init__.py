"""The back office's desk: what waits for us, the day across technicians, people, finding somebody again."""

from api.desks.back_office import (
    applications,
    calendar,
    colleagues,
    people,
    people_erasures,
    people_file,
    people_new,
    people_technicians,
    queues,
    search,
)

ROUTERS = (
    queues.router,
    calendar.router,
    people.router,
    # Before those whose path has an id there.
    people_new.router,
    people_file.router,
    people_technicians.router,
    people_erasures.router,
    colleagues.router,
    applications.router,
    search.router,
)
