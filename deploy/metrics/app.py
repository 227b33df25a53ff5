"""`/metrics` of the business. Two of these processes tell the same, so that a dashboard takes the larger."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.metrics.figures import gauge

# Prometheus gives a scrape ten seconds, and both sources are asked at once.
SOURCE_SECONDS = 5
# However many ask, and however often.
KEPT_SECONDS = 10

Source = Callable[[], Awaitable[list[GaugeMetricFamily]]]

log = logging.getLogger(__name__)


class _Found(Collector):
    def __init__(self, families: Sequence[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> Iterable[GaugeMetricFamily]:
        return self._families


class Scraped:
    """The answer to a scrape, kept for some seconds. A source that is away leaves its figures out."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._asking = asyncio.Lock()
        self._kept = b""
        self._good_until = 0.0

    async def text(self) -> bytes:
        async with self._asking:
            if time.monotonic() >= self._good_until:
                self._kept = generate_latest(_Found(await self._ask()))
                self._good_until = time.monotonic() + KEPT_SECONDS
            return self._kept

    async def _ask(self) -> list[GaugeMetricFamily]:
        found = await asyncio.gather(*(self._of(name, source) for name, source in self._sources.items()))
        up = gauge(
            "omea_source_up",
            "Whether the figures of that source could be had.",
            (((name,), families is not None) for name, families in zip(self._sources, found, strict=True)),
            "source",
        )
        return [up, *(family for families in found for family in families or ())]

    async def _of(self, name: str, source: Source) -> list[GaugeMetricFamily] | None:
        try:
            async with asyncio.timeout(SOURCE_SECONDS):
                return await source()
        except Exception as error:  # whatever it raises, the others' figures are told
            log.warning("no figures from %s: %s", name, type(error).__name__)
            return None


def build(sources: Mapping[str, Source]) -> Starlette:
    scraped = Scraped(sources)

    async def metrics(_request: Request) -> Response:
        return Response(await scraped.text(), media_type=CONTENT_TYPE_LATEST)

    async def health(_request: Request) -> Response:
        return Response("ok")

    return Starlette(routes=[Route("/metrics", metrics), Route("/healthz", health)])
