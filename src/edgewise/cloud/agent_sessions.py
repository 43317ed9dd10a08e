"""Who holds which session of the device Agent API: found by its owner alone, bounded in number.

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
        most: int,
    ) -> None:
        self._gateway, self._clock = gateway, clock
        self._bounds, self._model = bounds, model
        self._most_of_owner, self._most = most_of_owner, most
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
        self._check_room(len(own))
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

    def __len__(self) -> int:
        return len(self._held)

    def _check_room(self, own: int) -> None:
        for count, limit, whose in (
            (own, self._most_of_owner, "this device"),
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
            del self._held[name]
            held.host.end()

    async def _sweep(self) -> None:
        now = self._clock.monotonic()
        for held in [h for h in self._held.values() if h.host.session.expired(now)]:
            await self._drop(held)

    async def _drop(self, held: Held) -> None:
        self._held.pop(held.opened.session, None)
        await held.host.close()
