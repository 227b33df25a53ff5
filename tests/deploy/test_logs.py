"""Our processes log what they do; libraries that quote addresses in full are heard only to warn."""

import subprocess
import sys

from deploy.settings import process_environment

SCRIPT = """
import logging
from deploy import logs
logs.configure()
for name in ("deploy.worker", "httpx", "stripe", "factur-x"):
    logging.getLogger(name).info("%s tells of /v1/checkout/sessions/cs_test_1", name)
    logging.getLogger(name).warning("%s warns", name)
"""


def test_what_libraries_tell_of_every_request_is_not_written() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=process_environment(), capture_output=True, text=True, check=True
    )
    told = [line.split(" ", 2)[2] for line in done.stderr.splitlines()]
    assert told == [
        "INFO deploy.worker deploy.worker tells of /v1/checkout/sessions/cs_test_1",
        "WARNING deploy.worker deploy.worker warns",
        "WARNING httpx httpx warns",
        "WARNING stripe stripe warns",
        "WARNING factur-x factur-x warns",
    ]
