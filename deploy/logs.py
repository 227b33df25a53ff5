"""What our processes write into their logs: what happened to what, by ids, and never to whom."""

import logging

# Each call to the provider would be two lines of theirs, and each document three. Their lines quote addresses
# in full, and the number of a hosted card page opens it.
CHATTY = ("httpx", "stripe", "factur-x")


def configure() -> None:
    """For a process of ours, once, before anything else."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
