"""Devices that ask and belong to nobody yet: each with a code to type and a challenge, in memory;
`kept_activations.py` carries them over a restart of the platform.

A device keeps its entry, and so its token, while its code is renewed: it asks every half minute as
long as it shows one. A code is one device's alone, now and for the next LAST_CODES; it ends after
`code_s`. Entries are bounded in all and, where addresses tell who asks, by address: a full house
lets go of those whose code is over, and else refuses. What a challenge was good for once is kept
until then, so that a replay is told from a device that is late.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from hmac import compare_digest
from ipaddress import IPv6Address, IPv6Network, ip_address

from edgewise.cloud.refusal import Refused
from edgewise.cloud.xiaozhi.attempts import Attempts
from edgewise.cloud.xiaozhi.bootstrap import Asking
from edgewise.cloud.xiaozhi.tokens import NONCE_BYTES
from edgewise.core.clock import Clock

MOST = 512
MOST_OF_ADDRESS = 32
DIGITS = 6
LAST_CODES = 10_000
FRESH = 1 / 3
"""A code with less than this share of its life left is replaced when the device asks."""


class State(StrEnum):
    """How far an activation is; a claimed one is being bound."""

    PENDING = "pending"
    CLAIMED = "claimed"
    BOUND = "bound"
    TOLD = "told"


@dataclass(slots=True)
class Activation:
    """One device's, with what it said when it asked last; `until` is when its code ends, in
    monotonic seconds."""

    asking: Asking
    network: str
    challenge: str
    nonce: bytes
    code: str
    until: float
    state: State = State.PENDING

    @property
    def mac(self) -> str:
        """Of the device."""
        return self.asking.mac

    @property
    def client(self) -> str:
        """The device's own random name."""
        return self.asking.client


CLAIM_S = 60.0
"""How long it may take to bind one whose code was typed in its last moment."""


