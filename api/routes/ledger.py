"""The ledger's trial balance, for finance."""

from fastapi import APIRouter
from pydantic import ConfigDict

from api.auth import AnyFinance
from api.dependencies import Given
from api.documentation import SIGNED_IN, problems
from api.recording import recorded
from api.shapes.common import Shape
from db.reads.ledger import trial_balance
from domain.accesses import Reading

router = APIRouter(prefix="/v1", tags=["finance"])


class AccountBalance(Shape):
    """Debit positive, credit negative, in cents."""

    account: str
    balance_cents: int


class TrialBalance(Shape):
    """`total_cents` is 0, or something is wrong."""

    transactions: int
    accounts: list[AccountBalance]
    total_cents: int

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "transactions": 2,
                    "accounts": [
                        {"account": "411:019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11", "balance_cents": 3000},
                        {"account": "44574", "balance_cents": -500},
                        {"account": "706", "balance_cents": -2500},
                    ],
                    "total_cents": 0,
                }
            ]
        }
    )


@router.get(
    "/ledger",
    summary="Trial balance",
    dependencies=[recorded(Reading.LEDGER)],
    responses=problems(*SIGNED_IN),
)
async def read_ledger(_: AnyFinance, given: Given) -> TrialBalance:
    """The sum of each account, and the number of transactions."""
    async with given.sessions() as session:
        balance = await trial_balance(session)
    return TrialBalance(
        transactions=balance.transactions,
        accounts=[
            AccountBalance(account=account, balance_cents=cents)
            for account, cents in balance.accounts.items()
        ],
        total_cents=sum(balance.accounts.values()),
    )
