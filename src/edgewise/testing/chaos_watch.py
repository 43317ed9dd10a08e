"""What a chaos proxy saw: bytes, connections and requests, and canaries among what left.

Everything that a client sent counts, also what was swallowed or never passed on: it has left.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

from edgewise.testing.canary import CanarySearch, CanaryStream, Found
from edgewise.testing.request_reader import RequestReader

MOST_FINDS = 1000
"""That are kept; `Traffic.canaries_found` counts them all."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Counts so far. `bytes_up` left the client, `bytes_down` reached it; `resets` were made by
    the proxy, `errors` answered by it. `unread` connections could not be read as plain HTTP/1.1:
    their requests are not counted and only the bare stream was searched. `canary_bytes` are what
    the canaries took in the forms that they had."""

    connections: int = 0
    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    resets: int = 0
    errors: int = 0
    unread: int = 0
    canaries_found: int = 0
    canary_bytes: int = 0

    def since(self, earlier: "Traffic") -> "Traffic":
        """What came after `earlier`."""
        names = [field.name for field in fields(self)]
        return Traffic(**{name: getattr(self, name) - getattr(earlier, name) for name in names})


@dataclass(frozen=True, slots=True)
class Find:
    """A canary that left. Connections are numbered from 0, a connection's requests from 1.

    `request` is the one it was in or, between requests, the last. `unwrapped`: `offset` counts in
    the request's content without chunks, codings and frames; else in all bytes of the connection.
    One that can be read both ways is told twice.
    """

    canary: str
    form: str
    connection: int
    request: int
    offset: int
    unwrapped: bool


class Watch:
    """Counts and searches for all connections of a proxy."""

    def __init__(self, canaries: Sequence[str], keep_bytes: int) -> None:
        self.search = CanarySearch(canaries)
        self.counts: Counter[str] = Counter()
        self.finds: list[Find] = []
        self.why_unread: list[str] = []
        self.kept = bytearray()
        self.keep_bytes = keep_bytes

    @property
    def traffic(self) -> Traffic:
        """The counts as they are now."""
        return Traffic(**self.counts)

    def connection(self, number: int) -> "Leaving":
        """Begins to watch what leaves over a connection."""
        self.counts["connections"] += 1
        return Leaving(self, number)

    def found(self, find: Find, size_bytes: int) -> None:
        """Notes a canary, of that many bytes in the form that it had."""
        self.counts["canaries_found"] += 1
        self.counts["canary_bytes"] += size_bytes
        if len(self.finds) < MOST_FINDS:
            self.finds.append(find)


class Leaving:
    """What leaves over one connection."""

    def __init__(self, watch: Watch, number: int) -> None:
        self._watch = watch
        self._number = number
        self._stream = watch.search.stream()
        self._content: CanaryStream | None = None
        self._content_of = 0
        self._reader = RequestReader(self._unwrapped)
        self._noted = False

    @property
    def between(self) -> bool:
        """Whether no request is under way; never for what can not be read."""
        return self._reader.between

    @property
    def unread(self) -> bool:
        """Whether something came that can not be read as plain HTTP/1.1."""
        return bool(self._reader.unread)

    def feed(self, data: bytes) -> int:
        """Counts and searches; returns how many requests began."""
        watch = self._watch
        watch.counts["bytes_up"] += len(data)
        watch.kept += data[: max(watch.keep_bytes - len(watch.kept), 0)]
        begun = self._reader.feed(data)
        watch.counts["requests"] += begun
        if self.unread and not self._noted:
            self._noted = True
            watch.counts["unread"] += 1
            watch.why_unread = [*watch.why_unread, self._reader.unread][:10]
        for found in self._stream.feed(data):
            self._note(found, unwrapped=False)
        return begun

    def _unwrapped(self, request: int, content: bytes) -> None:
        if self._content is None or self._content_of != request:
            self._content, self._content_of = self._watch.search.stream(), request
        for found in self._content.feed(content):
            self._note(found, unwrapped=True)

    def _note(self, found: Found, *, unwrapped: bool) -> None:
        request = self._content_of if unwrapped else self._reader.requests
        find = Find(found.canary, found.form, self._number, request, found.offset, unwrapped)
        self._watch.found(find, found.size_bytes)
