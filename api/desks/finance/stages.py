"""Where the payouts of a month stand."""

from enum import StrEnum


class Stage(StrEnum):
    """Of a month's payouts: the month goes on, they are not run yet, a run is open, something is not paid
    yet, all is."""

    GOES_ON = "goes_on"
    TO_RUN = "to_run"
    RUNNING = "running"
    INCOMPLETE = "incomplete"
    AT_THE_BANK = "at_the_bank"
    PAID = "paid"
