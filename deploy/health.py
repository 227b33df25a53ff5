"""Asks a process whether it is well: `python -m deploy.health URL` prints what it says, with status 0 only if
it answers 200.

For whoever runs our containers: the image has no curl.
"""

import sys
import urllib.error
import urllib.request
from http.client import HTTPResponse

# Less than those who ask us wait.
ANSWERS_WITHIN_SECONDS = 4
LONGEST = 1_000


def asked(url: str) -> tuple[bool, str]:
    """Whether it answers 200, and what it says, or else what hindered it."""
    try:
        with _open(url) as answer:
            return answer.status == 200, answer.read(LONGEST).decode(errors="replace")
    except (urllib.error.URLError, TimeoutError, ConnectionError) as away:
        return False, str(away)


def _open(url: str) -> HTTPResponse | urllib.error.HTTPError:
    """Its answer, also one that is an error to the library: it says in words what is missing."""
    try:
        answer: HTTPResponse = urllib.request.urlopen(url, timeout=ANSWERS_WITHIN_SECONDS)  # noqa: S310  # our own url
    except urllib.error.HTTPError as refused:
        return refused
    return answer


def answers(url: str) -> bool:
    return asked(url)[0]


if __name__ == "__main__":
    is_well, said = asked(sys.argv[1])
    print(said)
    sys.exit(0 if is_well else 1)