class Activations:
    """All of one process; for any thread."""

    def __init__(
        self,
        clock: Clock,
        code_s: float,
        *,
        most: int = MOST,
        most_of_address: int = MOST_OF_ADDRESS,
        held: Iterable[Activation] = (),
    ) -> None:
        """`held` are those of the process before, the one that asked least lately first."""
        self._clock = clock
        self._code_s = code_s
        self.most = most
        self._most_of_address = most_of_address
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[str, str], Activation] = OrderedDict()
        self._by_code: dict[str, Activation] = {}
        self._last_codes: OrderedDict[str, None] = OrderedDict()
        self._attempts = Attempts()
        for one in held:
            self._held[one.mac, one.client] = one
            if one.state is State.PENDING:
                self._by_code[one.code] = one

    def begin(self, asking: Asking, address: str) -> Activation:
        """The activation of a device that asks, with a code that still lives a while.

        Raises Refused (429) when too many wait, in all or from that address.
        """
        with self._lock:
            now = self._clock.monotonic()
            held = self._held.get((asking.mac, asking.client))
            if held is not None and held.state in (State.PENDING, State.CLAIMED):
                held.asking = asking
                self._renew(held, now)
                return held
            if held is not None:  # it was bound once, and is no more
                self._drop(held)
            network = _network(address)
            self._make_room(network, now)
            made = Activation(
                asking,
                network,
                secrets.token_hex(16),
                secrets.token_bytes(NONCE_BYTES),
                self._new_code(),
                now + self._code_s,
            )
            self._held[made.mac, made.client] = made
            self._by_code[made.code] = made
            return made

    def waiting(self, mac: str, client: str) -> Activation | None:
        """The activation of a device that nobody has bound yet, with a code that still lives."""
        with self._lock:
            held = self._held.get((mac, client))
            if held is None or held.state not in (State.PENDING, State.CLAIMED):
                return None
            self._renew(held, self._clock.monotonic())
            return held

    def claim(self, code: str, account: str) -> Activation:
        """The activation that shows a code, for who typed it: `settle` or `release` it.

        Raises Refused: 400 for what is no six digits, 404 for a code that no device shows, which
        counts, 429 after too many.
        """
        with self._lock:
            now = self._clock.monotonic()
            self._attempts.check(account, now)
            typed = "".join(code.split())
            if not (typed.isascii() and typed.isdecimal() and len(typed) == DIGITS):
                said = f"a code has {DIGITS} digits; type those that the device shows now"
                raise Refused(400, "bad_code", said, param="code")
            found = self._by_code.get(typed)
            if found is None or found.state is not State.PENDING or now >= found.until:
                self._attempts.note_wrong(account, now)
                raise Refused(
                    404,
                    "no_such_code",
                    "no device shows this code now; type the one that yours shows (it changes after"
                    f" {self._code_s / 60:g} minutes). If it is this one, wait: another comes"
                    " within two minutes",
                    param="code",
                )
            found.state = State.CLAIMED
            return found

    def release(self, claimed: Activation) -> None:
        """It was not bound after all: its code can be typed again."""
        with self._lock:
            if claimed.state is State.CLAIMED:
                claimed.state = State.PENDING

    def settle(self, claimed: Activation) -> None:
        """It is bound: its device is told so when it asks next, and its code is over."""
        with self._lock:
            claimed.state = State.BOUND
            self._by_code.pop(claimed.code, None)
            claimed.until = self._clock.monotonic() + self._code_s

    def finish(
        self, mac: str, client: str, challenge: str, holds: Callable[[Activation], bool]
    ) -> bool:
        """Whether the device is bound; true once. `challenge` empty: it sends none; `holds` says
        whether what was bound is so still.

        Raises Refused: 404 for a device that was told of no activation, 403 for another's
        challenge, 409 for one that was good already.
        """
        with self._lock:
            held = self._held.get((mac, client))
            if held is None:
                if any(other == mac for other, _ in self._held):
                    raise _foreign()
                raise _unknown()
            if challenge and not compare_digest(challenge.encode(), held.challenge.encode()):
                raise _foreign()
            self._held.move_to_end((mac, client))
            if held.state is State.TOLD:
                said = "this activation is done; ask /xiaozhi/ota/ for what holds now"
                raise Refused(409, "activation_replayed", said)
            if held.state is State.BOUND:
                held.state = State.TOLD
                if not holds(held):  # it was taken away again meanwhile
                    raise _unknown()
                return True
            return False

    def held(self) -> list[Activation]:
        """Copies of all of them as they are now, the one that asked least lately first."""
        with self._lock:
            return [replace(one) for one in self._held.values()]

    def __len__(self) -> int:
        """How many devices show a code that lives."""
        with self._lock:
            return sum(1 for _ in self._living(self._clock.monotonic()))

    def _renew(self, held: Activation, now: float) -> None:
        if held.state is State.PENDING and held.until - now < self._code_s * FRESH:
            del self._by_code[held.code]
            held.code, held.until = self._new_code(), now + self._code_s
            self._by_code[held.code] = held
        self._held.move_to_end((held.mac, held.client))

    def _make_room(self, network: str, now: float) -> None:
        """Raises Refused (429)."""
        living = list(self._living(now))
        of_address = sum(1 for one in living if one.network == network)
        if network and of_address >= self._most_of_address:
            raise _full(f"{of_address} devices at this address")
        if len(self._held) < self.most:
            return
        over = (one for one in self._held.values() if not _lives(one, now))
        silent = (one for one in self._held.values() if one.state is State.PENDING)
        if (found := next(over, None) or next(silent, None)) is None:
            raise _full(f"{len(living)} devices")
        self._drop(found)  # what asked least lately: a device that waits asks again and again

    def _living(self, now: float) -> Iterator[Activation]:
        return (one for one in self._held.values() if _lives(one, now))

    def _drop(self, held: Activation) -> None:
        del self._held[held.mac, held.client]
        self._by_code.pop(held.code, None)

    def _new_code(self) -> str:
        while True:
            code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
            if code not in self._by_code and code not in self._last_codes:
                break
        self._last_codes[code] = None
        while len(self._last_codes) > LAST_CODES:
            self._last_codes.popitem(last=False)
        return code


def _lives(one: Activation, now: float) -> bool:
    """Whether it must be kept: it shows a code, is being bound, or has not been told yet."""
    more_s = CLAIM_S if one.state is State.CLAIMED else 0.0
    return one.state is not State.TOLD and now < one.until + more_s


def _full(what: str) -> Refused:
    return Refused(
        429,
        "too_many_activations",
        f"{what} wait to be added already; add those in the console, or wait until their codes end",
        headers={"Retry-After": "60"},
    )


def _unknown() -> Refused:
    said = "no activation is under way for this device; ask /xiaozhi/ota/ first"
    return Refused(404, "activation_unknown", said)


def _foreign() -> Refused:
    said = "this is another device's activation; ask /xiaozhi/ota/ with the same headers first"
    return Refused(403, "foreign_device", said)


def _network(address: str) -> str:
    """Who asks as far as an address tells: IPv6 by its first 64 bits; empty for loopback, where
    everybody behind a proxy comes from."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if found.is_loopback:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(IPv6Network((found, 64), strict=False))
    return address
