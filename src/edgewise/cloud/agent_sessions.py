"""Who holds which session of the device Agent API: found by its owner alone, bounded in number and
in bytes, of an owner, a project and all together.

An owner is a device of a project (whichever of its keys it uses), or one developer's key. Nobody
else can see, join or end the session, and is told the same as for one that does not exist.
"""

import asyncio
import secrets
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from msgspec import Struct

from edgewise.cloud.agent_host import Host
from edgewise.cloud.agent_session import AgentSession
from edgewise.cloud.caller import Caller, KeyKind
from edgewise.cloud.ports import Completer
from edgewise.cloud.refusal import Refused
from edgewise.core.call import Status
from edgewise.core.clock import Clock
from edgewise.core.exchange import Bounds, How, Opened, Opening
from edgewise.core.words import Language

PATH = "/v1/agent/sessions"
MOST_BYTES = 1_073_741_824
"""What all sessions may take together; one project half of it."""


@dataclass(frozen=True, slots=True)
class Owner:
    """To whom a session belongs."""

    organisation: str
    project: str
    kind: KeyKind
    device: str
    key: str


def owner_of(caller: Caller) -> Owner:
    """The device, or for a developer's key that key."""
    is_device = caller.kind is KeyKind.DEVICE and bool(caller.device)
    device, key = (caller.device, "") if is_device else ("", caller.key)
    return Owner(caller.organisation, caller.project, caller.kind, device, key)


@dataclass(slots=True)
class Held:
    """A session with its owner, and the key and digest of what opened it."""

    host: Host
    owner: Owner
    opened: Opened
    idempotency_key: str
    digest: bytes


class ShownCall(Struct, frozen=True):
    """A proposed call; without a status the device has not told anything of it."""

    call: str
    capability: str
    status: Status | None


class ShownTurn(Struct, frozen=True):
    """A turn; without `how` it runs."""

    turn: str
    how: How | None
    calls: tuple[ShownCall, ...]


class Shown(Struct, frozen=True):
    """A session as its owner sees it; what was said and read is not in it."""

    session: str
    model: str
    locale: Language
    policy_hash: str
    catalogue_hash: str
    connected: bool
    turns: tuple[ShownTurn, ...]


def shown(held: Held) -> Shown:
    """The session as its owner sees it."""
    session = held.host.session
    turns = tuple(
        ShownTurn(
            key,
            turn.end.how if turn.end is not None else None,
            tuple(
                ShownCall(name, call.capability, call.outcome.status if call.outcome else None)
                for name, call in turn.calls.items()
            ),
        )
        for key, turn in session.turns.items()
    )
    opening = session.opening
    return Shown(
        session.name, session.model, opening.locale, opening.policy_hash, opening.catalogue_hash,
        session.connected, turns,
    )  # fmt: skip


