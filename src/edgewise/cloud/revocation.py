"""What runs ends with its key: as soon as the key is revoked, or what it belongs to ends.

The directory says which keys it let go of, in whatever thread found that out. The loop then stops
each of their requests by the way that the flight itself knows (`Flight.end`): waiting for a
backend or in the middle of an answer, in the background or for a client, and looks at the keys of
all agent sessions. A request that was let in with a key which was gone by then is refused where it
would have taken off (`Gateway.admit`), so none is missed between.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping

from edgewise.cloud.ledger import Flight
from edgewise.cloud.refusal import key_revoked

_log = logging.getLogger("edgewise.cloud")


class Revocation:
    """Ends the flights of keys that are gone, and then tells `also`. Made within the event loop
    that the flights run in."""

    def __init__(self, flights: Mapping[str, Flight], also: Callable[[], object]) -> None:
        self._loop = asyncio.get_running_loop()
        self._flights = flights
        self._also = also

    def tell(self, gone: frozenset[str]) -> None:
        """End soon what runs for the keys of these ids; from any thread. Nothing runs any more
        once the loop is closed."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end, gone)

    def _end(self, gone: frozenset[str]) -> None:
        for flight in [one for one in self._flights.values() if one.facts.key in gone]:
            _log.info("%s ends: its key is revoked", flight.facts.id)
            flight.end(key_revoked())
        self._also()
