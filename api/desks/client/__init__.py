"""The client's desk: asking for help, following each request to its end, one's account."""

from api.desks.client import requests

ROUTERS = (requests.router,)
