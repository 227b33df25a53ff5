"""Finance's desk: the month, its payouts, the books, the tariffs."""

from api.desks.finance import month

ROUTERS = (month.router,)
