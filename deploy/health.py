"""Asks a process whether it is well: `python -m deploy.health URL`, status 0 only if it answers 200.

For whoever runs our containers: the image has no curl.
"""

import sys
import urllib.error
import urllib.request

# Less than those who ask us wait.
ANSWERS_WITHIN_SECONDS = 4


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=ANSWERS_WITHIN_SECONDS) as answer:  # noqa: S310  # our own url
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


if __name__ == "__main__":
    sys.exit(0 if answers(sys.argv[1]) else 1)
