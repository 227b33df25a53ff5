"""The client's desk: asking for help, following each request to its end, one's account."""

from api.desks.client import request, requests

# What a path says in words comes before what may be any number.
ROUTERS = (requests.router, request.router)
