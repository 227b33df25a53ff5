"""Answers of an issuer are short, or are not read to their end."""

import httpx

# A set of keys or a discovery document is a few kilobytes.
LONGEST_ANSWER = 256 * 1024


class BoundedTransport(httpx.AsyncBaseTransport):
    """Stays open between clients: each of them closes its transport, and this one does not mind."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises `httpx.ReadError` for an answer that is too long, or packed against our asking."""
        # What is packed may be a thousand times as long as what is counted here.
        request.headers["Accept-Encoding"] = "identity"
        answer = await self._inner.handle_async_request(request)
        try:
            if answer.headers.get("Content-Encoding", "identity") != "identity":
                raise httpx.ReadError("packed", request=request)
            content = bytearray()
            async for part in answer.aiter_raw():
                content += part
                if len(content) > LONGEST_ANSWER:
                    raise httpx.ReadError("too long", request=request)
        finally:
            await answer.aclose()
        headers = {"Content-Type": answer.headers.get("Content-Type", "")}
        return httpx.Response(answer.status_code, headers=headers, content=bytes(content), request=request)
