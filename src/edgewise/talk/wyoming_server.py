"""A Wyoming server over TCP: Home Assistant and others use this device's ears, voice and agent.

The protocol has no authentication: whoever reaches the port may ask. So who made the socket decides
which networks reach it (loopback by default), and `allow` which of their addresses are served. A
peer that sends garbage, half an event, or reads nothing ends its own connection only; each address
has a share of all connections.
"""

import asyncio
import ipaddress
import logging
import socket
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct
from wyoming.error import Error

from edgewise.errors import LinkError
from edgewise.talk.wyoming_peer import House, Peer
from edgewise.talk.wyoming_wire import Bounds, Wire

_log = logging.getLogger("edgewise.talk")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Room(Struct, frozen=True):
    """How many connections there may be, in all and of one address."""

    connections: int = 32
    of_one_address: int = 16


class WyomingServer:
    """Serves what listens at `listening` (a bound socket, which it closes) until it is closed."""

    def __init__(
        self,
        house: House,
        listening: socket.socket,
        *,
        allow: Sequence[Network] = (),
        bounds: Bounds | None = None,
        room: Room | None = None,
    ) -> None:
        """`allow` are the networks that are served beside this machine itself."""
        self._house = house
        self._listening = listening
        self._allow = tuple(allow)
        self._bounds = bounds or Bounds()
        self._room = room or Room()
        self._server: asyncio.Server | None = None
        self._peers: dict[asyncio.Task[None], str] = {}

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listening.getsockname()[1])

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._peers)

    async def start(self) -> None:
        """Begin to serve."""
        self._server = await asyncio.start_server(
            self._accept, sock=self._listening, limit=self._bounds.line_bytes
        )

    async def close(self) -> None:
        """Take no more, and end those there are."""
        if self._server is not None:
            self._server.close()
        peers = list(self._peers)
        for peer in peers:
            peer.cancel()
        await asyncio.gather(*peers, return_exceptions=True)
        self._listening.close()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer, self._bounds)
        task = asyncio.create_task(self._serve(wire, self._refusal(wire.peer)))
        self._peers[task] = wire.peer
        task.add_done_callback(self._peers.pop)

    async def _serve(self, wire: Wire, refusal: LinkError | None) -> None:
        try:
            if refusal is not None:
                _log.warning("wyoming: %s", refusal)
                await wire.write(Error(str(refusal), refusal.code))
            else:
                await Peer(wire, self._house).serve()
            await wire.close()
        except LinkError as error:
            _log.info("wyoming: %s: %s", wire.peer, error)
        except Exception:  # noqa: BLE001 - the outermost loop of a connection: others go on
            _log.exception("wyoming: a connection ended by a fault in Edgewise")
        finally:
            wire.cut()

    def _refusal(self, peer: str) -> LinkError | None:
        if not self._is_allowed(peer):
            told = f"{peer or 'a peer that left'} is not served; allow it in config.toml [wyoming]"
            return LinkError(told, code="not_allowed")
        share = Counter(self._peers.values())[peer]
        if self.connections >= self._room.connections or share >= self._room.of_one_address:
            told = (
                f"{self.connections} connections are open, {share} of {peer}; the limits are"
                f" {self._room.connections} and {self._room.of_one_address}; close some"
            )
            return LinkError(told, code="too_many_connections")
        return None

    def _is_allowed(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        address = mapped or address
        return address.is_loopback or any(address in network for network in self._allow)
