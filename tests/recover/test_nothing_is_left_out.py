"""Every process and every table is either brought back after a restore, or named with the reason why not."""

from db.columns import Base
from deploy.recovery.histories import NOT_READ, TYPES
from deploy.recovery.processes import NAMES, NOT_MISSED
from deploy.wiring import WORKFLOWS
from tests.recover.compared import NOT_COMPARED, NOT_THE_SAME

TICKET = "Ticket"


def names() -> list[str]:
    return sorted(vars(one)["__temporal_workflow_definition"].name for one in WORKFLOWS)


def test_every_process_is_begun_again_or_named() -> None:
    assert sorted([TICKET, *NAMES.values(), *NOT_MISSED]) == names()


def test_every_process_is_read_or_named() -> None:
    assert sorted([*TYPES, *NOT_READ]) == names()


def test_every_table_is_compared_or_named() -> None:
    tables = {table.name for table in Base.metadata.sorted_tables}
    assert NOT_COMPARED.keys() | NOT_THE_SAME.keys() <= tables
    assert NOT_COMPARED.keys() & NOT_THE_SAME.keys() == set()
