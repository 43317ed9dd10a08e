"""A TCP proxy on loopback that spoils a connection on purpose, counts, and looks for canaries.

    async with ChaosProxy("http://127.0.0.1:8475", PROFILES["resets_2_percent"]) as proxy:
        ...  # give the client proxy.address
    print(proxy.traffic, proxy.finds)

For tests of a boundary between a device and a cloud. It runs in the loop that enters it, without a
thread. Its choices follow from the seed, the number of the connection and that of the request; when
the kernel delivers how many bytes does not. Kernel-level loss and reordering, and a slow handshake,
are not imitated. It looks at plain HTTP/1.1 and WebSocket; of TLS it can only pass the bytes.
"""

import asyncio
import ipaddress
import math
import socket
from collections.abc import Sequence
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from edgewise.errors import UserError
from edgewise.testing.chaos_faults import HEALTHY, Faults
from edgewise.testing.chaos_link import Link, Surroundings
from edgewise.testing.chaos_watch import Find, Traffic, Watch

BACKLOG = 1024


class ChaosProxy:
    """Stands in front of `target`, a URL or `host:port` on loopback; nothing else is accepted.

    `canaries` are searched in all that leaves the client (see `canary`); `keep_bytes` of it, over
    all connections, are kept in `captured`. Raises UserError for a target that is not on loopback,
    and for canaries in front of TLS, where they could not be seen.
    """

    def __init__(
        self,
        target: str,
        faults: Faults = HEALTHY,
        *,
        seed: int = 0,
        canaries: Sequence[str] = (),
        keep_bytes: int = 0,
    ) -> None:
        self._url = urlsplit(target if "//" in target else f"//{target}")
        self._target = _loopback(self._url.hostname, self._url.port, target)
        if canaries and self._url.scheme not in ("", "http", "ws"):
            raise UserError(
                f"{target!r} is encrypted: canaries could not be seen; test over http",
                code="bad_address",
            )
        self._watch = Watch(canaries, keep_bytes)
        self._given = Surroundings(self._target, self._pause, self._watch, seed)
        self._faults = faults
        self._scheduled: list[Faults] = []
        self._changed = asyncio.Event()
        self._links: set[asyncio.Task[None]] = set()
        self._held: socket.socket | None = None
        self._listening: socket.socket | None = None
        self._flap: asyncio.TimerHandle | None = None

    @property
    def address(self) -> str:
        """What to give to the client: the target with the proxy's own host and port."""
        if self._held is None:
            raise RuntimeError("the proxy has not been entered")
        host, port = self._held.getsockname()[:2]
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        return self._url._replace(netloc=place).geturl() if self._url.scheme else place

    @property
    def faults(self) -> Faults:
        """Those that hold now, for all connections that have none of their own."""
        return self._faults

    @property
    def traffic(self) -> Traffic:
        """The counts so far; `traffic.since(earlier)` gives those of a part."""
        return self._watch.traffic

    @property
    def finds(self) -> tuple[Find, ...]:
        """Canaries that left, in order, the first thousand."""
        return tuple(self._watch.finds)

    @property
    def why_unread(self) -> tuple[str, ...]:
        """Why connections could not be read, the first ten."""
        return tuple(self._watch.why_unread)

    @property
    def captured(self) -> bytes:
        """The first `keep_bytes` that left, in the order they came over all connections."""
        return bytes(self._watch.kept)

    def change(self, faults: Faults) -> None:
        """Let other faults hold from now on, for open connections too. Ends what stalls."""
        self._faults = faults
        self._changed.set()
        self._changed = asyncio.Event()
        if self._held is None:
            return
        if self._flap is not None:
            self._flap.cancel()
        self._reach(reachable=not faults.refuse)
        if faults.flap_up_s and not faults.refuse:
            self._later(faults.flap_up_s, reachable=False)

    def schedule(self, faults: Sequence[Faults]) -> None:
        """Give each of the next connections faults of its own, whatever is changed later.

        A connection can not be told to be refused before it is there: `refuse` is a reset at once.
        """
        self._scheduled = list(faults)

    def reset_connections(self) -> None:
        """Reset every open connection; new ones are served as before."""
        self._watch.counts["resets"] += len(self._links)
        for link in self._links:
            link.cancel()

    def check_nothing_found(self) -> None:
        """Raise AssertionError when a canary left, or when not all that left could be read."""
        assert not self.finds, f"{self.traffic.canaries_found} canaries left: {self.finds[:5]}"
        assert not self.traffic.unread, f"not all could be read: {self.why_unread}"

    async def __aenter__(self) -> Self:
        # Bound and not listening, it keeps the port while connections are refused.
        self._held = _bound((self._target[0], 0))
        self.change(self._faults)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """Reset what is open and free the port. Counts and finds stay."""
        if self._flap is not None:
            self._flap.cancel()
        self._stop_listening()
        links = list(self._links)
        for link in links:
            link.cancel()
        await asyncio.gather(*links, return_exceptions=True)
        if self._held is not None:
            self._held.close()
            self._held = None

    def _later(self, wait_s: float, *, reachable: bool) -> None:
        def turn() -> None:
            self._reach(reachable=reachable)
            next_s = self._faults.flap_up_s if reachable else self._faults.flap_down_s
            self._later(next_s, reachable=not reachable)

        self._flap = asyncio.get_running_loop().call_later(wait_s, turn)

    def _reach(self, *, reachable: bool) -> None:
        if not reachable:
            self._stop_listening()
            self.reset_connections()
        elif self._listening is None and self._held is not None:
            self._listening = _bound(self._held.getsockname())
            self._listening.listen(BACKLOG)
            asyncio.get_running_loop().add_reader(self._listening, self._accept, self._listening)

    def _stop_listening(self) -> None:
        if self._listening is not None:
            asyncio.get_running_loop().remove_reader(self._listening)
            self._listening.close()
            self._listening = None

    def _accept(self, listening: socket.socket) -> None:
        try:
            client, _ = listening.accept()
        except (BlockingIOError, ConnectionError):  # it was gone before its turn came
            return
        number = self.traffic.connections
        own = self._scheduled.pop(0) if self._scheduled else None
        link = Link(number, client, (lambda: own or self._faults), self._given)
        task = asyncio.get_running_loop().create_task(link.run())
        self._links.add(task)
        task.add_done_callback(self._links.discard)
        task.add_done_callback(lambda _: client.close())  # if it was cancelled before it began

    async def _pause(self, wait_s: float) -> None:
        changed = self._changed
        try:
            async with asyncio.timeout(None if math.isinf(wait_s) else wait_s):
                await changed.wait()
        except TimeoutError:
            pass


def _loopback(host: str | None, port: int | None, given: str) -> tuple[str, int]:
    """Host as a number, and port. No name is looked up: a name may lead anywhere."""
    number = "127.0.0.1" if host == "localhost" else host or ""
    try:
        near = ipaddress.ip_address(number).is_loopback
    except ValueError:
        near = False
    if not near or not port:
        raise UserError(
            f"{given!r} is not on loopback; the chaos proxy stands only before addresses like"
            " http://127.0.0.1:8475, with a port",
            code="bad_address",
        )
    return number, port


def _bound(place: tuple[str, int]) -> socket.socket:
    """A socket on a port that others of this process may be bound to as well."""
    family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setblocking(False)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "SO_REUSEPORT"):
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind(place[:2])
    return made
