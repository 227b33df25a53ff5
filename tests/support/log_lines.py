"""The log as a process of ours writes it."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

from temporalio import activity

from deploy import logs


def lines_of(text: str) -> list[dict[str, Any]]:
    """Each line, without the time, which it must have."""
    lines = [json.loads(line) for line in text.splitlines()]
    assert all(line.pop("timestamp").endswith("Z") for line in lines)
    return lines


@contextmanager
def written_log() -> Iterator[StringIO]:
    """What is logged meanwhile in this process."""
    text, root = StringIO(), logging.getLogger()
    before = root.level, activity.logger.activity_info_on_message
    handler = logging.StreamHandler(text)
    handler.setFormatter(logs.formatter())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    activity.logger.activity_info_on_message = False
    try:
        yield text
    finally:
        root.removeHandler(handler)
        root.setLevel(before[0])
        activity.logger.activity_info_on_message = before[1]
