"""What holds for every test: nothing but loopback is reached, and browser tests need a browser.

Two things that each device asks of its libraries anew are done once for all tests.

Fixtures of one area live in that area's own conftest.
"""

import functools
import gc
import importlib.metadata
import os
import shutil
import ssl
import sys
from typing import Any

import certifi
import hypothesis
import pytest

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0", "::ffff:127.")


def pytest_configure(config: pytest.Config) -> None:
    gc.disable()  # until all is collected: nearly nothing of it is garbage
    sys.addaudithook(refuse_the_outside)
    trust_no_authority()
    keep_entry_points()
    # A deadline measures the machine's load, not our code; in CI the same examples every time, here
    # fewer and others each time.
    in_ci = os.environ.get("CI") == "true"
    hypothesis.settings.register_profile(
        "house", deadline=None, derandomize=in_ci, max_examples=100 if in_ci else 30
    )
    hypothesis.settings.load_profile("house")


def trust_no_authority() -> None:
    """Leaves out the world's authorities, which nobody on loopback is known to: each client would
    read them for 20 ms."""
    load, authorities = ssl.SSLContext.load_verify_locations, certifi.where()

    def load_others(context: ssl.SSLContext, cafile: Any = None, *others: Any, **named: Any):
        if cafile != authorities:
            load(context, cafile, *others, **named)

    ssl.SSLContext.load_verify_locations = load_others


def keep_entry_points() -> None:
    """Reads what is installed once for each search path: each device would for 40 ms."""
    read = importlib.metadata.entry_points

    @functools.cache
    def kept(path: tuple[str, ...], **named: Any) -> Any:
        del path
        return read(**named)

    importlib.metadata.entry_points = lambda **named: kept(tuple(sys.path), **named)


def pytest_collection_finish() -> None:
    gc.freeze()  # thousands of cases that live to the end: not looked through again and again
    gc.enable()


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") is None:
        return
    missing = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    if not missing:
        return
    reason = f"{' and '.join(missing)} not found; Debian: apt-get install chromium chromium-driver"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def refuse_the_outside(event: str, arguments: tuple[Any, ...]) -> None:
    """Raises when the test process itself connects to, or looks up, anything but loopback."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if not isinstance(address, tuple):
            return  # a Unix socket's path
        host = address[0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host and not str(host).startswith(LOOPBACK):
        raise RuntimeError(f"a test tried to reach {host!r}; tests may use loopback only")
