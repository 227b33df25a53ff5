"""Finance's desk: the month, its payouts, the books, the tariffs."""

from api.desks.finance import (
    checks,
    exports,
    holds,
    ledger,
    month,
    payouts,
    previews,
    statements,
    tariffs,
)

ROUTERS = (
    month.router,
    payouts.router,
    previews.router,
    statements.router,
    holds.router,
    ledger.router,
    exports.router,
    checks.router,
    tariffs.router,
)
