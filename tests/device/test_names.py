"""The names a device knows are at hand, and fresh after every change."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edgewise.act.driver import Drivers
from edgewise.core.call import Effect
from edgewise.device.names import Names
from edgewise.device.phone.store import DocumentStore
from edgewise.device.screen.driver import ScreenDriver
from edgewise.testing.clock import ManualClock
from edgewise.testing.screen import Page, ScriptedScreen


@pytest.fixture
async def drivers(tmp_path: Path) -> AsyncIterator[Drivers]:
    stores = DocumentStore(tmp_path / "s.sqlite", ManualClock())
    yield Drivers(stores.drivers)
    stores.close()


async def add(drivers: Drivers, target: str, **row: object) -> None:
    await drivers.write([Effect(target, row)])


async def until_known(names: Names, kind: str, wanted: tuple[str, ...]) -> None:
    """Waits, with a limit, until exactly `wanted` is known of `kind`."""
    async with asyncio.timeout(5):
        while names.current().get(kind) != wanted:  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0)


async def test_names_of_each_kind_are_known_at_once(drivers: Drivers) -> None:
    await add(drivers, "phone.contacts.1", name="妈妈", name_en="Mom", number="1")
    await add(drivers, "phone.library.1", title="Blue", artist="Joni")
    await add(drivers, "scene.saved.1", name="nap", steps=[])
    names = Names(drivers)
    await names.follow()
    assert set(names.current()["contact"]) == {"妈妈", "Mom"}
    assert set(names.current()["song"]) == {"Blue", "Joni"}
    assert names.current()["scene"] == ("nap",)
    assert names.current().get("place", ()) == ()
    await names.close()


async def test_a_name_is_told_once_and_what_is_no_text_not_at_all(drivers: Drivers) -> None:
    await add(drivers, "phone.library.1", title="Blue", artist="Joni")
    await add(drivers, "phone.library.2", title="Carey", artist="Joni")
    await add(drivers, "phone.library.3", title=7, artist="")
    names = Names(drivers)
    await names.follow()
    assert sorted(names.current()["song"]) == ["Blue", "Carey", "Joni"]
    await names.close()


async def test_a_new_and_a_deleted_name_are_noticed(drivers: Drivers) -> None:
    names = Names(drivers)
    await names.follow()
    await add(drivers, "phone.contacts.1", name="Zoe")
    await until_known(names, "contact", ("Zoe",))
    await drivers.write([Effect("phone.contacts.1", None)])
    await until_known(names, "contact", ())
    await names.close()


async def test_closing_ends_the_watch_and_may_be_done_before_following(drivers: Drivers) -> None:
    before = asyncio.all_tasks()
    names = Names(drivers)
    await names.close()
    await names.follow()
    await names.close()
    assert asyncio.all_tasks() == before


async def test_the_apps_of_the_screen_are_names_of_their_own() -> None:
    screen = ScriptedScreen({"one": Page("Shop", "Tea")}, "one")
    names = Names(Drivers([ScreenDriver(screen, ManualClock(), apps=("Shop", "小店"))]))
    await names.follow()
    assert names.current()["screen_app"] == ("Shop", "小店")
    await names.close()
