"""How tests ask the parts of the outside world that run on this machine."""

import httpx

# One for all of them: each client of its own would first read all the authorities of the web, which takes a
# processor 20 ms. No connection is kept: who answers it may be killed and started again.
outside = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))
