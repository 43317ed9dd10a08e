"""What holds for every test: nothing but loopback is reached, and browser tests need a browser.

Two things that each device asks of its libraries anew are done once for all tests. What is dear on
purpose is cheap: passwords are hashed quickly, and files of tests lie in memory where there is
room, for nothing of them is to outlive a power cut.

Fixtures of one area live in that area's own conftest.
"""

import atexit
import contextlib
import functools
import gc
import importlib.metadata
import ipaddress
import os
import shutil
import socket
import ssl
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import argon2
import certifi
import hypothesis
import pytest

MEMORY = "/dev/shm"
MEMORY_BYTES = 2**30  # what must be free: all tests together have left a quarter of it
DAY_S = 86_400.0
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0", "::ffff:127.")


def pytest_configure(config: pytest.Config) -> None:
    gc.disable()  # until all is collected: nearly nothing of it is garbage
    keep_files_in_memory()
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


def keep_files_in_memory() -> None:
    """Makes temporary files where writing through to a disk costs nothing: that takes 4 ms, and a
    device does it ten times as it starts. A folder that is named in TMPDIR is kept to.

    What a failed test leaves stays below pytest's own folder; all else goes with this process."""
    if "TMPDIR" in os.environ or not os.path.isdir(MEMORY):
        return
    place = os.statvfs(MEMORY)
    may_execute = not place.f_flag & (os.ST_NOEXEC | os.ST_RDONLY)
    if may_execute and place.f_bavail * place.f_frsize >= MEMORY_BYTES:
        for left in Path(MEMORY).glob("edgewise-tests-*"):
            with contextlib.suppress(FileNotFoundError):  # another run has just ended
                if left.stat().st_mtime < time.time() - DAY_S:  # by one that was killed
                    shutil.rmtree(left, ignore_errors=True)
        folder = tempfile.mkdtemp(prefix="edgewise-tests-", dir=MEMORY)
        os.chmod(folder, 0o711)  # a database server, which is another user, reaches its own in it
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)


def trust_no_authority() -> None:
    """Leaves out the world's authorities, which nobody on loopback is known to: each client would
    read them for 20 ms."""
    load, authorities = ssl.SSLContext.load_verify_locations, certifi.where()

    def load_others(context: ssl.SSLContext, cafile: Any = None, *others: Any, **named: Any):
        if cafile != authorities:
            load(context, cafile, *others, **named)

    ssl.SSLContext.load_verify_locations = load_others


def hash_quickly() -> None:
    """Lowers what argon2 costs unless told otherwise: each hash takes 64 MiB and a twentieth of a
    second. `tests/cloud/test_password.py` holds the platform to the whole cost."""
    argon2.PasswordHasher.__init__ = functools.partialmethod(
        argon2.PasswordHasher.__init__, time_cost=1, memory_cost=64, parallelism=1
    )


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
    """Raises when the test process itself connects to, or looks up, anything but loopback. A
    datagram may go to another address of this machine, where a WebRTC client on it is."""
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
    if event == "socket.sendto" and is_this_machine(str(host)):
        return
    if host and not str(host).startswith(LOOPBACK):
        raise RuntimeError(f"a test tried to reach {host!r}; tests may use loopback only")


@functools.cache
def is_this_machine(host: str) -> bool:
    """Whether that IP address is one of this machine: one can be bound to its own alone."""
    try:
        address = ipaddress.ip_address(host)
        if address.is_multicast:
            return False
        family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((host, 0))
    except (OSError, ValueError):
        return False
    return True


hash_quickly()  # before the conftest of a folder imports what hashes