class AgentSessions:
    """All sessions of this process. One that was left is ended when its window is over."""

    def __init__(
        self,
        gateway: Completer,
        clock: Clock,
        *,
        bounds: Bounds,
        model: str,
        most_of_owner: int,
        most_of_project: int,
        most: int,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._gateway, self._clock = gateway, clock
        self._bounds, self._model = bounds, model
        self._most_of_owner, self._most = most_of_owner, most
        self._most_of_project, self._most_bytes = most_of_project, most_bytes
        self._bytes: dict[str, int] = {}  # by project, as last measured and opened since
        self._held: dict[str, Held] = {}

    async def open(self, caller: Caller, opening: Opening, idempotency_key: str) -> Opened:
        """Open a session; with a key that was used, the one it opened. Raises Refused."""
        await self._sweep()
        owner = owner_of(caller)
        digest = sha256(msgspec.json.encode(opening, order="deterministic")).digest()
        own = [held for held in self._held.values() if held.owner == owner]
        for held in own:
            if idempotency_key and held.idempotency_key == idempotency_key:
                if held.digest != digest:
                    raise Refused(409, "key_reused", "this Idempotency-Key opened another session")
                return held.opened
        self._check_room(len(own), caller.project)
        model = opening.model or self._model
        caller.check_model(model)
        name = f"as_{secrets.token_urlsafe(18)}"
        # Examples are for understanding on the device; here they would only take room.
        offered = tuple(
            msgspec.structs.replace(capability, en=(), zh=()) for capability in opening.capabilities
        )
        opening = msgspec.structs.replace(opening, capabilities=offered)
        session = AgentSession(name, opening, model, self._bounds, self._clock.monotonic())
        opened = Opened(
            name, f"{PATH}/{name}/channel", model, opening.resume_window_s, self._bounds
        )
        host = Host(session, self._gateway, self._clock)
        held = self._held[name] = Held(host, owner, opened, idempotency_key, digest)
        self._bytes[owner.project] = self._bytes.get(owner.project, 0) + host.size_bytes
        self.left(held)
        return opened

    def left(self, held: Held) -> None:
        """Nobody is connected: end the session when its window is over and nobody came back."""
        window_s = held.opened.resume_window_s
        asyncio.get_running_loop().call_later(window_s + 1, self._end_if_left, held.opened.session)

    async def find(self, caller: Caller, name: str) -> Held:
        """The caller's session of that name. Raises Refused (404) for all others."""
        await self._sweep()
        held = self._held.get(name)
        if held is None or held.owner != owner_of(caller):
            raise Refused(
                404,
                "no_such_session",
                f"there is no session {name[:64]!r}, or it has ended; open a new one",
            )
        return held

    async def end(self, caller: Caller, name: str) -> None:
        """End the caller's session. Raises Refused (404)."""
        await self._drop(await self.find(caller, name))

    async def close(self) -> None:
        """End all sessions."""
        for held in list(self._held.values()):
            await self._drop(held)

    async def check(self) -> None:
        """End what was begun by keys that are in force no more, and the largest sessions when all
        take more than they may; others run in between."""
        measured: dict[str, int] = {}
        largest: list[tuple[int, str]] = []
        for number, held in enumerate(list(self._held.values())):
            held.host.check()
            size_bytes = held.host.size_bytes
            project = held.owner.project
            measured[project] = measured.get(project, 0) + size_bytes
            largest.append((size_bytes, held.opened.session))
            if number % 64 == 63:
                await asyncio.sleep(0)
        largest.sort()
        while largest and sum(measured.values()) > self._most_bytes:
            size_bytes, name = largest.pop()
            held = self._held.pop(name, None)
            if held is not None:
                measured[held.owner.project] -= size_bytes
                held.host.end()
        self._bytes = measured

    def hosts(self) -> list[Host]:
        """Those of all sessions, as they are now."""
        return [held.host for held in self._held.values()]

    def __len__(self) -> int:
        return len(self._held)

    def _check_room(self, own: int, project: str) -> None:
        all_bytes, own_bytes = sum(self._bytes.values()), self._bytes.get(project, 0)
        if all_bytes >= self._most_bytes or own_bytes >= self._most_bytes // 2:
            raise Refused(
                429,
                "too_many_sessions",
                f"the open sessions take too much memory, {own_bytes} bytes of it this project's;"
                f" end one with DELETE {PATH}/SESSION",
                headers={"Retry-After": "30"},
            )
        of_project = sum(held.owner.project == project for held in self._held.values())
        for count, limit, whose in (
            (own, self._most_of_owner, "this device"),
            (of_project, self._most_of_project, "this project"),
            (len(self._held), self._most, "this server"),
        ):
            if count >= limit:
                raise Refused(
                    429,
                    "too_many_sessions",
                    f"{whose} has {count} sessions open, the limit is {limit}; end one with"
                    f" DELETE {PATH}/SESSION",
                    headers={"Retry-After": "30"},
                )

    def _end_if_left(self, name: str) -> None:
        held = self._held.get(name)
        if held is not None and held.host.session.expired(self._clock.monotonic()):
            self._forget(held)
            held.host.end()

    async def _sweep(self) -> None:
        now = self._clock.monotonic()
        for held in [h for h in self._held.values() if h.host.session.expired(now)]:
            await self._drop(held)

    def _forget(self, held: Held) -> None:
        if self._held.pop(held.opened.session, None) is not None:
            left_bytes = self._bytes.get(held.owner.project, 0) - held.host.size_bytes
            self._bytes[held.owner.project] = max(0, left_bytes)

    async def _drop(self, held: Held) -> None:
        self._forget(held)
        await held.host.close()
