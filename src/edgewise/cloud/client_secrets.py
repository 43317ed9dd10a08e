"""Keys for a browser or a device that live for minutes and open `/v1/realtime` alone.

Whoever holds a key of the console has one made and hands it on; what is done with it is that key's
own, and ends with it. They live in memory: a restart forgets them. A session that was begun goes on
when its short-lived key has run out. Source: openai-openapi f85dbe2, `RealtimeCreateClientSecret`.
"""

import secrets
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from edgewise.cloud.caller import Caller, Endpoint, digest_of
from edgewise.cloud.identifier import base62
from edgewise.cloud.refusal import Refused
from edgewise.core.clock import Clock

PREFIX = "ek_"
LIVES_S = 600
MOST_OF_A_KEY = 1_000
MOST = 100_000
_SECRET_BYTES = 32


class ExpiresAfter(Struct, frozen=True, forbid_unknown_fields=True):
    """How long it opens, from now on."""

    seconds: Annotated[int, Meta(ge=10, le=7_200)] = LIVES_S
    anchor: Literal["created_at"] = "created_at"


class SecretFields(Struct, frozen=True, forbid_unknown_fields=True):
    """The body that asks for one."""

    expires_after: ExpiresAfter | None = None
    session: dict[str, Any] | None = None


class ClientSecret(Struct, frozen=True):
    """Who it was made for, and the session that it begins."""

    caller: Caller
    model: str
    session: dict[str, Any]
    expires_at: float


class ClientSecrets:
    """All that are in force, by the digest of their secret."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: dict[bytes, ClientSecret] = {}

    def make(
        self, caller: Caller, model: str, session: dict[str, Any], lives_s: int
    ) -> tuple[str, ClientSecret]:
        """A new one, and its secret, which is told once. Raises Refused (429) for too many."""
        now_s = self._clock.now()
        self._held = {d: one for d, one in self._held.items() if one.expires_at > now_s}
        own = sum(one.caller.key == caller.key for one in self._held.values())
        if own >= MOST_OF_A_KEY or len(self._held) >= MOST:
            said = f"{own} client secrets of this key are in force, as many as may; let some expire"
            raise Refused(429, "too_many_client_secrets", said, headers={"Retry-After": "10"})
        secret = PREFIX + base62(secrets.token_bytes(_SECRET_BYTES))
        narrow = replace(caller, endpoints=frozenset({Endpoint.REALTIME}))
        made = ClientSecret(narrow, model, session, now_s + lives_s)
        self._held[digest_of(secret)] = made
        return secret, made

    def find(self, secret: str) -> ClientSecret | None:
        """The one of that secret; None when there is none, or it ran out."""
        found = self._held.get(digest_of(secret))
        return None if found is None or found.expires_at <= self._clock.now() else found


fields_of = msgspec.json.Decoder(SecretFields)
