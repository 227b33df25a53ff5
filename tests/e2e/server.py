"""The API under test: the product's own, on tickets that wait longer than the demonstration's, whose people
answer by program. On a busy machine a browser is slower, and each page must still have its turn."""

from dataclasses import replace
from datetime import timedelta

from api.desks import live
from deploy import server
from domain import deadlines

PATIENCE = timedelta(minutes=5)

deadlines.DEMO = replace(
    deadlines.DEMO,
    acknowledgement=PATIENCE,
    acknowledgement_at_least=PATIENCE,
    contact_window=PATIENCE,
    no_call=PATIENCE,
    review=PATIENCE,
)
live.LOOKS_EVERY /= 4

if __name__ == "__main__":
    server.main()
