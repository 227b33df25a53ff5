"""axe-core finds nothing grave on our pages, by WCAG 2.2 A and AA: what is serious or critical keeps people
out."""

import pytest

from tests.scenes.desks import PAGES
from tests.scenes.scene import Scene
from tests.scenes.stage import Stage, open_stage
from tests.support.chromium import DESKTOP, NEEDS_CHROMIUM, TELEPHONE, grave_faults, overflows
from tests.support.postgres import Database

SCENES = [scene for scenes in PAGES.values() for scene in scenes]
DAILY = [scene for scene in SCENES if scene.daily]
MENU_WRAPS = """() => {
    const menu = document.querySelector(".sections");
    return menu !== null && menu.offsetHeight > 1.5 * menu.firstElementChild.offsetHeight;
}"""
BAD = (
    '<html lang="fr"><meta name="viewport" content="width=device-width"><title>t</title>'
    '<main><h1>h</h1><input><p style="color:#ccc">pâle</p></main>'
)


async def faults_of(
    stage: Stage, scenes: list[Scene], width: int, *, dark: bool = False
) -> dict[str, list[str]]:
    """By scene, of those that have any."""
    found: dict[str, list[str]] = {}
    for who in {scene.who for scene in scenes}:
        tab = await stage.tab(who, width, dark=dark)
        for scene in (one for one in scenes if one.who == who):
            await stage.show(tab, scene)
            faults = await grave_faults(tab)
            if await overflows(tab):
                faults.append("wider than the screen")
            # On the narrowest of all screens it may.
            if width >= TELEPHONE and await tab.evaluate(MENU_WRAPS):
                faults.append("a menu of several lines")
            found[scene.name] = faults
    return {name: faults for name, faults in found.items() if faults}


@NEEDS_CHROMIUM
async def test_axe_finds_nothing_grave_on_pages_with_every_component(database: Database) -> None:
    """Some in the light, some in the dark; all of them in both below."""
    async with open_stage(database) as stage:
        for dark in (False, True):
            scenes = [one for one in DAILY if one.dark is dark]
            assert await faults_of(stage, scenes, TELEPHONE, dark=dark) == {}
        # It would tell, or all this would show nothing.
        told = await faults_of(stage, [Scene("hidden", shown=lambda: BAD)], TELEPHONE)
    assert {fault.partition(":")[0] for fault in told["hidden"]} == {"serious", "critical"}


@NEEDS_CHROMIUM
@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("width", [320, DESKTOP])
@pytest.mark.parametrize("dark", [False, True])
async def test_axe_finds_nothing_grave_in_any_state(database: Database, width: int, dark: bool) -> None:
    async with open_stage(database) as stage:
        assert await faults_of(stage, SCENES, width, dark=dark) == {}
