"""`make screenshots`: a picture of every page and mail, as a telephone and a desktop show it, and a page of
them all, `var/screenshots/index.html`. For people to look at; nothing is asserted."""

import asyncio
import shutil
import sys
import tempfile
from html import escape
from pathlib import Path

from activities.wording.letters import Letter
from tests.scenes.desks import ALL
from tests.scenes.scene import Scene
from tests.scenes.stage import Stage, open_stage
from tests.support.chromium import CHROMIUM, DESKTOP, TELEPHONE
from tests.support.postgres import quick_directory, running_cluster

TAKEN = Path("var/screenshots")
HEAD = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><title>Captures</title>
<style>
body { margin: 2rem; font: 16px/1.4 system-ui, sans-serif; }
section { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-start; }
figure { margin: 0 0 1rem; } img { display: block; border: 1px solid #999; height: 28rem; }
pre { margin: 0; padding: 1rem; border: 1px solid #999; height: 28rem; overflow: auto; }
</style></head><body><h1>Captures</h1>
"""


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def take(stage: Stage, scene: Scene, width: int, *, dark: bool) -> str:
    """Answers the name of the file."""
    name = f"{scene.name}-{width}{'-sombre' if dark else ''}.png"
    tab = await stage.tab(scene.who, width, dark=dark)
    try:
        await stage.show(tab, scene)
        # As high as the page, or what sticks to the foot of the screen would lie over it.
        height = await tab.evaluate("document.documentElement.scrollHeight")
        await tab.set_viewport_size({"width": width, "height": height})
        await tab.screenshot(path=TAKEN / name)
    finally:
        await tab.context.close()
    return name


def _write_as_text(name: str, letter: Letter) -> str:
    """As who reads no HTML gets it. Answers what the page of all shows."""
    text = f"{letter.subject}\n\n{letter.text}"
    (TAKEN / f"{name}.txt").write_text(text, encoding="utf-8")
    caption = f'<figcaption><a href="{name}.txt">{name}, texte</a></figcaption>'
    return f"<figure><pre>{escape(text)}</pre>{caption}</figure>"


async def take_all(stage: Stage, wanted: tuple[str, ...]) -> str:
    """Those whose name begins with one of these. Answers the page of them all."""
    index = [HEAD]
    for desk, scenes in ALL.items():
        index.append(f"<h2>{escape(desk)}</h2><section>")
        for scene in scenes:
            if not scene.name.startswith(wanted):
                continue
            seen = [(DESKTOP, False), (TELEPHONE, False), *([(TELEPHONE, True)] if scene.dark else [])]
            for width, dark in seen:
                name = await take(stage, scene, width, dark=dark)
                caption = f"{scene.name}, {width} px{', sombre' if dark else ''}"
                index.append(
                    f'<figure><a href="{name}"><img src="{name}" alt="" loading="lazy"></a>'
                    f"<figcaption>{escape(caption)}</figcaption></figure>"
                )
            if scene.letter is not None:
                index.append(await asyncio.to_thread(_write_as_text, scene.name, scene.letter()))
        index.append("</section>")
        say(f"  {desk}")
    return "\n".join((*index, "</body></html>\n"))


async def main(wanted: tuple[str, ...]) -> int:
    if CHROMIUM is None:
        say("No Chromium on this machine (Debian, Ubuntu: apt-get install chromium): no pictures.")
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="omea-scenes-", dir=quick_directory()) as directory,
        running_cluster(Path(directory)) as cluster,
        cluster.new_database() as database,
    ):
        async with open_stage(database) as stage:
            index = await take_all(stage, wanted or ("",))
    if not wanted:
        await asyncio.to_thread((TAKEN / "index.html").write_text, index, encoding="utf-8")
        say(f"Look at {TAKEN / 'index.html'}.")
    return 0


if __name__ == "__main__":
    wanted = tuple(sys.argv[1:])
    if not wanted:
        shutil.rmtree(TAKEN, ignore_errors=True)
    TAKEN.mkdir(parents=True, exist_ok=True)
    sys.exit(asyncio.run(main(wanted)))
