"""A private session bus for each test, and services on it."""

import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.device.desktop.bus_services import NotificationServer, Player, serve, serve_player


@pytest.fixture
def address() -> Iterator[str]:
    if shutil.which("dbus-daemon") is None:
        pytest.skip("dbus-daemon not found; Debian: apt-get install dbus")
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--print-address", "--nofork"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.wait(10)
    daemon.stdout.close()


@pytest.fixture
async def notifications(address: str) -> AsyncIterator[NotificationServer]:
    service = NotificationServer()
    path = "/org/freedesktop/Notifications"
    bus = await serve(address, "org.freedesktop.Notifications", path, service)
    yield service
    bus.disconnect()


@pytest.fixture
async def player(address: str) -> AsyncIterator[Player]:
    service = Player()
    bus = await serve_player(address, "testplayer", service)
    yield service
    bus.disconnect()
