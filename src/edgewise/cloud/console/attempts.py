"""How often a password may be guessed: buckets of attempts by address, account and both together.

Nobody is locked out for long: a bucket refills all the time, an attempt that has to wait costs
nothing, and who signed in from an address before is not held up by what other addresses try.
Attempts are taken before the password is looked at, so that many at once are counted too. On
loopback there is no bound by address alone: behind a proxy everybody comes from there.
"""

from collections import OrderedDict
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from edgewise.core.clock import Clock

MOST_BUCKETS = 10_000


class _Buckets:
    """One bucket a name: `burst` attempts at once, then one every `every_s`."""

    def __init__(self, clock: Clock, burst: int, every_s: float) -> None:
        self._clock = clock
        self._burst = burst
        self._every_s = every_s
        self._full_at: OrderedDict[str, float] = OrderedDict()  # when it will be full again

    def wait_s(self, name: str) -> float:
        """How long until there is an attempt; 0: now."""
        missing_s = self._full_at.get(name, 0.0) - self._clock.monotonic()
        return max(0.0, missing_s - (self._burst - 1) * self._every_s)

    def take(self, name: str) -> None:
        now = self._clock.monotonic()
        self._full_at[name] = max(now, self._full_at.get(name, now)) + self._every_s
        self._full_at.move_to_end(name)
        while len(self._full_at) > MOST_BUCKETS:
            self._full_at.popitem(last=False)

    def give_back(self, name: str) -> None:
        if name in self._full_at:
            self._full_at[name] -= self._every_s

    def fill(self, name: str) -> None:
        self._full_at.pop(name, None)


class Attempts:
    """All buckets of one process."""

    def __init__(self, clock: Clock) -> None:
        self._pairs = _Buckets(clock, burst=6, every_s=10.0)
        self._accounts = _Buckets(clock, burst=60, every_s=5.0)
        self._addresses = _Buckets(clock, burst=60, every_s=5.0)
        self._known: OrderedDict[str, None] = OrderedDict()

    def take(self, address: str, account: str) -> float:
        """Take an attempt and return 0, or return the seconds to wait and take none."""
        held = self._held(address, account)
        wait_s = max((buckets.wait_s(name) for buckets, name in held), default=0.0)
        if not wait_s:
            for buckets, name in held:
                buckets.take(name)
        return wait_s

    def succeed(self, address: str, account: str) -> None:
        """It was the right password: the attempt counts against nobody."""
        pair = _pair(address, account)
        for buckets, name in self._held(address, account):
            buckets.give_back(name)
        self._pairs.fill(pair)
        self._known[pair] = None
        self._known.move_to_end(pair)
        while len(self._known) > MOST_BUCKETS:
            self._known.popitem(last=False)

    def _held(self, address: str, account: str) -> list[tuple[_Buckets, str]]:
        pair = _pair(address, account)
        held = [(self._pairs, pair)]
        if pair not in self._known:
            held.append((self._accounts, account))
        if not _is_loopback(address):
            held.append((self._addresses, _network(address)))
        return held


def _pair(address: str, account: str) -> str:
    return f"{_network(address)} {account}"


def _network(address: str) -> str:
    """One customer's addresses count as one: an IPv6 address is its first 64 bits."""
    found = _parsed(address)
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(IPv6Network((found, 64), strict=False))
    return address


def _is_loopback(address: str) -> bool:
    found = _parsed(address)
    return found is not None and found.is_loopback


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None
