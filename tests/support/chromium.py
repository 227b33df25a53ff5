"""A real Chromium, headless, told over its pipe what a person would do with a mouse and a keyboard.

The protocol is Chromium's own, messages of JSON that end with a zero byte:
https://chromedevtools.github.io/devtools-protocol/
"""

import asyncio
import base64
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# The browser reads what it is told at 3 and answers at 4.
OPENED = 'exec "$0" "$@" 3<&{told} 4>&{answers}'
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
    *("--hide-scrollbars", "--force-color-profile=srgb", "--remote-debugging-pipe"),
)
LONGEST_MESSAGE = 64 * 1024 * 1024
ANSWERS_WITHIN = 30


class Chromium:
    """`said` is what its console has said that is worth an objection."""

    def __init__(self, told: int, answers: asyncio.StreamReader) -> None:
        self._told, self._answers = told, answers
        self._number = 0
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loaded: dict[str, asyncio.Event] = {}
        self.said: list[str] = []

    async def listen(self) -> None:
        while True:
            message = json.loads((await self._answers.readuntil(b"\0"))[:-1])
            if "id" in message:
                self._waiting.pop(message["id"]).set_result(message)
            elif message["method"] == "Page.loadEventFired":
                self._loaded[message["sessionId"]].set()
            elif message["method"] == "Log.entryAdded":
                self.said.append(message["params"]["entry"]["text"])
            elif message["method"] == "Runtime.exceptionThrown":
                self.said.append(str(message["params"]["exceptionDetails"]))

    async def ask(self, method: str, session: str | None = None, **asked: Any) -> dict[str, Any]:
        self._number += 1
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[self._number] = answer
        message = {"id": self._number, "method": method, "params": asked}
        os.write(
            self._told, json.dumps(message | ({"sessionId": session} if session else {})).encode() + b"\0"
        )
        found = await asyncio.wait_for(answer, ANSWERS_WITHIN)
        assert "error" not in found, (method, found)
        result: dict[str, Any] = found["result"]
        return result

    async def tab(self) -> "Tab":
        """With cookies of its own."""
        context = (await self.ask("Target.createBrowserContext"))["browserContextId"]
        target = await self.ask("Target.createTarget", url="about:blank", browserContextId=context)
        attached = await self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        session = attached["sessionId"]
        self._loaded[session] = asyncio.Event()
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.ask(f"{domain}.enable", session)
        return Tab(self, session, self._loaded[session])


class Tab:
    def __init__(self, browser: Chromium, session: str, loaded: asyncio.Event) -> None:
        self._browser, self._session, self._loaded = browser, session, loaded
        self._width = 0

    async def ask(self, method: str, **asked: Any) -> dict[str, Any]:
        return await self._browser.ask(method, self._session, **asked)

    async def is_seen(self, width: int, *, dark: bool = False) -> None:
        """On a screen that wide; below 600 on a telephone."""
        self._width = width
        await self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.ask("Emulation.setEmulatedMedia", features=[scheme])

    async def without_scripts(self) -> None:
        await self.ask("Emulation.setScriptExecutionDisabled", value=True)

    async def take_cookie(self, url: str, name: str, value: str) -> None:
        await self.ask("Network.setCookie", url=url, name=name, value=value, httpOnly=True, sameSite="Lax")

    async def open(self, url: str) -> None:
        self._loaded.clear()
        await self.ask("Page.navigate", url=url)
        await asyncio.wait_for(self._loaded.wait(), ANSWERS_WITHIN)

    async def reads(self, expression: str) -> Any:
        """What that JavaScript is worth on the page."""
        found = await self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def text(self) -> str:
        return str(await self.reads("document.querySelector('main').innerText"))

    async def waits_for(self, words: str) -> None:
        """Until the page says so."""
        async with asyncio.timeout(ANSWERS_WITHIN):
            while True:
                if words in (await self.text()).replace("\N{NO-BREAK SPACE}", " "):
                    return
                await asyncio.sleep(0.1)

    async def types(self, name: str, text: str) -> None:
        await self.reads(f"document.getElementsByName({json.dumps(name)})[0].focus()")
        await self.ask("Input.insertText", text=text)

    async def clicks(self, selector: str) -> None:
        """By a mouse, where it is: what covers it would be clicked instead."""
        place = await self.reads(
            f"(() => {{ const one = document.querySelector({json.dumps(selector)});"
            "one.scrollIntoView({block: 'center'}); const box = one.getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.ask(
                "Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1
            )

    async def sends(self, selector: str) -> None:
        """Clicks on what leads to another page, and waits for that."""
        self._loaded.clear()
        await self.clicks(selector)
        await asyncio.wait_for(self._loaded.wait(), ANSWERS_WITHIN)

    async def overflows(self) -> int:
        """By how many pixels the page is wider than the screen. A telephone shrinks such a page, and says
        that its window is as wide."""
        return int(await self.reads("document.documentElement.scrollWidth")) - self._width

    async def picture(self, path: Path) -> None:
        """Of the whole page."""
        size = (await self.ask("Page.getLayoutMetrics"))["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        shot = await self.ask("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(shot["data"]))


@asynccontextmanager
async def open_chromium(profile: Path) -> AsyncIterator[Chromium]:
    assert CHROMIUM is not None
    reads_told, told = os.pipe()
    answers, writes_answers = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", OPENED.format(told=reads_told, answers=writes_answers), CHROMIUM, *OPTIONS),
        f"--user-data-dir={profile}",
        pass_fds=(reads_told, writes_answers),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    os.close(reads_told)
    os.close(writes_answers)
    reader = asyncio.StreamReader(limit=LONGEST_MESSAGE)
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(answers, "rb")
    )
    browser = Chromium(told, reader)
    listening = asyncio.create_task(browser.listen())
    try:
        yield browser
    finally:
        listening.cancel()
        process.terminate()
        await process.wait()
        pipe.close()
        os.close(told)
