"""The technician's desk: the work of the day, each intervention to its report, the gain, time and papers."""

from api.desks.technician import acts, agenda, intervention, report

ROUTERS = (agenda.router, intervention.router, acts.router, report.router)
