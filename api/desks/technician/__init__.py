"""The technician's desk: the work of the day, each intervention to its report, the gain, time and papers."""

from api.desks.technician import (
    acts,
    agenda,
    availability,
    feed,
    gain,
    intervention,
    papers,
    report,
    statements,
)

ROUTERS = (
    agenda.router,
    intervention.router,
    acts.router,
    report.router,
    gain.router,
    statements.router,
    availability.router,
    feed.router,
    papers.router,
)
