"""The client's desk: asking for help, following each request to its end."""

from api.desks.client import afterwards, appointment, asking, request, requests, session

# What a path says in words comes before what may be any number.
ROUTERS = (
    requests.router,
    asking.router,
    request.router,
    appointment.router,
    session.router,
    afterwards.router,
)
