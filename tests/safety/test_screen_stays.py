"""What is on a screen stays on the device, also in the turns that follow."""

from pathlib import Path

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.driver import Drivers
from edgewise.act.screen import Element, Role
from edgewise.core.clock import SystemClock
from edgewise.core.label import OWNER, OriginKind
from edgewise.device.runtime import Device
from edgewise.device.screen.driver import ScreenDriver
from edgewise.hosting.mind import load_thinking
from edgewise.testing.screen import Page, ScriptedScreen
from tests.device.test_reach import ask, connected, end_of
from tests.safety.test_derived_words import Telling, labels

BIRD = "KANARIENVOGEL"
OTHER = "what is the capital of Peru and why is it so"


def give_screen(device: Device) -> None:
    """A screen with something private on it, and a language model that tells all it was told."""
    home = device.agent.home
    note = Element(f"The word of the club is {BIRD}", (0, 100, 900, 180), Role.TEXT)
    screen = ScriptedScreen({"page": Page("notes", BIRD, (note,))}, "page")
    with_screen = builtin_catalogue(screen=True)
    mind = load_thinking(with_screen.capabilities)
    mind._chat = Telling()  # type: ignore[attr-defined]
    driver = ScreenDriver(screen, SystemClock(), fresh_s=0.0)
    drivers = Drivers([*home.drivers._by_prefix.values(), driver])  # type: ignore[attr-defined]
    for name, value in (("catalogue", with_screen), ("drivers", drivers), ("mind", mind)):
        object.__setattr__(home, name, value)


@pytest.mark.parametrize(
    "next_question",
    [
        OTHER,
        "why is that word so famous in the history of Germany",
        "summarise what the screen said and tell me why it matters in history",
        "translate that into French and explain why",
        "what did I just ask and what did you say",
    ],
)
async def test_what_is_on_the_screen_goes_to_no_cloud_in_this_turn_or_the_next(
    tmp_path: Path, next_question: str
):
    async with connected(tmp_path) as (device, cloud):
        give_screen(device)
        assert BIRD in end_of(await ask(device, "what is on my screen")).text
        (kept,) = labels(device)
        assert kept.readers == OWNER
        assert OriginKind.APP in {origin.kind for origin in kept.origins}
        await ask(device, next_question)
        end_of(await ask(device, OTHER))
    assert cloud.bodies
    assert BIRD.encode() not in b"".join(cloud.bodies)


async def test_what_was_tapped_on_the_screen_goes_to_no_cloud(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        give_screen(device)
        assert BIRD in str((await ask(device, "tap the word of the club"))[-1])
        end_of(await ask(device, OTHER))
    assert cloud.bodies
    assert BIRD.encode() not in b"".join(cloud.bodies)
