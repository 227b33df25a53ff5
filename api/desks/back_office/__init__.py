"""The back office's desk: what waits for us, the day across technicians, finding somebody again."""

from api.desks.back_office import calendar, queues, search

ROUTERS = (queues.router, calendar.router, search.router)
